import { Cell } from './cell'

const place = 'clock'

/** What is less is the network's doing, or does no harm; and how much two readings of one clock may differ. */
const leastMs = 30_000
const noiseMs = 3000

/** Milliseconds that the server's clock is ahead of this device's, negative when it is behind; 0 while they agree or nothing is known. */
export const skew = new Cell(read())

// Kept, because a phone that starts without a network has the clock that it had before.
function read(): number {
  try {
    return Number(localStorage.getItem(place) ?? 0) || 0
  } catch {
    return 0 // no storage here
  }
}

/** Takes the time from the Date of a response, between whose request and arrival the server wrote it. */
export function noteServerTime(date: string | null, askedMs: number, heardMs: number): void {
  const said = Date.parse(date ?? '')
  if (Number.isNaN(said)) return
  const by = Math.round(said + 500 - (askedMs + heardMs) / 2) // its seconds are cut, not rounded
  const now = Math.abs(by) < leastMs + (heardMs - askedMs) ? 0 : by
  if (now === skew.value || (now !== 0 && Math.abs(now - skew.value) < noiseMs)) return
  skew.set(now)
  try {
    localStorage.setItem(place, String(now))
  } catch {
    // It lasts as long as the page.
  }
}

/** The time by the server's clock, in Unix milliseconds. */
export function serverNow(): number {
  return Date.now() + skew.value
}
