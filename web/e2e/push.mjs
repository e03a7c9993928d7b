// People are woken: the page that asks for it, and the service worker's handlers, driven by DevTools.
import { browser, until } from './drive.mjs'

/** A browser whose push service is this script: pages make subscriptions without a network. */
const pretended = () => {
  let held = null
  const make = (key) => ({
    endpoint: 'https://push.example.org/send/abc',
    options: { applicationServerKey: key },
    toJSON: () => ({ endpoint: 'https://push.example.org/send/abc', expirationTime: null, keys: { p256dh: 'BPtoken', auth: 'auth' } }),
    unsubscribe: async () => ((held = null), true),
  })
  PushManager.prototype.getSubscription = async () => held
  PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
    if (!userVisibleOnly || applicationServerKey.length !== 65) throw new Error('bad options')
    return (held = make(applicationServerKey))
  }
}

/** The steps about waking people. */
export async function pushSteps(given) {
  const whole = await browser() // a light one shows no notices
  try {
    await noticeSteps({ ...given, open: (name, options) => given.open(name, { ...options, by: whole }) })
  } finally {
    await whole.close()
  }
}

async function noticeSteps({ checks, server, open }) {
  const latest = () => [...server.world.people.values()].at(-1)

  await checks.step('notices: asked for with a reason, set, and ended again', async () => {
    const person = await open('notices', { also: ['.dark', '.320'], worker: true, more: { permissions: ['notifications'], locale: 'pt-BR', timezoneId: 'America/Sao_Paulo' } })
    const { page } = person
    await person.context.addInitScript(pretended)
    await person.begin()
    await person.installed()
    const them = latest()
    await page.goto(`${person.base}/key`)
    await page.getByRole('link', { name: 'Notices: be told when a question waits' }).click()
    const on = page.getByRole('button', { name: 'Wake me for questions' })
    await on.waitFor()
    checks.equal(await page.getByRole('heading', { name: 'For what, and when' }).count(), 0, 'wishes of who is not woken')
    await person.accessible('notices off')
    await person.shot('notices-off', { full: true })
    await on.click()
    await page.getByText('This phone is woken when a question waits for you.').waitFor()
    checks.equal(them.subscriptions?.length, 1, 'subscriptions')
    await checks.becomes(() => JSON.stringify([them.wishes?.languages, them.wishes?.quiet]), JSON.stringify([['pt-BR'], { from: '22:00', until: '07:00', zone: 'America/Sao_Paulo' }]), 'what is wished at first')
    await page.getByLabel('At most so often a day').fill('51')
    await page.getByText('A number from 1 to 50.').waitFor()
    checks.ok(await page.getByRole('button', { name: 'Save' }).isDisabled(), 'what makes no sense is not saved')
    await page.getByLabel('At most so often a day').fill('3')
    await page.getByLabel('Only for at least, in tUSD').fill('0.02')
    await page.getByLabel('From').fill('21:30')
    await page.getByLabel('Yes or no').check()
    await person.accessible('notices on')
    await person.shot('notices-on', { full: true })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    checks.equal(JSON.stringify(them.wishes), JSON.stringify({ languages: ['pt-BR'], types: ['yes_no'], least: '0.02', quiet: { from: '21:30', until: '07:00', zone: 'America/Sao_Paulo' }, per_day: 3 }), 'wishes')
    them.subscriptions.push({ id: 'sub_other', channel: 'fcm', device: 'ab', created_at: new Date().toISOString() })
    await person.go('/key/notices')
    await page.getByText('An app since').waitFor()
    await person.accessible('notices others')
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('An app since').waitFor({ state: 'detached' })
    await person.close()
  })

  await checks.step('notices: who has said no is told how to change that', async () => {
    const person = await open('notices-denied', { worker: true })
    await person.context.addInitScript(() => Object.defineProperty(Notification, 'permission', { get: () => 'denied' }))
    await person.begin()
    await person.installed()
    await person.go('/key/notices')
    await person.page.getByText('This browser was told not to show notices').waitFor()
    checks.equal(await person.page.getByRole('button', { name: 'Wake me for questions' }).count(), 0, 'a button that does nothing')
    await person.accessible('notices denied')
    await person.shot('notices-denied', { full: true })
    await person.close()
  })

  await checks.step('notices: a push is shown, leads to its question, and is answered by its buttons', async () => {
    const person = await open('pushed', { worker: true, more: { permissions: ['notifications'] } })
    const { page, context } = person
    await person.begin()
    await person.installed()
    const them = latest()
    const devtools = await context.newCDPSession(page)
    let registrationId
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => (registrationId ??= registrations[0]?.registrationId))
    await devtools.send('ServiceWorker.enable')
    await until(() => registrationId, 'the registration is known')
    const deliver = (data) => devtools.send('ServiceWorker.deliverPushMessage', { origin: new URL(person.base).origin, registrationId, data: typeof data === 'string' ? data : JSON.stringify(data) })
    const shown = () =>
      page.evaluate(async () => {
        const all = await (await navigator.serviceWorker.ready).getNotifications()
        return all.map(({ title, body, tag, data, actions }) => ({ title, body, tag, data, actions }))
      })
    const [worker] = context.serviceWorkers()
    /** A tap, as the browser tells the worker of it; the worker then does what it has to. */
    const tap = (action) =>
      worker.evaluate(async (button) => {
        const [notification] = await globalThis.registration.getNotifications()
        const event = new NotificationEvent('notificationclick', { notification, action: button })
        let work
        Object.defineProperty(event, 'waitUntil', { value: (promise) => (work = promise) })
        globalThis.dispatchEvent(event)
        await work
      }, action)
    const ask = (text) => server.ask({ type: 'yes_no', text, quorum: { policy: 'fixed:3' }, price: '0.018', deadline_seconds: 86_400 })
    const pushOf = (q, more = {}) => ({ wake: `wak_${q.id}`, question: q.id, type: q.type, text: q.text, choices: q.choices, pays: q.price, symbol: 'tUSD', until_ms: Date.now() + 3_600_000, ...more })

    const [other, wanted, quick] = [ask('Is water wet?'), ask('Is this sentence short?'), ask('Is ice cold?')]
    await deliver(pushOf(other))
    await checks.becomes(async () => (await shown())[0]?.body, 'Is water wet?', 'the first')
    await deliver(pushOf(wanted))
    await checks.becomes(async () => (await shown())[0]?.body, 'Is this sentence short?', 'the next one')
    const [notice, ...more] = await shown()
    checks.equal(more.length, 0, 'notices beside the one that changes')
    checks.equal(`${notice.title} ${notice.tag}`, '0.018 tUSD for an answer work', 'its title')

    await tap('')
    await person.shows('Is this sentence short?')
    await until(() => them.opened?.includes(`wak_${wanted.id}`), 'the server hears that it was tapped')
    checks.equal((await shown()).length, 0, 'what was tapped is gone')
    checks.equal(new URL(page.url()).search, '', 'the address is the page’s again')

    await deliver(pushOf(quick))
    await until(async () => (await shown()).length === 1, 'the push is shown')
    await tap('1')
    await until(() => them.answered.some((a) => a.question === quick.id), 'the answer is at the server')
    await checks.becomes(async () => (await shown())[0]?.title, `“${quick.choices[1]}” it is.`, 'what became of it')
    const receipt = await person.stored('receipts')
    checks.equal(receipt, 1, 'receipts')
    checks.equal(await person.stored('answers'), 0, 'answers that wait')

    const gone = ask('Is this one taken?')
    await deliver(pushOf(gone, { text: 'Is that one taken?' }))
    await checks.becomes(async () => (await shown())[0]?.body, 'Is that one taken?', 'a changed question')
    await tap('0')
    await person.shows('Is this one taken?')
    checks.equal(them.answered.length, 1, 'nothing is signed but what was shown')
    gone.status = 'closed'
    await deliver(pushOf(gone))
    await until(async () => (await shown())[0]?.body === 'Is this one taken?', 'a question that is closed')
    await tap('0')
    await checks.becomes(async () => (await shown())[0]?.title, 'Others were faster.', 'what became of it')

    await deliver('nonsense')
    await checks.becomes(async () => (await shown())[0]?.body, 'There may be questions for you.', 'a push that cannot be read')
    await person.close()
  })
}
