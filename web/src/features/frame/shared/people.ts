import type { Amount, Me } from '../../api/shared/wire'
import { plain, sum } from '../../money/shared/amount'
import { identity, asRespondent } from '../../identity/shared/session'
import { keep, kept } from '../../../outbox/database'
import { Cell } from './cell'
import { settings } from './settings'
import { meOf, taste } from './taste'

/** The numbers of the bottom bar, as last heard from the server. */
export const me = new Cell<Me | undefined>(undefined)

/** How many questions this device holds. */
export const onHand = new Cell(0)

let reading: Promise<void> | undefined
let again = false
let sending: Promise<unknown> = Promise.resolve()

/** Puts off the reading of the numbers while answers are sent: the server may count one that is still held here. */
export function readAfter(sent: Promise<void>): void {
  sending = sent.catch(() => undefined)
}

/** Reads the numbers again; keeps the last known when the server does not answer. Who calls during a reading gets a later one. */
export function refreshMe(): Promise<void> {
  again = true
  reading ??= readWhileWanted()
  return reading
}

/** Counts an answer that the server has just taken, until the numbers are read again. */
export function countAccepted(pays: Amount): void {
  const before = me.value
  if (before) me.set({ ...before, answered: before.answered + 1, held: plain(sum(before.held, pays)) })
}

// One after the other: replies that overtake each other would leave an old number.
async function readWhileWanted(): Promise<void> {
  while (again) {
    again = false
    await read()
  }
  reading = undefined
}

/** Shows the numbers as they were last heard. */
export async function recallMe(): Promise<void> {
  if (!me.value) me.set(await kept<Me>('me'))
}

async function read(): Promise<void> {
  await recallMe()
  if (!(await identity())) return
  let before
  do {
    before = sending
    await before
  } while (before !== sending)
  try {
    const now = await asRespondent<Me>(meOf(taste(settings.value, navigator.languages)))
    if (before !== sending) {
      again = true // more was sent meanwhile
      return
    }
    me.set(now)
    await keep('me', now)
  } catch {
    // The bar goes on showing the last numbers; the page itself says when something is wrong.
  }
}

