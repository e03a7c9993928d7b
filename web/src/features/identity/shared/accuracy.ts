import { number } from '../../../language/format'
import type { Accuracy } from '../../api/shared/wire'

/** A week in the plot: where its share is, and from where to where it may really be. */
export interface Mark {
  x: number
  y: number
  top: number
  bottom: number
}

/** The box of the plot, and the y of all and of none. */
export const box = { width: 350, all: 14, none: 134 }

const dayMs = 24 * 3600_000

/** The marks of weeks: time goes to the right, and weeks without any leave a gap. */
export function marks(weeks: Accuracy['weeks']): Mark[] {
  if (weeks.length === 0) return []
  const at = (week: string) => Date.parse(`${week}T00:00:00Z`) / (7 * dayMs)
  const first = at(weeks[0]!.week)
  const span = at(weeks.at(-1)!.week) - first
  const y = (share: number) => round(box.none - share * (box.none - box.all))
  return weeks.map((w) => ({
    x: round(span === 0 ? box.width / 2 : 8 + ((at(w.week) - first) / span) * (box.width - 16)),
    y: y(w.right / w.known),
    top: y(Number(w.high)),
    bottom: y(Number(w.low)),
  }))
}

function round(n: number): number {
  return Math.round(n * 10) / 10
}

/** A share in percent, whole. */
export function percent(share: number | string): string {
  return number(Number(share), { style: 'percent', maximumFractionDigits: 0 })
}
