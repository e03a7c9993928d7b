import { sha256 } from '@noble/hashes/sha2.js'
import { call, Refused } from '../features/api/shared/http'
import type { Assignments, Instance } from '../features/api/shared/wire'
import type { Identity } from '../features/identity/shared/identity'
import { answer as signAnswer, isReceiptFor, isRefusalOf } from '../features/identity/worker/signer'
import { isAsHashed } from '../features/proof/shared/question'
import { subscribeAgain } from '../features/notices/shared/subscription'
import * as answers from '../outbox/answers'
import { kept } from '../outbox/database'
import { exchange } from '../outbox/exchange'
import { Sender, type Outcome } from '../outbox/sender'
import { askForSync } from '../outbox/sync'
import { notice } from '../language/en/notice'
import { decimal } from '../language/format'
import { speak } from './language'
import { choiceOf, noticeOf, pathOf, pushedOf, tag, type Pushed } from './notice'
import { asRespondent } from './respondent'

/** An event of the Push API that the DOM's types do not have. */
interface SubscriptionChange extends ExtendableEvent {
  readonly newSubscription?: PushSubscription | null
}

/** Shows what is pushed, and does what a person says to it. */
export function takePushes(worker: ServiceWorkerGlobalScope): void {
  worker.addEventListener('push', (event) => {
    const show = async () => {
      await speak()
      const { title, options } = noticeOf(pushedOf(event.data?.text()), Date.now())
      await worker.registration.showNotification(title, options)
    }
    event.waitUntil(show())
  })
  worker.addEventListener('notificationclick', (event) => {
    const pushed = event.notification.data as Partial<Pushed>
    event.notification.close()
    const choice = choiceOf(pushed, event.action)
    event.waitUntil(Promise.all([opened(pushed), choice === undefined ? show(worker, pathOf(pushed)) : answer(worker, pushed as Pushed, choice)]))
  })
  worker.addEventListener('pushsubscriptionchange' as keyof ServiceWorkerGlobalScopeEventMap, (event) => {
    ;(event as SubscriptionChange).waitUntil(subscribeAgain(worker.registration, (event as SubscriptionChange).newSubscription, asRespondent))
  })
}

/** Tells the server that its push was of use. Nobody waits for that. */
async function opened({ wake }: Partial<Pushed>): Promise<void> {
  if (wake) await asRespondent<void>('/v1/me/push/opened', { json: { wake } }).catch(() => undefined)
}

/** Brings the app to the front, at a path. */
async function show(worker: ServiceWorkerGlobalScope, path: string): Promise<void> {
  const [page] = await worker.clients.matchAll({ type: 'window' })
  if (!page) {
    await worker.clients.openWindow(path)
    return
  }
  page.postMessage({ go: path })
  await page.focus().catch(() => undefined) // a browser may refuse; the page is at the question all the same
}

/** Answers by a button. What cannot be signed here is opened instead. */
async function answer(worker: ServiceWorkerGlobalScope, pushed: Pushed, choice: number): Promise<void> {
  const told = (title: string, body: string) => worker.registration.showNotification(title, { tag, body, silent: true, icon: '/icon-192.png', data: {} })
  await speak()
  let signed: answers.Waiting | undefined
  try {
    signed = await sign(pushed, choice)
  } catch (error) {
    if (error instanceof Refused && error.status < 500) await told(notice('faster'), notice('fasterBody'))
    else await show(worker, pathOf(pushed)).catch(() => told(notice('failed'), notice('failedBody')))
    return
  }
  if (!signed) return show(worker, pathOf(pushed))
  await answers.put(signed) // durable before anything is sent
  const outcome = await sendNow(signed.assignment)
  if (outcome?.kind === 'accepted') await told(notice('taken', { answer: signed.label }), notice('takenBody', { amount: decimal(pushed.pays), symbol: pushed.symbol }))
  else if (outcome?.kind === 'refused') await told(notice('refused'), outcome.error.message)
  else {
    await askForSync({ getRegistration: async () => worker.registration })
    await told(notice('kept', { answer: signed.label }), notice('keptBody'))
  }
}

/** Takes the question and signs the answer; undefined when what was asked is not what the notification showed. */
async function sign(pushed: Pushed, choice: number): Promise<answers.Waiting | undefined> {
  const me = await kept<Identity>('identity')
  if (!me?.registration) return undefined
  const { assignments } = await asRespondent<Assignments>('/v1/assignments', { json: { count: 1, question: pushed.question } })
  const assignment = assignments.find((a) => a.question.id === pushed.question)
  const here = (await call<Instance>('/v1/instance')).value
  if (!assignment || !(await isAsHashed(here.instance, assignment.question, sha256))) return undefined
  const { text, choices = [] } = assignment.question
  if (text !== pushed.text || choices.join('\n') !== pushed.choices?.join('\n')) return undefined
  const now = Date.now()
  return signAnswer(me, { instance: here.instance, respondent: me.registration.respondent, assignment: assignment.id, question: assignment.question, said: { choice }, now, release_ms: now })
}

/** Sends what waits, as a page would, and returns what became of one of them. */
async function sendNow(assignment: string): Promise<Outcome | undefined> {
  let became: Outcome | undefined
  const here = async () => (await call<Instance>('/v1/instance')).value
  const sender = new Sender({
    ...exchange(async () => ({ isReceiptFor, isRefusalOf }), here),
    onOutcome: (outcome) => {
      if (outcome.answer.assignment === assignment) became = outcome
    },
    now: Date.now,
  })
  await sender.drain()
  const channel = new BroadcastChannel('tasknet-outbox')
  channel.postMessage('changed')
  channel.close()
  return became
}
