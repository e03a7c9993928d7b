// Drives the pages of the app in a real browser. Used against the mock server and against the real one.
import { readFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { chromium } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const phone = { width: 390, height: 844 }
export const narrow = { width: 320, height: 640 }
export const desk = { width: 1440, height: 900 }

/** Other ways to see the same page, by what the names of their pictures end with. */
const ways = { '.dark': { dark: true }, '.320': { size: narrow }, '.390': { size: phone }, '.desk': { size: desk } }

/** What dark or small makes another of; all else axe finds in the first way to see a page. */
const looks = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size']

/**
 * Chromium, with what keeps it from calling home; a light one, where CHROMIUM_LIGHT names it, has no windows and shows no notices,
 * and takes two thirds of the processor's time.
 */
export function browser({ light = false } = {}) {
  return chromium.launch({
    executablePath: (light && process.env.CHROMIUM_LIGHT) || process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-component-update', '--disable-sync', '--disable-background-networking', '--host-resolver-rules=MAP tasknet.test 127.0.0.1'],
  })
}

/** A picture that we draw ourselves, by the browser. */
export async function drawn(chrome, width, height) {
  const page = await chrome.newPage({ viewport: { width, height } })
  await page.setContent(`<body style="margin:0;background:#c9dbe0"><svg width="${width}" height="${height}" viewBox="0 0 350 450" preserveAspectRatio="xMidYMid slice"><circle cx="286" cy="88" r="24" fill="#f2ead2"/><path d="M0 300q90-60 200-30t150-10v190H0z" fill="#8ba27d"/><path d="M62 232h226v128H62z" fill="#ece3d0"/><path d="M96 138h158l54 94H42z" fill="#b1573f"/><path d="M130 160l50-6 30 30-20 26-60-8z" fill="#3b2620"/><path d="M96 262h50v46H96z" fill="#5d7680"/><path d="M214 268h44v92h-44z" fill="#4d6b5c"/></svg>`)
  const data = await page.screenshot()
  await page.close()
  return data
}

/**
 * Waits until a condition holds outside of the browser, such as that something arrived at the server; or one in it that takes a
 * promise to tell, by evaluate: waitForFunction takes any promise for a yes.
 */
export async function until(condition, what, ms = 30_000) {
  const end = Date.now() + ms
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`)
    await setTimeout(50)
  }
}

/** Counts what was checked, and remembers what failed. */
export class Checks {
  passed = 0
  failed = []
  /** What failed since the last step ended. It is printed with the step, so that steps side by side do not mix. */
  unsaid = []

  /** Runs only the steps whose names match, all without a pattern. After each calm is called, with whether it failed. */
  constructor(only = '', calm = () => undefined) {
    Object.assign(this, { only: new RegExp(only), calm })
  }

  ok(condition, what) {
    if (condition) this.passed++
    else this.fail(what)
    return condition
  }

  equal(got, want, what) {
    return this.ok(got === want, `${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`)
  }

  /** Checks what is read again and again until it is as wanted, a value or a pattern, since what is read follows by itself. */
  async becomes(read, want, what, ms = 30_000) {
    const fits = (got) => (want instanceof RegExp ? want.test(got) : got === want)
    const end = Date.now() + ms
    let got = await read()
    while (!fits(got) && Date.now() < end) {
      await setTimeout(50)
      got = await read()
    }
    return this.ok(fits(got), `${what}: got ${JSON.stringify(got)}, want ${want instanceof RegExp ? want : JSON.stringify(want)}`)
  }

  fail(what) {
    this.failed.push(what)
    this.unsaid.push(`FAIL ${what}`)
  }

  /** Runs a step; what it throws is a failure, and the next step runs anyway. */
  async step(name, body) {
    if (!this.only.test(name)) return
    const before = this.failed.length
    const started = Date.now()
    try {
      await body()
    } catch (error) {
      this.fail(`${name}: ${error.message.split('\n').slice(0, 6).join(' | ')}`)
    }
    await this.calm(this.failed.length > before)
    const seconds = ((Date.now() - started) / 1000).toFixed(1)
    this.say(`${this.failed.length === before ? 'ok  ' : 'bad '} ${seconds.padStart(5)}s  ${name}`)
  }

  /** Prints what failed, and then these lines, at once. */
  say(...lines) {
    const all = [...this.unsaid.splice(0), ...lines]
    if (all.length > 0) console.log(all.join('\n'))
  }

  /** The last line, and the exit code. */
  end() {
    return Checks.end([this])
  }

  /** The last line for all of several, and the exit code. */
  static end(all) {
    for (const checks of all) checks.say()
    const passed = all.reduce((sum, checks) => sum + checks.passed, 0)
    const failed = all.reduce((sum, checks) => sum + checks.failed.length, 0)
    console.log(`${passed} passed, ${failed} failed`)
    return failed > 0 ? 1 : 0
  }
}

/** One person's browser: a context of its own, so that it has its own keys. */
export class Person {
  /**
   * A service worker only where a step is about one, or goes a whole way: installing it takes longer than all else that a page does
   * to start, and requests that go through it may pass by a step's routes.
   */
  static async open(chrome, base, checks, { size = phone, dark = false, also = [], worker = false, shots, name = 'page', more = {} } = {}) {
    const context = await chrome.newContext({ viewport: size, colorScheme: dark ? 'dark' : 'light', baseURL: base, ...more })
    if (!worker) await context.addInitScript(() => delete Navigator.prototype.serviceWorker)
    const page = await context.newPage()
    const person = new Person(context, page, base, checks, shots, name, { dark, also })
    page.on('pageerror', (error) => checks.fail(`${name}: script error: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() !== 'error') return
      // A refused request is logged by the browser itself; the page's own words about it are tested where it matters.
      if (/Failed to load resource|net::ERR_/.test(message.text())) return
      checks.fail(`${name}: console: ${message.text()}`)
    })
    return person
  }

  constructor(context, page, base, checks, shots, name, { dark, also }) {
    Object.assign(this, { context, page, base, checks, shots, name, dark, also })
    if (shots) mkdirSync(shots, { recursive: true })
  }

  async go(path) {
    await this.page.goto(this.base + path)
  }

  /** Where this person is and what they read there, in one line. */
  async sees() {
    const text = await this.page.locator('body').innerText({ timeout: 5000 }).catch((error) => error.message)
    return `${this.page.url()}: ${text.replace(/\s+/g, ' ').slice(0, 600)}`
  }

  /** Does the same in each way that this person also sees the page, and last in the first one. The body gets the name and whether it is another. */
  async inEachWay(name, body) {
    const size = this.page.viewportSize()
    const see = async (way) => {
      await this.page.setViewportSize(way.size ?? size)
      await this.page.emulateMedia({ colorScheme: (way.dark ?? this.dark) ? 'dark' : 'light' })
      // A color on its way from light to dark has no contrast yet.
      await this.page.evaluate(() => document.getAnimations().forEach((each) => each instanceof CSSTransition && each.finish()))
    }
    for (const way of this.also) {
      await see(ways[way])
      await body(name + way, true)
    }
    if (this.also.length > 0) await see({})
    await body(name, false)
  }

  /** Saves a picture, and checks that nothing is wider than the screen. */
  async shot(name, options) {
    await this.inEachWay(name, (seen) => this.#shot(seen, options))
  }

  async #shot(name, { full = false } = {}) {
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    this.checks.ok(wide <= 0, `${name} scrolls sideways by ${wide} px`)
    if (!this.shots) return
    // The whole page in a window as tall as it: in a longer picture of a small window the bar would lie across the middle.
    const size = this.page.viewportSize()
    const height = full ? Math.max(size.height, await this.page.evaluate(() => document.documentElement.scrollHeight)) : size.height
    await this.page.setViewportSize({ width: size.width, height })
    await this.page.screenshot({ path: join(this.shots, `${name}.png`), animations: 'disabled' })
    await this.page.setViewportSize(size)
  }

  /** Runs axe on what is shown. The script is evaluated, not injected: the page's content security policy stays as it is. */
  async accessible(name) {
    await this.inEachWay(name, (seen, another) => this.#accessible(seen, another ? looks : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']))
  }

  async #accessible(name, runOnly) {
    // The whole page at once: what a sticky bar covers only until one scrolls is not covered. What grows meanwhile is looked at again.
    const size = this.page.viewportSize()
    if (!(await this.page.evaluate(() => 'axe' in globalThis))) {
      // Not as an argument of Playwright's own evaluate, which takes twice as long with half a megabyte.
      const devtools = await this.context.newCDPSession(this.page)
      await devtools.send('Runtime.evaluate', { expression: axe })
      await devtools.detach()
    }
    let height, violations
    do {
      height = Math.max(size.height, await this.page.evaluate(() => document.documentElement.scrollHeight))
      await this.page.setViewportSize({ width: size.width, height })
      ;({ violations } = await this.page.evaluate((rules) => globalThis.axe.run(document, { resultTypes: ['violations'], runOnly: rules }), runOnly))
    } while ((await this.page.evaluate(() => document.documentElement.scrollHeight)) > height)
    this.checks.ok(violations.length === 0, `${name} is not accessible: ${violations.map((v) => `${v.id} (${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')})`).join('; ')}`)
    await this.page.setViewportSize(size)
  }

  /** From the first page to the first question: makes the keys, registers. */
  async begin() {
    await this.go('/')
    await this.page.getByRole('button', { name: 'Answer a first question' }).click()
    await this.page.getByRole('navigation', { name: 'Main' }).waitFor()
  }

  /** Waits until the question that begins with these words is shown and can be answered. */
  async shows(text) {
    await this.page.locator('main h1').filter({ hasText: text.split('\n')[0].slice(0, 20) }).waitFor()
    await this.page.locator('.answer:enabled, .send .btn').first().waitFor()
  }

  /** The question that is shown, or undefined when there is none within ms. */
  async question(ms = 30_000) {
    const heading = this.page.locator('main h1').filter({ hasText: /.+/ })
    await this.page.locator('.answer:enabled, .send .btn').first().waitFor({ timeout: ms })
    return (await heading.first().innerText()).trim()
  }

  /** Taps the answer with this label, and waits until it is kept: a page that goes away before has nothing to send. */
  async tap(label) {
    await this.page.locator('.answers').getByRole('button', { name: label, exact: true }).click()
    await this.page.getByText(`You answered ${label}`).waitFor()
  }

  /** Skips until the question with this text is shown, then answers it. True when it was found. */
  async answerTo(text, label, most = 40) {
    for (let i = 0; i < most; i++) {
      const shown = await this.question()
      if (shown.replace(/\s+/g, ' ').includes(text)) {
        await this.tap(label)
        return true
      }
      const skip = this.page.getByRole('button', { name: 'Skip', exact: true })
      await skip.click()
      await this.page.waitForFunction((before) => document.querySelector('main h1')?.textContent.trim() !== before, shown)
    }
    return false
  }

  /** Skips until the question with this text is shown, whether it can be answered or not. */
  async skipTo(text, ms = 30_000) {
    const end = Date.now() + ms
    // In one step: between looking and a click from here, the question that is skipped could be the wanted one.
    const found = () =>
      this.page.evaluate((wanted) => {
        dispatchEvent(new Event('focus')) // a page that is looked at asks for questions
        const shown = document.querySelector('main h1')?.textContent.replace(/\s+/g, ' ')
        if (shown?.includes(wanted)) return true
        const skip = [...document.querySelectorAll(':is(.quiet, .toast) button:enabled')].find((button) => button.textContent.trim() === 'Skip')
        skip?.click()
        return false
      }, text)
    while (!(await found())) {
      if (Date.now() > end) throw new Error(`the question “${text}” does not come`)
      await this.page.waitForTimeout(250)
    }
  }

  /** Skips until the question with this text can be answered. */
  async find(text) {
    await this.skipTo(text)
    await this.page.locator('.answer:enabled, .send .btn').first().waitFor()
  }

  /**
   * Fingers on this person's screen. The browser hears them as on a phone: it decides what is a tap, what scrolls, and what the
   * page gets of it. The context must have touch.
   */
  async fingers() {
    const devtools = await this.context.newCDPSession(this.page)
    let last = 0 // seconds, as the browser is told when something happened
    const send = (type, after, ...points) => {
      last = Math.max(Date.now() / 1000, last + after)
      return devtools.send('Input.dispatchTouchEvent', { type, timestamp: last, touchPoints: points.map(([x, y], id) => ({ x, y, id })) })
    }
    const between = (from, to, part) => from.map((at, axis) => at + (to[axis] - at) * part)
    /** From place to place, all fingers at once, in steps as a screen tells them. */
    const glide = async (from, to, steps = 8) => {
      for (let i = 1; i <= steps; i++) await send('touchMove', 0.016, ...from.map((at, finger) => between(at, to[finger], i / steps)))
    }
    const down = (...points) => send('touchStart', 0.016, ...points)
    /** Lifted after it rested for so many seconds; at once, it flies off, as with a quick stroke. */
    const up = (rest = 0.1) => send('touchEnd', rest)
    return {
      down,
      up,
      glide,
      tap: async (at) => (await down(at), await send('touchEnd', 0.016)),
      drag: async (...places) => {
        await down(places[0])
        for (const [i, to] of places.slice(1).entries()) await glide([places[i]], [to])
        await up()
      },
      /** A quick stroke: the finger is lifted while it moves. Nothing is waited for between, so that it is as quick on a busy machine. */
      fling: (from, to) => Promise.all([down(from), ...[1, 2, 3, 4].map((i) => send('touchMove', 0.016, between(from, to, i / 4))), up(0.001)]),
      /** Two fingers, the second a moment after the first, from two places to two others. */
      pinch: async ([a, b], to) => {
        await down(a)
        await down(a, b)
        await glide([a, b], to)
        await up()
      },
    }
  }

  /** Waits until all answers of this device are acknowledged. The page is told that it is left, which ends the time to undo. */
  async sent(ms) {
    await this.page.evaluate(() => dispatchEvent(new Event('pagehide')))
    await this.sentInTime(ms)
  }

  /** The same, by a person who waits until the time to undo is over. */
  async sentInTime(ms) {
    await until(async () => (await this.stored('answers')) === 0, 'the answers are sent', ms)
  }

  /** How much a store of the page's database holds, or what it holds under a key. */
  stored(store, key) {
    return this.page.evaluate(
      ([name, of]) =>
        new Promise((resolve, reject) => {
          const open = indexedDB.open('tasknet')
          open.onerror = () => reject(open.error)
          open.onsuccess = () => {
            const within = open.result.transaction(name).objectStore(name)
            const read = of === undefined ? within.count() : within.get(of)
            read.onerror = () => reject(read.error)
            read.onsuccess = () => (open.result.close(), resolve(read.result))
          }
        }),
      [store, key],
    )
  }

  /** Waits until the service worker has all of the app, and the page is its. */
  async installed() {
    await this.page.waitForFunction(() => navigator.serviceWorker.controller)
  }

  /** Waits until nothing on the page is still being loaded. */
  async settled() {
    await this.page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .bone'))
  }

  /** Enters the API key at the console's gate. */
  async enter(key) {
    await this.go('/console')
    await this.page.getByLabel('API key').fill(key)
    await this.page.getByRole('button', { name: 'Open the console' }).click()
    await this.page.getByRole('heading', { level: 1 }).filter({ hasText: 'open' }).waitFor()
  }

  /** Asks a question by the form, and returns its id once its page is shown. */
  async ask({ text, choices, people = 3, image, alt }) {
    await this.page.getByRole('navigation').getByRole('link', { name: 'Ask', exact: true }).click()
    await this.page.getByRole('textbox', { name: 'Question' }).fill(text)
    for (let i = 0; i < choices.length; i++) {
      if (i >= 2) await this.page.getByRole('button', { name: 'Another choice' }).click()
      await this.page.getByRole('textbox', { name: `Choice ${i + 1}`, exact: true }).fill(choices[i])
    }
    if (image) {
      await this.page.getByLabel('Picture', { exact: true }).setInputFiles(image)
      await this.page.getByLabel('What it shows').fill(alt ?? '')
    }
    await this.page.getByRole('textbox', { name: 'Answers' }).fill(String(people))
    await this.page.getByRole('button', { name: /^Ask now/ }).click()
    await this.page.waitForURL('**/console/q/*')
    return this.page.url().split('/').pop()
  }

  async close() {
    // What a route still answers would fail with the context, and end the run.
    await Promise.all(this.context.pages().map((page) => page.unrouteAll({ behavior: 'ignoreErrors' })))
    await this.context.close()
  }
}
