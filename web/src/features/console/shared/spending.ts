import type { SpendingPart } from '../../api/shared/money'
import { micro } from '../../money/shared/amount'

const dayMs = 86_400_000

/** What was spent on each day from one to another, with those on which nothing was. */
export function perDay(from: string, to: string, parts: SpendingPart[]): { day: string; sum: bigint }[] {
  const costs = new Map(parts.map((p) => [p.day, micro(p.cost)]))
  const days = []
  for (let at = Date.parse(from); at <= Date.parse(to); at += dayMs) {
    const day = new Date(at).toISOString().slice(0, 10)
    days.push({ day, sum: costs.get(day) ?? 0n })
  }
  return days
}
