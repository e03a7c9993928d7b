// The outbox: an answer arrives exactly once, whatever becomes of the page that gave it.
import { until } from './drive.mjs'

export async function outboxSteps({ checks, server, open, base, image }) {
  const ask = (text, more = {}) => server.ask({ ...base, text, choices: ['Yes', 'No'], ...more })
  const clear = () => {
    for (const q of server.world.questions.values()) if (q.status === 'open') server.close(q, 'cancelled')
  }

  /** Notes what reaches /v1/answers, and holds it there until it is let go. */
  function gate() {
    const heard = { posts: 0, open: () => undefined }
    const opened = new Promise((resolve) => (heard.open = resolve))
    server.world.before = async (url) => {
      if (url.pathname !== '/v1/answers') return
      heard.posts++
      await opened
    }
    return heard
  }

  await checks.step('outbox: a tab that is killed while it sends: the answer arrives exactly once', async () => {
    clear()
    const q = ask('Is 17 a prime number?')
    const person = await open('killed', { worker: true })
    await person.begin()
    await person.shows(q.text)
    const at = gate()
    await person.tap('Yes')
    await person.page.evaluate(() => dispatchEvent(new Event('pagehide'))) // ends the time to undo
    await until(() => at.posts === 1, 'the answer is on its way')
    const bystander = await person.context.newPage() // or closing the only page would end the browser's context
    await person.page.close()
    await bystander.goto(server.url)
    await until(() => at.posts === 2, 'the next page sends what was not acknowledged')
    at.open()
    person.page = bystander
    await until(async () => (await person.stored('answers')) === 0, 'the answer is acknowledged')
    checks.equal(q.answers, 1, 'answers that the server has')
    checks.equal(await person.stored('receipts'), 1, 'receipts')
    server.world.before = undefined
    await person.close()
  })

  await checks.step('outbox: two tabs agree: each answer is sent by one of them, once', async () => {
    clear()
    const asked = [1, 2, 3, 4].map((n) => ask(`Is ${n} an even number?`))
    const person = await open('tabs', { worker: true })
    await person.begin()
    await person.shows(asked[0].text)
    await person.installed()
    const other = await person.context.newPage()
    await other.goto(server.url)
    await other.getByRole('navigation', { name: 'Main' }).waitFor()
    server.world.down = true // answers gather first
    for (const [i, label] of [[0, 'No'], [1, 'Yes']]) {
      await person.shows(asked[i].text)
      await person.tap(label)
    }
    await checks.becomes(() => other.getByRole('navigation', { name: 'Main' }).innerText(), /\b2\b[^]*Answered|Answered[^]*\b2\b/, 'the other tab counts what this one keeps')
    const at = gate()
    at.open()
    server.world.down = false
    await Promise.all([person.page, other].map((page) => page.evaluate(() => (dispatchEvent(new Event('pagehide')), dispatchEvent(new Event('online'))))))
    await until(async () => (await person.stored('answers')) === 0, 'both are acknowledged')
    checks.equal(at.posts, 2, 'posts of two answers by two tabs')
    checks.equal(asked.slice(0, 2).map((q) => q.answers).join(), '1,1', 'answers that the server has')
    server.world.before = undefined
    await person.close()
  })

  await checks.step('outbox: the service worker sends with no tab open, and what came too late is told at the next start', async () => {
    clear()
    const [kept, late] = [ask('Is 21 a prime number?'), ask('Is 23 a prime number?')]
    const person = await open('asleep', { worker: true })
    await person.begin()
    await person.installed()
    const sleeper = await person.context.newPage() // about:blank, which is no page of the app
    const cdp = await person.context.newCDPSession(sleeper)
    let registration
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      registration = registrations.find((r) => r.scopeURL.startsWith(server.url) && !r.isDeleted)?.registrationId ?? registration
    })
    await cdp.send('ServiceWorker.enable')
    await until(() => registration, 'the worker is known')
    server.world.down = true
    const deckOf = (page, saved) =>
      page.evaluate(
        (saved) =>
          new Promise((resolve) => {
            const open = indexedDB.open('tasknet')
            open.onsuccess = () => {
              const store = open.result.transaction('kept', 'readwrite').objectStore('kept')
              const done = saved ? store.put(saved, 'deck') : store.get('deck')
              done.onsuccess = () => (open.result.close(), resolve(done.result))
            }
          }),
        saved,
      )
    await person.shows(kept.text)
    const full = await deckOf(person.page)
    checks.equal(full.cards.length, 2, 'questions on this device')
    for (const [i, q] of [kept, late].entries()) {
      await person.shows(q.text)
      await person.page.keyboard.press('2')
      await until(async () => (await person.stored('answers')) === i + 1, 'the answer is kept')
    }
    await person.page.close()
    server.close(late, 'deadline')
    server.world.down = false
    checks.equal(kept.answers, 0, 'answers before the worker is woken')
    await cdp.send('ServiceWorker.dispatchSyncEvent', { origin: server.url, registrationId: registration, tag: 'outbox', lastChance: false })
    await until(() => kept.answers === 1, 'the worker sends')
    person.page = sleeper
    await sleeper.goto(server.url)
    await sleeper.getByText('“Is 23 a prime number?” closed before your answer arrived, so it is not paid').waitFor()
    await until(async () => (await person.stored('answers')) === 0, 'nothing is left')
    checks.equal(kept.answers, 1, 'answers that the server has')
    await person.accessible('told later')
    await person.shot('told-later')
    await deckOf(sleeper, full) // as if the page had been closed before its cards were taken off
    await sleeper.reload()
    await sleeper.getByRole('heading', { name: 'No questions now.' }).waitFor()
    checks.equal(await sleeper.getByText('closed before your answer').count(), 0, 'tellings of what was told')
    await person.close()
  })

  const views = [['', {}], ['.dark', { dark: true }]]

  await checks.step('bad times: a full disk: the answer is not taken, and counts once there is room', async () => {
    clear()
    const q = ask('Is 25 a square?')
    const person = await open('full', { also: ['.dark'], worker: true })
    const { page } = person
    await page.addInitScript(() => {
      const put = IDBObjectStore.prototype.put
      IDBObjectStore.prototype.put = function (...args) {
        if (globalThis.full && this.name === 'answers') throw new DOMException('The disk is full.', 'QuotaExceededError')
        return put.apply(this, args)
      }
    })
    await person.begin()
    await person.shows(q.text)
    await page.evaluate(() => (globalThis.full = true))
    await page.keyboard.press('1')
    await page.getByText('This phone has no room left, so nothing was kept and nothing was sent.').waitFor()
    checks.equal(await page.locator('.answers .answer:enabled').count(), 2, 'answers that can be given again')
    await person.accessible('full')
    await person.shot('full')
    const before = q.answers
    await page.evaluate(() => (globalThis.full = false))
    await person.tap('Yes')
    checks.equal(await page.getByText('no room left').count(), 0, 'complaints once there is room')
    await person.sent()
    checks.equal(q.answers, before + 1, 'answers that the server has')
    await person.close()
  })

  await checks.step('bad times: a window that keeps nothing says so, and makes no key', async () => {
    for (const [name, options, gone] of [
      ['unkept', {}, () => Object.defineProperty(globalThis, 'indexedDB', { value: undefined })],
      ['unkept.dark', { dark: true }, () => (IDBFactory.prototype.open = () => { throw new DOMException('No.', 'SecurityError') })],
    ]) {
      const people = server.world.people.size
      const person = await open(name, options)
      await person.page.addInitScript(gone)
      await person.go('/earned')
      await person.page.getByRole('heading', { name: 'This window keeps nothing.' }).waitFor()
      await person.accessible(name)
      await person.shot(name)
      await person.page.getByRole('link', { name: 'Asking' }).click()
      await person.page.getByLabel('API key').waitFor()
      checks.equal(server.world.people.size, people, 'people')
      await person.close()
    }
  })

  await checks.step('bad times: a clock that is a day wrong: answers carry the right time, and the phone is told', async () => {
    clear()
    const q = ask('What time is it?', { quorum: { policy: 'fixed:9' } })
    for (const [suffix, options, days] of [['', {}, 1], ['.dark', { dark: true }, -1]]) {
      const person = await open(`clock${suffix}`, options)
      await person.page.addInitScript((by) => {
        const Real = Date
        globalThis.Date = class extends Real {
          constructor(...args) {
            super(...(args.length > 0 ? args : [Real.now() + by]))
          }
          static now() {
            return Real.now() + by
          }
        }
      }, days * 86_400_000)
      const logins = []
      person.page.on('request', (r) => r.url().endsWith('/v1/sessions') && logins.push(r))
      await person.begin()
      await person.shows(q.text)
      await person.page.getByText(`This phone’s clock is 24 h ${days > 0 ? 'fast' : 'slow'}.`).waitFor()
      await person.accessible(`clock${suffix}`)
      await person.shot(`clock${suffix}`)
      await person.tap('Yes')
      await person.sent()
      checks.ok(Math.abs(q.answersGiven.at(-1).time_ms - Date.now()) < 120_000, 'the signed time is the server’s')
      await person.go('/earned')
      await person.page.getByText('Held', { exact: true }).waitFor()
      checks.equal(logins.length, 0, 'sessions that were renewed before their time')
      await person.page.getByRole('button', { name: 'OK' }).click()
      await person.page.getByText('clock is').waitFor({ state: 'detached' })
      await person.close()
    }
  })

  await checks.step('bad times: a phone that was ended from another device keeps its answers, and comes back when the person says so', async () => {
    clear()
    const q = ask('Is 27 a cube?', { quorum: { policy: 'fixed:9' } })
    const person = await open('ended', { also: ['.dark'] })
    const { page } = person
    await person.begin()
    await person.shows(q.text)
    const device = [...server.world.devices.keys()].at(-1)
    const before = q.answers
    await person.tap('Yes')
    server.world.ended.add(device)
    await page.evaluate(() => dispatchEvent(new Event('pagehide')))
    await page.getByRole('heading', { name: 'This phone was signed off.' }).waitFor()
    await page.getByText('1 answer waits on this phone.').waitFor()
    await person.accessible('ended')
    await person.shot('ended')
    await page.reload()
    await page.getByRole('heading', { name: 'This phone was signed off.' }).waitFor()
    await person.go('/earned')
    await page.getByRole('heading', { name: 'This phone was signed off.' }).waitFor()
    checks.ok(server.world.ended.has(device), 'nothing brings it back silently')
    await page.getByRole('button', { name: 'Use this phone again' }).click()
    await page.getByRole('heading', { name: 'Earned' }).waitFor()
    await until(() => q.answers === before + 1, 'the answer arrives')
    await until(async () => (await person.stored('answers')) === 0, 'the answer is acknowledged')
    await person.close()
  })

  await checks.step('bad times: an old copy of a key whose pay goes elsewhere by now', async () => {
    const one = await open('first')
    await one.begin()
    const { wallet } = (await one.stored('kept', 'identity'))
    const key = await one.page.evaluate((bytes) => `0x${Object.values(bytes).map((b) => b.toString(16).padStart(2, '0')).join('')}`, wallet.secret)
    const them = [...server.world.people.values()].at(-1)
    const now = new Date().toISOString()
    them.changes = [{ respondent: them.id, wallet: them.wallet, to: `0x${'7'.repeat(40)}`, number: 1, at: now, effective_at: now }]
    await one.close()
    const person = await open('copy', { also: ['.dark'] })
    const { page } = person
    await person.go('/key')
    await page.getByLabel('24 words, or a private key').fill(key)
    await page.getByRole('button', { name: 'Use this key' }).click()
    await page.getByRole('heading', { name: 'This copy is older than your payout address.' }).waitFor()
    await person.accessible('copy')
    await person.shot('copy')
    await page.getByRole('button', { name: 'It is mine' }).click()
    await page.waitForURL('**/earned')
    await person.close()
  })

  await checks.step('bad times: 20 choices of 500 characters can all be read and given', async () => {
    clear()
    const choices = Array.from({ length: 20 }, (_, i) => `${i + 1} ${i % 2 === 0 ? 'a choice with many words '.repeat(25) : 'word'.repeat(130)}`.slice(0, 500).trim())
    const q = ask('Which of these?', { choices, quorum: { policy: 'fixed:9' } })
    const person = await open('long', { also: ['.dark', '.320'] })
    await person.page.addInitScript(() => localStorage.setItem('settings', '{"undo":90}')) // nothing is sent for want of time
    await person.begin()
    await person.shows(q.text)
    checks.equal(await person.page.locator('.answers .answer').evaluateAll((all) => all.filter((b) => b.scrollWidth > b.clientWidth || b.scrollHeight > b.clientHeight).length), 0, 'choices that do not fit into their buttons')
    await person.accessible('long')
    await person.shot('long')
    await person.page.locator('.answers .answer').last().click()
    await person.page.getByText('You answered').waitFor()
    // The toast is drawn anew when the next page takes the question's place.
    const [toast, undo] = [person.page.locator('.toast'), person.page.getByRole('button', { name: 'Undo' })]
    await checks.becomes(async () => (await toast.boundingBox())?.height < 120, true, 'the toast stays small')
    const width = person.page.viewportSize().width
    await checks.becomes(async () => ((box) => box && box.x + box.width <= width)(await undo.boundingBox()), true, 'Undo is on the screen')
    await person.shot('long-answered')
    await person.sent()
    checks.equal(q.answersGiven.at(-1).choice, 19, 'the choice that was given')
    await person.close()
  })

  await checks.step('bad times: a picture that never comes can be fetched again or skipped', async () => {
    clear()
    const q = ask('What is on it?', { image: image.hash, quorum: { policy: 'fixed:9' } })
    const person = await open('nopicture', { also: ['.dark'] })
    const { page } = person
    let stuck = true
    await page.route('**/media/*', (route) => stuck || route.continue()) // answered never
    await person.begin()
    await page.getByRole('heading', { name: q.text }).waitFor()
    await page.getByText('The picture did not load. Retry, or skip without loss.').waitFor({ timeout: 60_000 })
    checks.equal(await page.locator('.answers .answer:enabled').count(), 0, 'answers to a picture that nobody saw')
    checks.ok(await page.getByRole('button', { name: 'Skip', exact: true }).isEnabled(), 'the question can be skipped')
    await person.accessible('nopicture')
    await person.shot('nopicture')
    stuck = false
    await page.getByRole('button', { name: 'Retry' }).click()
    await page.locator('.media img').waitFor()
    await person.tap('Yes')
    await person.close()
  })

  await checks.step('answering: the next question does not wait until an answer is kept, and Undo means the answer that is being kept', async () => {
    clear()
    const asked = ['Is 31 a prime number?', 'Is 32 a prime number?'].map((text) => ask(text))
    const person = await open('meanwhile')
    const { page } = person
    await page.addInitScript(() => {
      const sign = SubtleCrypto.prototype.sign
      SubtleCrypto.prototype.sign = async function (...args) {
        await globalThis.slow
        return sign.apply(this, args)
      }
    })
    await person.begin()
    await person.shows(asked[0].text)
    await page.evaluate(() => void (globalThis.slow = new Promise((resolve) => (globalThis.go = resolve))))
    await page.keyboard.press('1')
    await person.shows(asked[1].text)
    checks.equal(await page.getByText('You answered').count(), 0, 'words that an answer is kept before it is')
    checks.equal((await person.stored('kept', 'deck')).cards.length, 2, 'questions that the next start would show, were the page closed now')
    await page.keyboard.press('u')
    await page.evaluate(() => globalThis.go())
    await person.shows(asked[0].text)
    await until(async () => (await person.stored('answers')) === 0, 'the answer is taken back')
    // Two answers, the second before the first is kept: both are.
    await page.evaluate(() => void (globalThis.slow = new Promise((resolve) => (globalThis.go = resolve))))
    for (const q of asked) {
      await person.shows(q.text)
      await page.keyboard.press('2')
    }
    await page.evaluate(() => globalThis.go())
    await page.getByText('You answered No').waitFor()
    await person.sent()
    checks.equal(asked.map((q) => q.answersGiven.map((a) => a.choice).join()).join(' '), '1 1', 'answers that the server has')
    await person.close()
  })

  await checks.step('answering: the next question is drawn before its answer is signed, and a tab that is killed then asks again', async () => {
    clear()
    const asked = ['Is 33 a prime number?', 'Is 34 a prime number?'].map((text) => ask(text))
    const person = await open('slain')
    const { context } = person
    await context.addInitScript(() => {
      const { get } = IDBObjectStore.prototype
      IDBObjectStore.prototype.get = function (name) {
        if (name === 'identity') globalThis.order?.push('who signs')
        return get.call(this, name)
      }
      const { sign } = SubtleCrypto.prototype
      SubtleCrypto.prototype.sign = function (...args) {
        return globalThis.stuck ? new Promise(() => undefined) : sign.apply(this, args)
      }
    })
    await person.begin()
    await person.shows(asked[0].text)
    const order = await person.page.evaluate(
      (text) =>
        new Promise((resolve) => {
          globalThis.stuck = true
          globalThis.order = []
          const isNext = () => document.querySelector('main h1')?.textContent === text
          new MutationObserver((_, watch) => {
            if (!isNext()) return
            watch.disconnect()
            requestAnimationFrame(() => globalThis.order.push('drawn'))
          }).observe(document, { childList: true, subtree: true, characterData: true })
          document.querySelector('.answers .answer').click()
          setInterval(() => globalThis.order.length === 2 && resolve(globalThis.order.join(', ')), 10)
        }),
      asked[1].text,
    )
    checks.equal(order, 'drawn, who signs', 'what a tap does, one after the other')
    const next = async () => {
      const page = await context.newPage() // first: closing the only page would end the browser's context
      await person.page.close()
      person.page = page
      await person.go('/')
    }
    await next()
    await person.shows(asked[0].text)
    checks.equal(await person.stored('answers'), 0, 'answers that were not signed')
    // The same again, killed as soon as the page says that the answer is kept.
    await person.tap('Yes')
    await next()
    await person.shows(asked[1].text)
    await person.sent()
    checks.equal(asked.map((q) => q.answers).join(), '1,0', 'answers that the server has')
    await person.close()
  })

  await checks.step('answering: a start reads little and asks nobody before its first question is on the screen, though an answer waits', async () => {
    clear()
    const asked = ['Is 34 a prime number?', 'Is 35 a prime number?', 'Is 36 a prime number?'].map((text) => ask(text))
    const person = await open('quick')
    await person.begin()
    await person.shows(asked[0].text)
    const at = gate()
    await person.tap('No')
    await person.shows(asked[1].text)
    await until(async () => (await person.stored('kept', 'deck'))?.cards.length === 2, 'the questions are kept')
    await person.page.evaluate(() => dispatchEvent(new Event('pagehide'))) // ends the time to undo
    await until(() => at.posts === 1, 'the answer is on its way')
    await person.page.addInitScript(() => {
      globalThis.begun = []
      const { transaction } = IDBDatabase.prototype
      IDBDatabase.prototype.transaction = function (...args) {
        globalThis.begun.push([args[0]].flat().join('+'))
        return transaction.apply(this, args)
      }
      const { fetch } = globalThis
      globalThis.fetch = (...args) => (globalThis.begun.push(String(args[0])), fetch(...args))
      new MutationObserver((_, watch) => {
        if (!document.querySelector('.answer:enabled')) return
        watch.disconnect()
        globalThis.before = globalThis.begun.toSorted().join(' ')
      }).observe(document, { childList: true, subtree: true, attributes: true })
      // No frame is drawn until the test says so, and what is patient with that waits, too.
      const { requestAnimationFrame, setTimeout } = globalThis
      const drawn = new Promise((resolve) => (globalThis.draw = resolve))
      globalThis.requestAnimationFrame = (act) => (void drawn.then(() => requestAnimationFrame(act)), 0)
      globalThis.setTimeout = (act, ms, ...more) => (ms === 100 ? 0 : setTimeout(act, ms, ...more))
    })
    await person.page.reload()
    await person.shows(asked[1].text)
    checks.equal(await person.page.evaluate(() => globalThis.before), 'answers kept kept+answers+receipts', 'what was read before the first question was there')
    await person.page.waitForTimeout(1000)
    checks.equal(await person.page.evaluate(() => globalThis.begun.filter((what) => /answers$|log/.test(what) && what.startsWith('/')).join(' ')), '', 'what was sent before it was on the screen')
    at.open()
    await person.page.evaluate(() => globalThis.draw())
    await until(async () => (await person.stored('answers')) === 0, 'the answer that waited is sent')
    server.world.before = undefined
    await person.close()
  })

  await checks.step('answering: the second of a double tap is not for the next question', async () => {
    clear()
    const asked = ['Is 29 a prime number?', 'Is 30 a prime number?', 'Is 31 a prime number?'].map((text) => ask(text))
    const person = await open('double')
    await person.page.addInitScript(() => localStorage.setItem('settings', '{"undo":90}'))
    await person.begin()
    await person.shows(asked[0].text)
    const box = await person.page.locator('.answer').first().boundingBox()
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await person.page.evaluate(([x, y]) => {
      const heading = () => document.querySelector('main h1')?.textContent
      const first = heading()
      new MutationObserver((_, watch) => {
        if (!heading() || heading() === first) return
        watch.disconnect()
        globalThis.under = document.elementFromPoint(x, y).closest('.answer') ? 'an answer' : 'nothing'
      }).observe(document, { childList: true, subtree: true, characterData: true })
    }, [x, y])
    await person.page.mouse.click(x, y)
    await person.shows(asked[1].text)
    checks.equal(await person.page.evaluate(() => globalThis.under), 'nothing', 'what a second tap meets when the next question comes')
    await person.page.locator('.phone:not(.deaf)').waitFor()
    await person.page.mouse.click(x, y)
    await person.shows(asked[2].text)
    await person.close()
  })

  await checks.step('answering: a tick, swipes, two fingers on a picture, and a calm end', async () => {
    clear()
    const asked = [ask('Is there a door?', { image: image.hash }), ask('Is 29 a prime number?'), ask('Is 30 a prime number?')]
    const person = await open('hands', { also: ['.dark'], more: { hasTouch: true } })
    const { page } = person
    await page.addInitScript(() => {
      globalThis.ticks = 0
      Navigator.prototype.vibrate = () => ++globalThis.ticks > 0
    })
    await person.begin()
    await person.shows(asked[0].text)
    const fingers = await person.fingers()
    const sweep = (from, to, y) => fingers.fling([from, y], [to, y])
    // Two fingers on the picture open it; there they zoom it.
    const picture = page.locator('.media img')
    await picture.waitFor()
    const box = await picture.boundingBox()
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    const two = [[x - 20, y], [x + 20, y]]
    await fingers.pinch(two, two)
    const smaller = page.getByRole('button', { name: 'Smaller' })
    await smaller.waitFor()
    checks.ok(await smaller.isDisabled(), 'the whole picture is shown first')
    const width = async () => (await page.locator('.pan img').boundingBox()).width
    const before = await width()
    await fingers.pinch([[150, 300], [240, 300]], [[90, 300], [300, 300]])
    await checks.becomes(async () => (await width()) > before * 1.8, true, 'the picture is larger')
    await person.accessible('pinched')
    await person.shot('pinched')
    await page.getByRole('button', { name: 'Close' }).click()
    // A swipe skips, the other way takes it back; neither answers.
    await sweep(300, 120, 200)
    await page.getByText('Skipped.', { exact: true }).waitFor()
    await page.getByRole('heading', { name: asked[1].text }).waitFor()
    await sweep(90, 280, 200)
    await page.getByRole('heading', { name: asked[0].text }).waitFor()
    checks.equal(await page.evaluate(() => globalThis.ticks), 0, 'ticks before an answer')
    for (const q of asked) {
      await page.getByRole('heading', { name: q.text }).waitFor()
      await page.locator('.answers .answer:enabled').first().tap()
      await page.getByText('You answered Yes').waitFor()
      await page.locator('main h1').filter({ hasNotText: q.text }).waitFor()
    }
    checks.equal(await page.evaluate(() => globalThis.ticks), 3, 'ticks for three answers')
    await page.getByText('3 answers in this sitting, for 0.054').waitFor()
    await person.accessible('sitting')
    await person.shot('sitting')
    await person.sent()
    // Both can be turned off.
    await person.go('/key')
    await page.getByRole('checkbox', { name: /^A tick/ }).uncheck()
    await page.getByRole('checkbox', { name: /^Swipe/ }).uncheck()
    await person.accessible('hands settings')
    await person.shot('hands-settings', { full: true })
    const more = ask('Is 31 a prime number?')
    await person.go('/')
    await person.shows(more.text)
    await sweep(300, 120, 200)
    await person.tap('Yes')
    checks.equal(await page.evaluate(() => globalThis.ticks), 0, 'ticks when turned off')
    await person.sent()
    server.close(more, 'cancelled')
    await person.close()
  })

  await checks.step('install: the manifest fits its files, and the browser finds nothing wrong with it', async () => {
    const person = await open('manifest', { worker: true })
    const { page } = person
    await person.go('/')
    const manifest = await page.evaluate(() => fetch('/manifest.webmanifest').then((r) => r.json()))
    const pictures = [...manifest.icons, ...manifest.screenshots, ...manifest.shortcuts.flatMap((s) => s.icons)]
    for (const { src, sizes } of pictures) {
      const got = await page.evaluate((url) => new Promise((resolve) => Object.assign(new Image(), { src: url, onload: (e) => resolve(`${e.target.naturalWidth}x${e.target.naturalHeight}`), onerror: () => resolve('missing') })), src)
      checks.ok(sizes === 'any' ? got !== 'missing' : got === sizes, `${src} is ${got}, and the manifest says ${sizes}`)
    }
    for (const { url } of manifest.shortcuts) {
      await person.go(url)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      checks.equal(await page.getByText('There is no such page.').count(), 0, `shortcuts to nowhere: ${url}`)
    }
    const cdp = await person.context.newCDPSession(page)
    const { errors } = await cdp.send('Page.getAppManifest')
    checks.equal(JSON.stringify(errors), '[]', 'what the browser says of the manifest')
    await person.close()
  })

  await checks.step('install: the offer comes in a pause, and not now means not now', async () => {
    clear()
    const q = ask('Is 37 a prime number?')
    const person = await open('install', { also: ['.dark'], worker: true })
    const { page } = person
    await person.begin()
    await page.evaluate(() => {
      globalThis.prompts = 0
      globalThis.offer = () => {
        const event = new Event('beforeinstallprompt', { cancelable: true })
        event.prompt = async () => (globalThis.prompts++, { outcome: 'dismissed' })
        dispatchEvent(event)
      }
      globalThis.offer()
    })
    await person.shows(q.text)
    checks.equal(await page.getByText('Keep TaskNet on this phone?').count(), 0, 'offers beside a question')
    await person.tap('Yes')
    await page.getByText('Keep TaskNet on this phone?').waitFor()
    await person.sent()
    await person.accessible('install')
    await person.shot('install')
    await page.getByRole('button', { name: 'Install' }).click()
    await page.getByText('Keep TaskNet on this phone?').waitFor({ state: 'detached' })
    checks.equal(await page.evaluate(() => globalThis.prompts), 1, 'questions of the browser itself')
    await page.evaluate(() => globalThis.offer())
    await page.getByRole('button', { name: 'Not now' }).click()
    await page.evaluate(() => globalThis.offer())
    await page.getByRole('link', { name: 'Key and settings' }).click()
    await page.getByRole('button', { name: 'Install it on this phone' }).waitFor() // where one looks for it, it stays
    await person.accessible('install settings')
    await person.shot('install-settings', { full: true })
    await page.getByRole('link', { name: /Questions/ }).click()
    await page.getByRole('heading', { name: 'No questions now.' }).waitFor()
    checks.equal(await page.getByText('Keep TaskNet on this phone?').count(), 0, 'offers after not now')
    await person.close()
  })

  await checks.step('install: where the manifest gives no start picture, the page draws it, of the size of the screen', async () => {
    const person = await open('start', { more: { deviceScaleFactor: 3, screen: { width: 390, height: 844 } } })
    await person.page.addInitScript(() => Object.assign(Navigator.prototype, { standalone: false }))
    await person.go('/')
    await person.page.locator('link[rel=apple-touch-startup-image]').nth(1).waitFor({ state: 'attached' })
    const sizes = await person.page.evaluate(async () => {
      const links = [...document.querySelectorAll('link[rel=apple-touch-startup-image]')]
      const pictures = await Promise.all(links.map(async (link) => {
        const picture = new Image()
        picture.src = link.href
        await picture.decode()
        const canvas = new OffscreenCanvas(picture.width, picture.height)
        const on = canvas.getContext('2d')
        on.drawImage(picture, 0, 0)
        const colours = new Set(new Uint32Array(on.getImageData(picture.width / 4, picture.height / 4, picture.width / 2, picture.height / 2).data.buffer))
        return `${link.media} ${picture.width}x${picture.height} ${colours.size > 2 ? 'with the mark' : 'empty'}`
      }))
      return pictures.join()
    })
    checks.equal(sizes, '(orientation: portrait) 1170x2532 with the mark,(orientation: landscape) 2532x1170 with the mark', 'the start pictures')
    await person.close()
  })

  await checks.step('install: a newer version waits until the person says so', async () => {
    clear()
    const q = ask('Is 41 a prime number?', { quorum: { policy: 'fixed:9' } })
    for (const [n, [suffix, options]] of views.entries()) {
      const person = await open(`update${suffix}`, { ...options, worker: true })
      const { page } = person
      const shells = () => page.evaluate(() => caches.keys().then((all) => all.filter((name) => name.startsWith('shell-')).join()))
      await person.begin()
      await person.installed()
      const old = await shells()
      server.world.release = `${n}`.repeat(16)
      await person.shows(q.text)
      await page.evaluate(() => navigator.serviceWorker.getRegistration().then((r) => void r.update()))
      await until(() => page.evaluate(() => navigator.serviceWorker.getRegistration().then((r) => !!r.waiting)), 'the new version waits')
      checks.equal(await page.getByText('A new version of TaskNet is here.').count(), 0, 'offers that move a question')
      await page.getByRole('link', { name: /Earned/ }).click()
      await page.getByText('A new version of TaskNet is here.').waitFor()
      await page.getByRole('button', { name: 'Later' }).click()
      await page.getByText('A new version').waitFor({ state: 'detached' })
      checks.ok((await shells()).includes(old), 'the version in use stays')
      await person.go('/')
      await page.getByText('A new version of TaskNet is here.').waitFor()
      await person.shows(q.text)
      await person.accessible(`update${suffix}`)
      await person.shot(`update${suffix}`)
      const loaded = page.waitForEvent('load')
      await page.getByRole('button', { name: 'Update', exact: true }).click()
      await loaded
      await checks.becomes(shells, `shell-${server.world.release}`, 'the version after the update')
      await person.shows(q.text)
      checks.equal(await page.getByText('A new version').count(), 0, 'offers of what is in use')
      await person.close()
      server.world.release = undefined
    }
  })

  await checks.step('install: a cold start without a network shows the question with its picture, and keeps the answer', async () => {
    clear()
    const q = ask('Is there a window?', { image: image.hash })
    const person = await open('cold', { worker: true })
    await person.begin()
    await person.installed()
    await person.page.locator('.media img').waitFor()
    await until(async () => (await person.stored('media')) === 1 && (await person.stored('kept', 'deck'))?.cards.length === 1, 'the question and its picture are kept')
    // A server that takes its time is not waited for, and where the browser knows static routes the worker is not, either.
    let answer
    const later = new Promise((resolve) => (answer = resolve))
    server.world.before = (url) => url.pathname.startsWith('/v1/') && later
    await person.page.reload()
    await person.shows(q.text)
    const { workerFinalSourceType: from = 'cache' } = await person.page.evaluate(() => performance.getEntriesByType('navigation')[0].toJSON())
    checks.equal(from, 'cache', 'where the page comes from')
    server.world.before = undefined
    answer()
    await person.page.close()
    await person.context.setOffline(true)
    person.page = await person.context.newPage()
    await person.go('/')
    await person.shows(q.text)
    await person.page.waitForFunction(() => document.querySelector('.media img')?.naturalWidth > 0)
    await person.page.getByText('You are offline.').waitFor()
    await person.tap('Yes')
    await person.context.setOffline(false)
    await person.sent()
    checks.equal(q.answers, 1, 'answers that the server has')
    await person.close()
  })

  /** Sends the form of the system's share sheet. */
  const share = (page) =>
    page.evaluate(async (picture) => {
      const bytes = await fetch(picture).then((r) => r.blob())
      const files = new DataTransfer()
      files.items.add(new File([bytes], 'roof.png', { type: 'image/png' }))
      const form = Object.assign(document.createElement('form'), { action: '/share', method: 'POST', enctype: 'multipart/form-data' })
      for (const [name, value] of [['title', 'A storm'], ['text', 'https://example.org/storm'], ['url', '']]) form.append(Object.assign(document.createElement('input'), { name, value }))
      const file = Object.assign(document.createElement('input'), { type: 'file', name: 'picture' })
      file.files = files.files
      form.append(file)
      document.body.append(form)
      form.submit()
    }, image.url)

  await checks.step('install: what another app shares is in the form that asks about it', async () => {
    const person = await open('share', { also: ['.dark'], worker: true })
    const { page } = person
    await person.go('/')
    await person.installed()
    await share(page)
    await page.waitForURL('**/ask')
    await page.getByLabel('API key').fill(server.apiKey)
    await page.getByRole('button', { name: 'Open the console' }).click()
    await page.getByRole('button', { name: 'Remove the picture' }).waitFor()
    checks.equal(await page.getByLabel('Passage').inputValue(), 'A storm\nhttps://example.org/storm', 'what was shared')
    await person.accessible('share')
    await person.shot('share')
    await page.getByLabel('Passage').fill('')
    await page.reload()
    await page.getByRole('button', { name: 'Remove the picture' }).waitFor()
    checks.equal(await page.getByText('https://example.org/storm').count(), 0, 'what was taken once comes again')
    await person.close()
  })

  await checks.step('install: what is shared to a browser that has lost the worker is there, too, but for a picture', async () => {
    const person = await open('share-lost', { also: ['.dark', '.320'] })
    const { page } = person
    await person.go('/')
    await share(page)
    await page.waitForURL('**/ask#*')
    await page.getByLabel('API key').fill(server.apiKey)
    await page.getByRole('button', { name: 'Open the console' }).click()
    await page.getByText('The picture that you shared did not come along. Choose it here.').waitFor()
    checks.equal(await page.getByLabel('Passage').inputValue(), 'A storm\nhttps://example.org/storm', 'what was shared')
    checks.equal(new URL(page.url()).hash, '', 'what is left of it in the address')
    await person.accessible('share-lost')
    await person.shot('share-lost', { full: true })
    await person.close()
  })
}
