// Without a pointer: all that can be pressed is reached by Tab, is seen while it has the focus, and does by keys what it does by a
// tap (WCAG 2.1.1, 2.1.2, 2.4.3, 2.4.7 and 2.4.11).
import { narrow } from './drive.mjs'

/** What has the focus: its name, and what is wrong with how it is seen. Undefined when nothing has it, and `again` when it had it before. */
const focused = () => {
  const at = document.activeElement
  if (!at || at === document.body || at === document.documentElement) return undefined
  globalThis.walked ??= new Set()
  const again = globalThis.walked.has(at)
  globalThis.walked.add(at)
  const label = at.labels?.[0]
  const name = (at.getAttribute('aria-label') ?? label?.textContent ?? at.textContent).replace(/\s+/g, ' ').trim().slice(0, 60) || at.tagName
  const faults = []
  const ringed = (element) => element && ((style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && style.outlineColor !== 'rgba(0, 0, 0, 0)')(getComputedStyle(element))
  if (![at, label, at.parentElement, at.nextElementSibling].some(ringed)) faults.push(`no ring: “${name}”`)
  const { left, right, top, bottom } = (at.getClientRects().length > 0 && at.getBoundingClientRect().width > 2 ? at : (label ?? at)).getBoundingClientRect()
  const within = (low, high, most) => [0.5, 0.1, 0.9].map((part) => Math.min(Math.max(low + (high - low) * part, 1), most - 1))
  const shows = within(left, right, innerWidth).some((x) =>
    within(top, bottom, innerHeight).some((y) => {
      const met = document.elementFromPoint(x, y)
      return met && (at.contains(met) || met.contains(at) || label?.contains(met))
    }),
  )
  if (bottom < 1 || top > innerHeight - 1 || !shows) faults.push(`covered: “${name}”`)
  return { name, again, faults }
}

/** What could be pressed and was not reached. */
const missed = () =>
  [...document.querySelectorAll('#app :is(button:enabled, a[href], input:enabled, select:enabled, textarea:enabled, summary, [tabindex="0"])')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.tabIndex >= 0 && !globalThis.walked?.has(element))
    .filter((element) => element.type !== 'radio' || ![...(globalThis.walked ?? [])].some((other) => other.type === 'radio' && other.name === element.name))
    .map((element) => `not reached: “${(element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent).replace(/\s+/g, ' ').trim().slice(0, 60)}”`)

const most = 150

export async function keyboardSteps({ checks, server, open, base, image }) {
  /** Goes by Tab through all of a page that is shown, and tells what is wrong. */
  async function walk(person, name) {
    const { page } = person
    await person.settled()
    await page.evaluate(() => {
      document.body.tabIndex = -1 // from the beginning of the page
      document.body.focus()
      document.body.removeAttribute('tabindex')
      scrollTo(0, 0)
      globalThis.walked = new Set()
    })
    const faults = []
    let n = 0
    for (; n < most; n++) {
      await page.keyboard.press('Tab')
      const at = await page.evaluate(focused)
      if (!at || at.again) break
      faults.push(...at.faults)
    }
    checks.ok(n > 0 && n < most, `${name}: Tab goes through ${n} places`)
    checks.equal([...faults, ...(await page.evaluate(missed))].join('; '), '', `${name}: what is wrong by keys`)
  }

  /** Goes on by Tab to what has a name, and presses it. */
  async function press(person, name, key = 'Enter') {
    const { page } = person
    const seen = []
    for (let i = 0; i < most; i++) {
      await page.keyboard.press('Tab')
      const at = await page.evaluate(focused)
      if (at && (name instanceof RegExp ? name.test(at.name) : at.name === name)) return page.keyboard.press(key)
      seen.push(at?.name)
    }
    throw new Error(`Tab does not lead to ${name}: ${seen.slice(0, 40).join(', ')}`)
  }

  await checks.step('keys: from the first page to what was earned, by Tab and Enter alone', async () => {
    for (const q of server.world.questions.values()) if (q.status === 'open') server.close(q, 'cancelled')
    const asked = ['Is 31 a prime number?', 'Is 32 a prime number?'].map((text) => server.ask({ ...base, quorum: { policy: 'fixed:1' }, text, choices: ['Yes', 'No'], image: image.hash, image_alt: 'A house.' }))
    const person = await open('keys', { size: narrow })
    const { page } = person
    await page.addInitScript(() => localStorage.setItem('settings', '{"undo":90}')) // nothing is sent for want of time
    await person.go('/')
    await page.getByRole('button', { name: 'Answer a first question' }).waitFor()
    await walk(person, 'the first page')
    await press(person, 'Answer a first question')
    await person.shows(asked[0].text)
    await walk(person, 'a question')
    await press(person, 'Report')
    const sheet = page.getByRole('dialog')
    await sheet.waitFor()
    checks.ok(await sheet.evaluate((dialog) => dialog.contains(document.activeElement)), 'the focus is in the sheet that opened')
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await checks.becomes(() => page.evaluate(() => document.activeElement.textContent), 'Report', 'what has the focus when a sheet is closed')
    await press(person, 'Enlarge the picture')
    await page.getByRole('button', { name: 'Larger' }).waitFor()
    await press(person, 'Close')
    await page.getByRole('button', { name: 'Larger' }).waitFor({ state: 'detached' })
    await press(person, 'Skip')
    await page.getByText('Skipped.', { exact: true }).waitFor()
    await person.shows(asked[1].text)
    await press(person, 'Undo')
    await person.shows(asked[0].text)
    await press(person, 'Yes', 'Space')
    await page.getByText('You answered Yes').waitFor()
    await person.shows(asked[1].text)
    await press(person, 'Undo')
    await person.shows(asked[0].text)
    await press(person, 'No')
    await page.getByText('You answered No').waitFor()
    await person.shows(asked[1].text)
    await person.sent()
    checks.equal(asked[0].answersGiven.map((a) => a.choice).join(), '1', 'answers that the server has')
    await press(person, /Earned/)
    await page.getByRole('heading', { name: 'Earned' }).waitFor()
    await press(person, /Answered/)
    await page.locator('.mine').first().waitFor()
    await press(person, /^Is 31/)
    await page.getByRole('link', { name: /^Check/ }).or(page.locator('.mine a[href^="/verify"]')).first().waitFor()
    await person.close()
  })

  await checks.step('keys: each page is gone through by Tab, and what has the focus is seen', async () => {
    const person = await open('tabs', { size: narrow })
    const { page } = person
    await person.begin()
    for (const path of ['/earned', '/answered', '/key', '/key/profile', '/key/accuracy', '/key/data', '/key/notices', '/key/payout', '/how', '/move', '/verify', '/payouts']) {
      await person.go(path)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await walk(person, path)
    }
    await person.enter(server.apiKey)
    for (const path of ['/console', '/ask', '/console/money', '/console/keys']) {
      await person.go(path)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await walk(person, path)
    }
    await person.close()
  })
}
