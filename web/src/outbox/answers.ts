import { keep, kept, readTogether, settle, transact } from './database'
import { shell } from '../shell/seam'
import type { Accepted, Amount, Answer, Assignment, Content, Problem } from '../features/api/shared/wire'

/** An answer on its way: signed and durable on this device, not yet acknowledged. */
export type Waiting = Answer & {
  /** The instance that the signature names. */
  instance: string
  /** The question's hash, which was signed. */
  hash: string
  respondent: string
  text: string
  label: string
  /** What was asked, to show the answer with. */
  asked?: Content
  pays: Amount
  /** Until then the person may undo. */
  release_ms: number
  /** Set when the sender has taken it: from then on it cannot be undone. */
  sending: boolean
  tries: number
  /** Not sent again before then. */
  next_ms: number
}

/** An acknowledged answer, kept with what proves it. */
export type Receipted = Waiting & {
  accepted: Accepted
  /** Whether the receipt was right when it came. */
  proven: boolean
  /** What the public log was found to have of it, once that was found. */
  logged?: Logged
}

/** That the public log has an answer; or that it has none, though it was promised by then, or another in its place, with the checkpoint that shows it. */
export type Logged = 'yes' | { problem: 'missing' | 'other'; checkpoint: string }

/** An answer that the server did not accept, kept with what shows that. */
export type RefusedAnswer = Waiting & {
  refused: {
    code: string
    /** The reason, in the server's words. */
    detail: string
    at_ms: number
    /** The server's statement, where it made one. */
    statement?: Problem['refusal']
    /** Whether the server's key signed the statement, of this answer and for this reason; undefined where there is none. */
    proven?: boolean
    /** Set when the person has been told. */
    told?: boolean
  }
}

/** How many refused answers are kept: the newest. */
const mostRefused = 200

/** The answers waiting, oldest first. */
export async function waiting(): Promise<Waiting[]> {
  if (shell) return shell.unsent()
  const all = await transact('answers', 'readonly', (store) => store.getAll() as IDBRequest<Waiting[]>)
  return all.sort((a, b) => a.time_ms - b.time_ms)
}

/** Puts a signed answer into the outbox. It is durable when this returns; false when there is one for the assignment. */
export function put(answer: Waiting): Promise<boolean> {
  return transact('answers', 'readwrite', (store) => putInto(store, answer))
}

/** The same, and the time to undo of those before it ends, in one step: both wait for the disk once. */
export function putLast(answer: Waiting, now: number): Promise<boolean> {
  return transact('answers', 'readwrite', async (store) => {
    await releaseIn(store, now)
    return putInto(store, answer)
  })
}

async function putInto(store: IDBObjectStore, answer: Waiting): Promise<boolean> {
  if (await settle(store.getKey(answer.assignment))) return false
  store.put(answer)
  return true
}

/** Takes an answer back, unless the sender has it already. */
export function undo(assignment: string): Promise<boolean> {
  return transact('answers', 'readwrite', async (store) => {
    const held = (await settle(store.get(assignment))) as Waiting | undefined
    if (!held || held.sending) return false
    store.delete(assignment)
    return true
  })
}

/** Ends the time to undo of all answers. */
export function releaseAll(now: number): Promise<void> {
  return transact('answers', 'readwrite', (store) => releaseIn(store, now))
}

async function releaseIn(store: IDBObjectStore, now: number): Promise<void> {
  for (const answer of (await settle(store.getAll())) as Waiting[]) {
    if (answer.release_ms > now) store.put({ ...answer, release_ms: now, next_ms: now })
  }
}

/** Marks an answer as being sent. False when it was undone or sent meanwhile. */
export function take(assignment: string): Promise<boolean> {
  return transact('answers', 'readwrite', async (store) => {
    const held = (await settle(store.get(assignment))) as Waiting | undefined
    if (!held) return false
    store.put({ ...held, sending: true })
    return true
  })
}

/** Notes a try that did not come through. */
export function postpone(assignment: string, next_ms: number): Promise<void> {
  return transact('answers', 'readwrite', async (store) => {
    const held = (await settle(store.get(assignment))) as Waiting | undefined
    if (held) store.put({ ...held, tries: held.tries + 1, next_ms })
  })
}

/** Makes an answer due, keeping the count of its tries. */
export function retryNow(assignment: string, now: number): Promise<void> {
  return transact('answers', 'readwrite', async (store) => {
    const held = (await settle(store.get(assignment))) as Waiting | undefined
    if (held) store.put({ ...held, next_ms: now })
  })
}

/** Removes an answer that was acknowledged or refused for good. */
export async function remove(assignment: string): Promise<void> {
  await transact('answers', 'readwrite', (store) => store.delete(assignment))
}

/** Keeps the receipt of an acknowledged answer. */
export async function keepReceipt(receipted: Receipted): Promise<void> {
  await transact('receipts', 'readwrite', (store) => store.put(receipted))
}

/** The receipts on this device, by the answer's id. */
export async function receipts(): Promise<Map<string, Receipted>> {
  const all = shell ? (await shell.settled()).accepted : await transact('receipts', 'readonly', (store) => store.getAll() as IDBRequest<Receipted[]>)
  return new Map(all.map((r) => [r.accepted.answer, r]))
}

/** The questions that a visit held, and the instance that asked them. */
export interface Held {
  cards: Assignment[]
  instance: string
}

/** Keeps the questions that this visit holds, for the next one. */
export const keepHeld = (held: Held) => keep('deck', held)

/**
 * The questions that the last visit held, less those that were answered on this device: a page that was closed right after an answer
 * could not take its question off, and the service worker may have sent it since. A start waits for this, so it is read in one go.
 */
export async function held(): Promise<Held | undefined> {
  if (shell) {
    const [last, unsent, past] = await Promise.all([kept<Held>('deck'), shell.unsent(), shell.settled()])
    return last && without(last, [...unsent, ...past.accepted, ...past.refused].map((a) => a.assignment))
  }
  return readTogether(['kept', 'answers', 'receipts'], async (storeOf) => {
    const [last, refused = []] = (await Promise.all(['deck', 'refused'].map((name) => settle(storeOf('kept').get(name))))) as [Held?, RefusedAnswer[]?]
    if (!last) return undefined
    const keys = await Promise.all((['answers', 'receipts'] as const).flatMap((name) => last.cards.map(({ id }) => settle(storeOf(name).getKey(id)))))
    return without(last, [...refused.map((r) => r.assignment), ...keys])
  })
}

function without(last: Held, answered: unknown[]): Held {
  return { ...last, cards: last.cards.filter((a) => !answered.includes(a.id)) }
}

/** Keeps an answer that was refused, with what shows that. */
export async function keepRefused(answer: RefusedAnswer): Promise<void> {
  await transact('kept', 'readwrite', async (store) => {
    const before = ((await settle(store.get('refused'))) ?? []) as RefusedAnswer[]
    store.put([answer, ...before.filter((r) => r.assignment !== answer.assignment)].slice(0, mostRefused), 'refused')
  })
}

/** The refused answers that nobody was told of yet, oldest first. They count as told from now on: of several tabs, one tells. */
export async function takeUntold(): Promise<RefusedAnswer[]> {
  const all = shell ? (await shell.settled()).refused : undefined
  if (all) return untoldOf(all)
  return transact('kept', 'readwrite', async (store) => {
    const all = ((await settle(store.get('refused'))) ?? []) as RefusedAnswer[]
    const untold = all.filter((r) => r.refused.told === false)
    if (untold.length > 0) store.put(all.map((r) => ({ ...r, refused: { ...r.refused, told: true } })), 'refused')
    return untold.reverse()
  })
}

/** Those of the refused answers that the app keeps that nobody was told of yet, oldest first. */
function untoldOf(all: RefusedAnswer[]): Promise<RefusedAnswer[]> {
  return transact('kept', 'readwrite', async (store) => {
    const told = new Set(((await settle(store.get('told'))) ?? []) as string[])
    store.put(all.map((r) => r.assignment), 'told')
    return all.filter((r) => !told.has(r.assignment)).reverse()
  })
}

/** The answers that were refused, newest first. */
export async function refused(): Promise<RefusedAnswer[]> {
  if (shell) return (await shell.settled()).refused
  return (await kept<RefusedAnswer[]>('refused')) ?? []
}
