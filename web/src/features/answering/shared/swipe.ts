/** Where a finger was, and when, in pixels and milliseconds. */
export interface Touched {
  x: number
  y: number
  ms: number
}

const leastPx = 72
const mostMs = 700
/** How near to an edge a swipe is the system's: there it goes back. */
const edgePx = 24

/** Which way a finger swept, undefined when it did something else: forward is towards the start of a line, as one pushes a page away. */
export function swept(from: Touched, to: Touched, width: number, rtl = false): 'forward' | 'back' | undefined {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  if (from.x < edgePx || from.x > width - edgePx) return undefined
  if (to.ms - from.ms > mostMs || Math.abs(dx) < leastPx || Math.abs(dy) > Math.abs(dx) / 2) return undefined
  return dx < 0 !== rtl ? 'forward' : 'back'
}
