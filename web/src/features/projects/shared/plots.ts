// Where the marks of plots lie. Nothing here draws.

import type { Counted } from '../../api/shared/projects'

/** Round counts from 0 up to or past the largest, at most `most` of them above 0. */
export function ticks(largest: number, most = 3): number[] {
  const rough = Math.max(1, largest / most)
  const scale = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((n) => n * scale).find((n) => n >= rough)!
  return Array.from({ length: Math.max(1, Math.ceil(largest / step)) + 1 }, (_, i) => i * step)
}

/** The 95 % interval of a share of which k of n were seen, by Wilson's score: it stays within 0 and 1 and is wide for few. */
export function interval(k: number, n: number): { low: number; high: number } {
  if (n === 0) return { low: 0, high: 1 }
  const z = 1.959964
  const p = k / n
  const middle = p + (z * z) / (2 * n)
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  const whole = 1 + (z * z) / n
  return { low: Math.max(0, (middle - spread) / whole), high: Math.min(1, (middle + spread) / whole) }
}

/** A value between two as a place between two. */
export function scale(from: [number, number], to: [number, number]): (value: number) => number {
  const [a, b] = from
  const [c, d] = to
  return (value) => Math.round((c + ((value - a) / (b - a)) * (d - c)) * 10) / 10
}

/** Where a value lies among bars that are drawn alike however much each holds: 1.5 is the middle of the second. */
export function placeOf(bars: Counted[], value: number): number {
  const at = bars.findIndex((b) => value < b.to)
  return at < 0 ? bars.length : at + Math.max(0, value - bars[at]!.from) / (bars[at]!.to - bars[at]!.from)
}

/** The whole numbers of a bar. */
export function span({ from, to }: Counted): string {
  return to - from === 1 ? String(from) : `${from}–${to - 1}`
}

/** The shares of a row of counts; all 0 where there are none. */
export function shares(row: number[]): number[] {
  const total = row.reduce((a, b) => a + b, 0)
  return row.map((n) => (total === 0 ? 0 : n / total))
}
