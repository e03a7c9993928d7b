import { call, reachable } from '../features/api/shared/http'
import { instance, signer } from '../features/identity/shared/session'
import type { Accepted, Answer } from '../features/api/shared/wire'
import { Cell } from '../features/frame/shared/cell'
import { countAccepted, refreshMe } from '../features/frame/shared/people'
import * as answers from './answers'
import { Sender, type Outcome } from './sender'

// Runs the outbox in a page: decides when to send, and tells the views what happened.

/** Answers on this device that the server has not acknowledged. */
export const unsent = new Cell<answers.Waiting[]>([])

/** The last thing that happened to an answer. */
export const lastOutcome = new Cell<Outcome | undefined>(undefined)

const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('tasknet-outbox')

const sender = new Sender({
  post: async (answer: Answer) => (await call<Accepted>('/v1/answers', { json: answer })).value,
  verify: async (answer, accepted) => (await signer()).isReceiptFor(answer, accepted, (await instance()).receipt_key),
  instance: async () => (await instance()).instance,
  onOutcome: (outcome) => {
    lastOutcome.set(outcome)
    const shown = settled(outcome)
    if (outcome.kind === 'accepted') counted = shown
  },
  now: Date.now,
})

/** Set when an answer was counted that the numbers as read do not have. */
let counted: Promise<void> | undefined

let timer: ReturnType<typeof setTimeout> | undefined

async function look(): Promise<void> {
  unsent.set(await answers.waiting())
  channel?.postMessage('changed')
}

/** Shows what became of an answer: it leaves the outbox and enters the numbers in one step, so that no sum dips between. */
async function settled(outcome: Outcome): Promise<void> {
  const rest = await answers.waiting()
  if (outcome.kind === 'accepted') countAccepted(outcome.answer.pays)
  unsent.set(rest)
  channel?.postMessage('changed')
}

/** Another window has changed the outbox. */
async function changedElsewhere(): Promise<void> {
  const rest = await answers.waiting()
  const gone = unsent.value.some((a) => !rest.some((b) => b.assignment === a.assignment))
  unsent.set(rest)
  if (gone) void refreshMe()
}

/** Sends what is due now, and sets the clock for the rest. */
export async function run(): Promise<void> {
  clearTimeout(timer)
  await sender.drain()
  if (counted) {
    await counted
    counted = undefined
    void refreshMe() // not between two answers: the server may count one that is still held here
  }
  const next = await sender.nextDue()
  clearTimeout(timer)
  if (next !== undefined) timer = setTimeout(() => void run(), Math.max(next, 20))
}

/** Keeps a signed answer; it goes out when its time to undo is over. The answers before it go now. */
export async function post(answer: answers.Waiting): Promise<boolean> {
  await answers.releaseAll(answer.time_ms)
  const added = await answers.put(answer)
  await look()
  void run()
  return added
}

/** Takes an answer back, if it has not gone out. */
export async function undo(assignment: string): Promise<boolean> {
  const undone = await answers.undo(assignment)
  await look()
  return undone
}

/** Sends everything without waiting longer for an undo. */
export async function release(): Promise<void> {
  await answers.releaseAll(Date.now())
  await run()
}

/** Sends at the start, on focus, when the network comes back, and, what is held, when the page is hidden. */
export function start(): void {
  void look().then(run)
  addEventListener('online', () => void hurry())
  addEventListener('focus', () => void run())
  addEventListener('pagehide', () => void release())
  document.addEventListener('visibilitychange', () => void (document.hidden ? release() : run()))
  channel?.addEventListener('message', () => void changedElsewhere())
  reachable.subscribe(() => void (reachable.value ? hurry() : probe()))
}

/** The network is back: what waited for a later try goes now. */
async function hurry(): Promise<void> {
  const now = Date.now()
  for (const answer of await answers.waiting()) if (answer.tries > 0 && answer.next_ms > now) await answers.retryNow(answer.assignment, now)
  await run()
}

/** While the server does not answer, asks now and then whether it is back. */
function probe(wait = 2000): void {
  setTimeout(() => {
    if (reachable.value) return
    void instance(true)
      .catch(() => undefined)
      .then(() => {
        if (!reachable.value) probe(Math.min(15_000, wait * 1.5))
      })
  }, wait)
}
