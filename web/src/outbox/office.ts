import { reachable } from '../features/api/shared/http'
import { drawn } from '../features/frame/shared/drawn'
import { answerer, instance, noteEnded, signer } from '../features/identity/shared/session'
import { serverNow } from '../features/frame/shared/clock'
import type { Assignment, Said } from '../features/api/shared/wire'
import { shell } from '../shell/seam'
import { Cell } from '../features/frame/shared/cell'
import { countAccepted, readAfter, refreshMe } from '../features/frame/shared/people'
import * as answers from './answers'
import { exchange } from './exchange'
import { dropMedia } from './media'
import { Sender, type Outcome } from './sender'
import { stayOnce } from './stay'
import { askForSync } from './sync'

// Runs the outbox in a page: decides when to send, and tells the views what happened.

/** Answers on this device that the server has not acknowledged. */
export const unsent = new Cell<answers.Waiting[]>([])

/** The last thing that happened to an answer. */
export const lastOutcome = new Cell<Outcome | undefined>(undefined)

const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('tasknet-outbox')

// What does not fit the server's keys as they were known is looked at again with those of now: there may be others since.
const known = exchange(signer, instance)
const fresh = exchange(signer, () => instance(true))

const sender = new Sender({
  ...known,
  verify: async (answer, accepted) => (await known.verify(answer, accepted)) || fresh.verify(answer, accepted),
  verifyRefusal: async (answer, refused) => (await known.verifyRefusal(answer, refused)) || fresh.verifyRefusal(answer, refused),
  onOutcome: (outcome) => {
    lastOutcome.set(outcome)
    if (outcome.kind === 'delayed') noteEnded(outcome.error)
    const shown = settled(outcome)
    if (outcome.kind === 'accepted') counted = shown
  },
  now: Date.now,
})

/** Set when an answer was counted that the numbers as read do not have. */
let counted: Promise<void> | undefined

/** After how long it tries again when even the outbox cannot be written. */
const troubleMs = 30_000

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

/** The app has told what became of an answer. */
async function told(outcome: Outcome): Promise<void> {
  lastOutcome.set(outcome)
  if (outcome.kind === 'delayed') noteEnded(outcome.error)
  await settled(outcome)
  if (outcome.kind === 'accepted') void refreshMe()
}

/** Another window, or the service worker, has changed the outbox. */
async function changedElsewhere(): Promise<void> {
  const rest = await answers.waiting()
  const gone = unsent.value.some((a) => !rest.some((b) => b.assignment === a.assignment))
  unsent.set(rest)
  if (gone) void refreshMe()
}

/** Sends what is due now, and sets the clock for the rest. */
export async function run(): Promise<void> {
  clearTimeout(timer)
  const sent = sender.drain()
  readAfter(sent)
  try {
    await sent
  } catch {
    timer = setTimeout(() => void run(), troubleMs) // the database fails, such as on a full disk: nothing is lost, and nothing can be noted
    return
  }
  if (counted) {
    await counted
    counted = undefined
    void refreshMe()
    void stayOnce(Date.now()).catch(() => undefined)
  }
  const next = await sender.nextDue()
  clearTimeout(timer)
  if (next !== undefined) timer = setTimeout(() => void run(), Math.max(next, 20))
}

/** Signs an answer and keeps it for `seconds`, in which it can be taken back, before it goes out. */
export async function give(assignment: Assignment, said: Said, seconds: number): Promise<void> {
  if (shell) {
    await shell.give(assignment.id, said, seconds * 1000)
    return look()
  }
  const [me, { answer }] = await Promise.all([answerer(), signer()])
  const { instance, respondent } = me.registration!
  await post(
    await answer(me, {
      instance,
      respondent,
      assignment: assignment.id,
      question: assignment.question,
      said,
      now: serverNow(),
      release_ms: Date.now() + seconds * 1000,
    }),
  )
}

/** Keeps a signed answer; it goes out when its time to undo is over. The answers before it go now. */
async function post(answer: answers.Waiting): Promise<boolean> {
  const put = () => answers.putLast(answer, Date.now())
  const added = await put().catch(async (error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'QuotaExceededError') throw error
    await dropMedia(new Set()) // an answer is worth more than pictures, which can be fetched again
    return put()
  })
  await look()
  void drawn().then(() => {
    void askForSync()
    return run()
  })
  return added
}

/** Takes an answer back, if it has not gone out. */
export async function undo(assignment: string): Promise<boolean> {
  const undone = await (shell ?? answers).undo(assignment)
  await look()
  return undone
}

/** Sends everything without waiting longer for an undo. */
export async function release(): Promise<void> {
  if (shell) return shell.release()
  await answers.releaseAll(Date.now())
  if (unsent.value.length > 0) void askForSync() // the page may be gone before all is sent
  await run()
}

/** Sends once the first page is drawn, on focus, when the network comes back, and, what is held, when the page is hidden. */
export function start(first: Promise<void>): void {
  // Where the database cannot be opened or written, the pages say so.
  const on = (work: () => Promise<void>) => () => void work().catch(() => undefined)
  if (shell) {
    // The app sends by itself, and tells what came of it.
    on(look)()
    shell.onOutcome((outcome) => on(() => told(outcome))())
    document.addEventListener('visibilitychange', on(() => (document.hidden ? release() : look())))
    reachable.subscribe(() => (reachable.value ? on(hurry)() : probe()))
    return
  }
  on(() => Promise.all([look(), first]).then(run))()
  addEventListener('online', on(hurry))
  addEventListener('focus', on(run))
  addEventListener('pagehide', on(release))
  document.addEventListener('visibilitychange', on(() => (document.hidden ? release() : run())))
  channel?.addEventListener('message', on(changedElsewhere))
  reachable.subscribe(() => (reachable.value ? on(hurry)() : probe()))
}

/** The network is back: what waited for a later try goes now. */
export async function hurry(): Promise<void> {
  if (shell) return shell.hurry()
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
