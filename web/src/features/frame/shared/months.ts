import { date } from '../../../language/format'

/** A month as the API writes it: 2026-11, of UTC. */
export type Month = string

/** The month of a moment. */
export function monthOf(ms: number): Month {
  return new Date(ms).toISOString().slice(0, 7)
}

/** The months from one to another, newest first. */
export function months(since: Month, until: Month): Month[] {
  const all: Month[] = []
  const [year, month] = until.split('-').map(Number) as [number, number]
  for (let n = year * 12 + month - 1; ; n--) {
    const text = `${String(Math.floor(n / 12)).padStart(4, '0')}-${String((n % 12) + 1).padStart(2, '0')}`
    if (text < since && all.length > 0) return all
    all.push(text)
  }
}

/** The last n months, the newest first. */
export function lastMonths(n: number, now: Date): Month[] {
  return months(monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - n + 1, 1)), monthOf(now.getTime()))
}

/** November 2026. */
export function monthName(month: Month): string {
  return date(new Date(`${month}-01T00:00:00Z`), { month: 'long', year: 'numeric', timeZone: 'UTC' })
}
