import type { Amount } from '../../api/shared/wire'
import { micro } from '../../money/shared/amount'
import { Cell } from '../../frame/shared/cell'

/** After how long without an answer another sitting begins, in milliseconds. */
const pauseMs = 30 * 60_000

/** The answers given one after the other: how many, and what they pay together in micro-units. */
export interface Sitting {
  answers: number
  pays: bigint
  last: number
}

const none: Sitting = { answers: 0, pays: 0n, last: 0 }

export const sitting = new Cell<Sitting>(none)

/** Counts an answer that was given. */
export function given(pays: Amount, now: number): void {
  const before = now - sitting.value.last > pauseMs ? none : sitting.value
  sitting.set({ answers: before.answers + 1, pays: before.pays + micro(pays), last: now })
}

/** Takes back an answer that was undone. */
export function undone(pays: Amount): void {
  const { answers, pays: sum, last } = sitting.value
  if (answers > 0) sitting.set({ answers: answers - 1, pays: sum - micro(pays), last })
}
