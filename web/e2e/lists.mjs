// Lists that come page by page, when their filter changes while a page is on its way.
import { desk } from './drive.mjs'

export async function listSteps({ checks, server, open }) {
  await checks.step('lists: what comes late for another filter is not shown', async () => {
    const body = { quorum: { policy: 'fixed:1' }, price: '0.018', deadline_seconds: 86_400, choices: ['Yes', 'No'] }
    server.ask({ ...body, text: 'Is this one open?' })
    server.close(server.ask({ ...body, text: 'Is this one closed?' }), 'cancelled')
    const person = await open('late', { size: desk })
    const { page } = person
    await person.enter(server.apiKey)
    await page.getByText('Is this one open?').waitFor()
    const late = (request) => request.url().includes('status=open')
    let release
    const released = new Promise((resolve) => (release = resolve))
    const came = new Promise((resolve) => {
      server.world.before = (url) => (url.searchParams.get('status') === 'open' ? (resolve(), released) : undefined)
    })
    const ended = Promise.race(['requestfinished', 'requestfailed'].map((event) => page.waitForEvent(event, late)))
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await came
    await page.getByRole('button', { name: 'Closed', exact: true }).click()
    await page.getByText('Is this one closed?').waitFor()
    release()
    await ended
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
    checks.equal(await page.getByText('Is this one open?').count(), 0, 'open questions among the closed')
    checks.equal(await page.getByText('Is this one closed?').count(), 1, 'closed questions')
    server.world.before = undefined
    await person.close()
  })
}
