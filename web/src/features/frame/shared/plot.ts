/** One stroke of the plot of days. */
export interface Stroke {
  x: number
  y: number
  height: number
}

/** The y of the axis. */
export const height = 123

const width = 350
const tallest = 98

/** Strokes for values, the last at the end of the axis. A day without anything is a dash on the axis. */
export function plotBars(values: bigint[]): Stroke[] {
  const top = values.reduce((a, b) => (b > a ? b : a), 0n)
  const step = values.length > 1 ? (width - 7) / (values.length - 1) : 0
  return values.map((value, i) => {
    const h = top === 0n ? 2 : Math.max(2, Number((value * BigInt(tallest) * 10n) / top) / 10)
    return { x: Math.round(i * step * 10) / 10, y: height - 1 - h, height: h }
  })
}
