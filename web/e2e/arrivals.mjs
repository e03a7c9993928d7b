// New questions come by themselves to who has the page before them.
import { until } from './drive.mjs'

/** Has the page look for questions so often instead of every 2.5 s, or never by itself. */
const looks = (ms) => {
  const real = globalThis.setInterval
  globalThis.setInterval = (body, every, ...more) => (every !== 2500 ? real(body, every, ...more) : ms ? real(body, ms, ...more) : 0)
}

const hide = (page, hidden) =>
  page.evaluate((is) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => is })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)

export async function arrivalSteps({ checks, server, open, base }) {
  const { world } = server
  const ask = (text) => server.ask({ ...base, text, choices: ['Yes', 'No'] })
  const clear = () => {
    for (const q of world.questions.values()) if (q.status === 'open') server.close(q, 'cancelled')
  }
  const empty = (page) => page.getByRole('heading', { name: 'No questions now.' }).waitFor()

  await checks.step('arrivals: with an empty deck a question that is asked appears by itself, in one tab and in the other', async () => {
    clear()
    const person = await open('arrivals')
    await person.context.addInitScript(looks, 0) // nothing comes but what is told
    await person.begin()
    await empty(person.page)
    await until(() => world.visits.size === 1, 'the stream is open')
    ask('Is it a heron?')
    await person.shows('Is it a heron?')
    checks.equal(world.visited, 1, 'streams that were asked for')
    checks.equal(await person.page.getByRole('alert').count(), 0, 'alerts')
    await person.tap('Yes')
    await person.sent()
    await empty(person.page)
    checks.equal(world.visits.size, 1, 'streams after an answer')
    const other = await person.context.newPage()
    await other.goto(server.url)
    await empty(other)
    await hide(person.page, true) // the other takes over
    await until(() => world.visits.size === 1 && world.visited === 2, 'the other tab has the stream')
    await hide(person.page, false)
    ask('Is it an egret?')
    for (const page of [person.page, other]) await page.getByRole('heading', { name: 'Is it an egret?' }).waitFor()
    checks.equal(world.visits.size, 1, 'streams of two tabs')
    for (const page of [person.page, other]) await hide(page, true)
    await until(() => world.visits.size === 0, 'who does not look has no stream')
    await person.close()
  })

  await checks.step('arrivals: where there is no stream questions come all the same, and it is not asked for again and again', async () => {
    clear()
    world.alone = true
    const before = world.visited
    const person = await open('arrivals-alone')
    await person.context.addInitScript(looks, 50)
    await person.begin()
    await empty(person.page)
    await until(() => world.visited > before, 'a stream was asked for')
    const took = world.takes
    await until(() => world.takes > took + 8, 'questions are asked for by and by')
    ask('Is it a stork?')
    await person.shows('Is it a stork?')
    checks.equal(world.visited, before + 1, 'streams that were asked for')
    checks.equal(await person.page.getByText('The server does not answer').count(), 0, 'words of a server that does not answer')
    await person.shot('arrivals-alone')
    await person.close()
  })
}
