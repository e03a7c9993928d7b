// The pages against the mock server: states that a real server reaches only by accident (offline, forged, tampered,
// empty), and pictures of every page. node e2e/pages.mjs [--shots DIR] [--only PATTERN of the steps' names; some use what earlier ones left]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { crowd } from './crowd.mjs'
import { browser, desk, drawn, narrow, phone, until } from './drive.mjs'
import { runGroups } from './lanes.mjs'
import { unload } from './sources.mjs'
import { caseSteps, typeSteps } from './types.mjs'
import { touchSteps } from './touch.mjs'
import { answeringSteps } from './answering.mjs'
import { appSteps } from './app.mjs'
import { arrivalSteps } from './arrivals.mjs'
import { roomSteps } from './rooms.mjs'
import { jobSteps } from './jobs.mjs'
import { walletSteps } from './wallet.mjs'
import { moveSteps } from './move.mjs'
import { keyboardSteps } from './keyboard.mjs'
import { languageSteps } from './languages.mjs'
import { nodeSteps } from './node.mjs'
import { moneySteps } from './money.mjs'
import { listSteps } from './lists.mjs'
import { payoutSteps } from './payouts.mjs'
import { addressSteps } from './address.mjs'
import { erasedSteps } from './erased.mjs'
import { exitSteps } from './exit.mjs'
import { logSteps } from './log.mjs'
import { outboxSteps } from './outbox.mjs'
import { profileSteps } from './profile.mjs'
import { pushSteps } from './push.mjs'
import { zoomSteps } from './zoom.mjs'

const base = { quorum: { policy: 'fixed:3' }, price: '0.018', deadline_seconds: 86_400 }

/** What is asked first: words, pictures, and from two choices to eight. */
function questions(image, street) {
  return [
    { ...base, text: 'What happened to this roof?', choices: ['Missing tiles', 'Fallen tree', 'Water damage', 'No damage'], image: image.hash, image_alt: 'A house from the street; part of the roof has no tiles.' },
    { ...base, text: 'Does this customer complain about a delay?\nThe parcel arrived in one piece, but four days after the date you gave me, and nobody wrote to say so.', choices: ['Yes', 'No'], price: '0.012' },
    { ...base, text: 'Can you see water on the street?', choices: ['Yes', 'No'], image: street.hash, image_alt: 'A house by a road.' },
    { ...base, text: 'Which of these is not a fruit?', choices: ['Apple', 'Pear', 'Plum', 'Chair', 'Quince', 'Fig'], price: '0.02' },
    { ...base, text: 'Is 17 a prime number?', choices: ['Yes, it is', 'No, it is not', 'It depends on what is meant by a prime number'] },
    { ...base, text: 'Which day is the 21st of November 2026?', choices: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday', 'None of these'] },
  ]
}

/** What a person sees who answers. */
async function peopleSteps({ checks, server, open, image, street, wide }) {
  await checks.step('a server without questions: the first visit', async () => {
    const person = await open('first-empty')
    await person.begin()
    await person.page.getByRole('heading', { name: 'No questions now.' }).waitFor()
    await person.page.getByText('your first question').waitFor()
    checks.equal(await person.page.getByText('What became of your answers').count(), 0, 'links to answers that nobody gave')
    await person.accessible('first empty')
    await person.shot('empty-first')
    await person.close()
  })

  const first = questions(image, street).map((body) => server.ask(body, { sample: body.price === '0.012' }))

  await checks.step('onboarding', async () => {
    const person = await open('onboarding', { also: ['.dark', '.320'] })
    await person.go('/')
    await person.page.getByRole('button', { name: 'Answer a first question' }).waitFor()
    await person.accessible('onboarding')
    await person.shot('onboarding')
    await person.page.getByRole('button', { name: 'How it works' }).click()
    await person.page.getByRole('heading', { name: 'How it works' }).waitFor()
    await person.accessible('how')
    await person.shot('how', { full: true })
    await person.close()
  })

  await checks.step('every kind of question, in light, dark and narrow', async () => {
    const person = await open('question', { also: ['.dark', '.320'] })
    await person.begin()
    for (let i = 0; i < first.length; i++) {
      await person.shows(first[i].text)
      if (first[i].image) await person.page.locator('.media img').waitFor()
      checks.equal(await person.page.locator('.top .amt').innerText(), `${first[i].price.padEnd(4, '0')}tUSD`, 'the pay and its unit')
      await person.accessible(`question ${i + 1}`)
      await person.shot(`question-${i + 1}`)
      if (i === 0) {
        await person.page.getByRole('button', { name: 'Enlarge the picture' }).click()
        await person.page.getByRole('button', { name: 'Larger' }).waitFor()
        await person.shot('zoom-1')
        await person.page.keyboard.press('+')
        await person.page.locator('.tools button:enabled').nth(2).waitFor()
        await person.accessible('zoom')
        await person.shot('zoom')
        await person.page.keyboard.press('Escape')
      }
      await person.page.keyboard.press('s')
    }
    await person.page.getByRole('heading', { name: 'No questions now.' }).waitFor()
    await person.accessible('empty')
    await person.shot('empty')
    await person.close()
  })

  await checks.step('nothing moves while a question and its picture load', async () => {
    const person = await open('shift')
    await person.begin()
    await person.page.evaluate(() => {
      globalThis.shift = 0
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await person.page.reload()
    await person.page.evaluate(() => {
      globalThis.shift = 0
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await person.question()
    await person.page.locator('.media img').waitFor()
    await person.page.waitForTimeout(300)
    const shift = await person.page.evaluate(() => globalThis.shift)
    checks.ok(shift < 0.01, `layout shift is ${shift}`)
    await person.close()
  })

  await checks.step('keys answer, undo and skip; an undone answer is never sent', async () => {
    const person = await open('keyboard')
    await person.begin()
    await person.question()
    const posts = []
    person.page.on('request', (r) => r.url().endsWith('/v1/answers') && posts.push(r.postDataJSON()))
    await person.page.keyboard.press('1')
    await person.page.getByText('You answered Missing tiles').waitFor()
    await person.page.getByRole('heading', { name: 'Does this customer' }).waitFor()
    await person.page.keyboard.press('u') // at once: pictures would take longer than an answer waits
    await person.shows('What happened to this roof?')
    checks.equal(posts.length, 0, 'posts after undo')
    await person.page.keyboard.press('2')
    await person.page.getByRole('heading', { name: 'Does this customer' }).waitFor()
    await person.shot('answered')
    await person.accessible('toast')
    await person.page.keyboard.press('1') // the next answer sends the one before
    await person.shows('Can you see water')
    await person.shot('answered-next')
    await person.sentInTime()
    checks.equal(posts.length, 2, 'posts when the time is over')
    checks.equal(posts[0]?.choice, 1, 'the choice that is sent')
    await person.close()
  })

  await checks.step('offline: answers are kept, shown as kept, and sent once when the server is back', async () => {
    const person = await open('offline', { also: ['.dark'], worker: true })
    await person.begin()
    await person.installed() // from then on its other pages are there without the server
    // The phone holds three questions, two of them with pictures.
    await until(async () => (await person.stored('kept', 'deck'))?.cards.length === 3 && (await person.stored('media')) === 2, 'three questions are kept')
    server.world.down = true
    const before = first[0].answers
    for (let i = 0; i < 3; i++) {
      await person.shows(first[i].text)
      await person.page.keyboard.press('1')
      await until(async () => (await person.stored('answers')) === i + 1, `answer ${i + 1} is kept`)
    }
    await person.page.getByText('The server does not answer. Keep answering.').waitFor()
    await person.accessible('offline')
    await person.shot('offline')
    await person.page.getByRole('link', { name: /Answered/ }).click()
    await checks.becomes(() => person.page.getByText('goes out when the server answers').count(), 3, 'kept answers that are listed')
    await person.shot('offline-answers')
    checks.equal(first[0].answers, before, 'answers at the server while it is down')
    await person.page.getByText('Answers from before are shown when the server answers.').waitFor()
    checks.equal(await person.page.getByRole('alert').count(), 0, 'alerts beside the banner')
    // The sums follow the answers out, and never dip on the way.
    await person.page.evaluate(() => {
      globalThis.sums = new Set()
      const look = () => globalThis.sums.add(document.querySelector('header .end')?.textContent)
      look()
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
    })
    server.world.down = false
    await person.sentInTime(60_000)
    checks.ok(first[0].answers === before + 1 || first[0].status === 'closed', 'the answer arrives once')
    const bar = person.page.getByRole('navigation', { name: 'Main' })
    await checks.becomes(() => bar.locator('.n').allInnerTexts().then((all) => all.slice(1).join()), '0.048,3', 'the bar after the answers were sent')
    checks.equal(await person.page.evaluate(() => [...globalThis.sums].join()), '3 in all', 'sums in the header while answers are sent')
    const known = ['earnings', 'payouts?limit=20', 'bonuses?limit=20'].map((name) => person.page.waitForResponse((r) => r.url().endsWith(`/v1/me/${name}`)))
    await bar.getByRole('link', { name: /Earned/ }).click()
    await person.page.getByText('Held', { exact: true }).waitFor()
    await Promise.all(known)
    server.world.down = true
    await bar.getByRole('link', { name: /Answered/ }).click()
    await person.page.locator('.mine').first().waitFor()
    await bar.getByRole('link', { name: /Earned/ }).click()
    await person.page.getByText(/What is shown is as of \d\d:\d\d\./).waitFor()
    checks.ok(await person.page.getByText('Held', { exact: true }).isVisible(), 'what is known is shown')
    checks.equal(await person.page.getByRole('alert').count(), 0, 'alerts beside the banner on Earned')
    await person.accessible('offline earned')
    await person.shot('offline-earned')
    server.world.down = false
    await person.close()
  })

  await checks.step('a question that was changed on its way is not signed', async () => {
    server.world.tamper = true
    const person = await open('tampered')
    await person.begin()
    await person.page.getByText('This question was changed on its way.').waitFor()
    checks.equal(await person.page.locator('.answers .answer:enabled').count(), 0, 'answer buttons')
    await person.accessible('tampered')
    await person.shot('tampered')
    server.world.tamper = false
    await person.close()
  })

  await checks.step('a picture with another fingerprint stops the answer', async () => {
    const person = await open('swapped')
    const fresh = server.ask({ ...base, text: 'What is this?', choices: ['A', 'B'], image: image.hash })
    const kept = server.world.media.get(image.hash).data
    server.world.media.get(image.hash).data = wide
    await person.begin()
    await person.skipTo('What is this?')
    await person.page.getByText('This is not the picture that was asked about.').waitFor()
    await person.accessible('wrong picture')
    await person.shot('picture-wrong')
    server.world.media.get(image.hash).data = kept
    server.close(fresh, 'cancelled')
    await person.close()
  })

  await checks.step('an answer that comes too late is told in plain words', async () => {
    const q = server.ask({ ...base, text: 'Is it too late?', choices: ['Yes', 'No'] })
    const person = await open('late')
    await person.begin()
    checks.ok(await person.answerTo('Is it too late?', 'Yes'), 'the question is there')
    server.close(q, 'deadline')
    await person.page.getByText('closed before your answer arrived, so it is not paid').waitFor()
    await person.accessible('late')
    await person.shot('late')
    await person.close()
  })

  await checks.step('an old token is renewed silently', async () => {
    const person = await open('token')
    await person.begin()
    server.world.tokens.clear()
    await person.page.reload()
    await person.page.getByRole('link', { name: /Earned/ }).waitFor()
    await person.go('/earned')
    await person.page.getByText('Held', { exact: true }).waitFor()
    checks.equal(await person.page.getByRole('alert').count(), 0, 'alerts')
    await person.close()
  })

  await checks.step('a server that was set up anew gets a new registration', async () => {
    const person = await open('anew')
    await person.begin()
    server.world.tokens.clear()
    server.world.devices.clear()
    await person.go('/earned')
    await person.page.getByText('Held', { exact: true }).waitFor()
    await person.close()
  })

  await checks.step('a server error is shown with a way on', async () => {
    const person = await open('broken')
    await person.begin()
    await person.page.route('**/v1/me/earnings', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"code":"internal","detail":"Something failed on this server. It was logged; try again.","status":500}' }))
    await person.go('/earned')
    await person.page.getByRole('button', { name: 'Try again' }).waitFor()
    await person.accessible('error')
    await person.shot('earned-error')
    await person.close()
  })

  await checks.step('earned, answered, key', async () => {
    const person = await open('money', { also: ['.dark', '.320'] })
    await person.begin()
    const mine = server.ask({ ...base, quorum: { policy: 'fixed:1' }, text: 'Is this the only answer?', choices: ['Yes', 'No'] })
    for (let i = 0; i < 3; i++) {
      const shown = await person.question()
      await person.page.keyboard.press('1')
      await person.page.locator('main h1').filter({ hasNotText: shown }).waitFor()
    }
    checks.ok(await person.answerTo('Is this the only answer?', 'Yes'), 'the question that one answer closes is there')
    await person.sent()
    const them = [...server.world.people.values()].at(-1)
    them.past = [3, 2, 0, 4, 4, 2, 6, 3, 0, 1, 5, 4, 3]
    await until(() => mine.status === 'closed' && them.payouts.at(-1)?.state === 'settled', 'the payout is on the chain')
    await person.go('/earned')
    await person.page.locator('.fold button').first().click()
    await person.page.getByRole('button', { name: 'Check on this phone' }).click()
    await person.page.getByText('Your address and amount are under this root.').waitFor()
    await person.accessible('earned')
    await person.shot('earned', { full: true })
    await person.go('/answered')
    await person.page.locator('.mine').first().waitFor()
    await person.page.locator('.mine button').first().click()
    await person.accessible('answered')
    await person.shot('answers', { full: true })
    await person.go('/key')
    await person.page.getByText('The key itself, for another wallet').click()
    await person.page.getByRole('button', { name: 'Show it' }).click()
    await person.accessible('key')
    await person.shot('key', { full: true })
    await person.close()
  })

  await checks.step('a saved key brings the person back on another device', async () => {
    const one = await open('one')
    await one.begin()
    await one.go('/key')
    await one.page.getByText('The key itself, for another wallet').click()
    await one.page.getByRole('button', { name: 'Show it' }).click()
    const key = (await one.page.getByLabel('Private key').first().innerText()).trim()
    const two = await open('two')
    await two.go('/')
    await two.page.getByRole('button', { name: 'I have a key' }).click()
    await two.page.getByLabel('24 words, or a private key').fill('nonsense')
    await two.page.getByRole('button', { name: 'Use this key' }).click()
    await two.page.getByText('That is neither a private key').waitFor()
    await two.shot('restore-wrong')
    await two.page.getByLabel('24 words, or a private key').fill(key)
    await two.page.getByRole('button', { name: 'Use this key' }).click()
    await two.page.waitForURL('**/earned')
    await checks.becomes(() => [...server.world.people.values()].some((p) => p.devices.length === 2), true, 'one person has two devices')
    await one.close()
    await two.close()
  })

  await checks.step('two windows at the first start make one person', async () => {
    const before = server.world.people.size
    const person = await open('twins', { worker: true })
    const other = await person.context.newPage()
    await Promise.all([person.go('/'), other.goto(`${server.url}/`)])
    await Promise.all([person.page, other].map((page) => page.getByRole('button', { name: 'Answer a first question' }).click()))
    await Promise.all([person.page, other].map((page) => page.getByRole('navigation', { name: 'Main' }).waitFor()))
    await checks.becomes(() => server.world.people.size, before + 1, 'people')
    await person.close()
  })

  await checks.step('the service worker starts the app without a network', async () => {
    const asked = server.ask({ ...base, text: 'Is there a network?', choices: ['Yes', 'No'] })
    const person = await open('worker', { worker: true })
    await person.begin()
    await person.installed()
    await until(async () => (await person.stored('kept', 'deck'))?.cards.length > 0, 'the question is kept')
    server.world.down = true
    await person.context.setOffline(true)
    await person.page.reload()
    await person.question()
    await person.page.getByText('You are offline.').waitFor()
    await person.go('/earned')
    await person.page.getByRole('heading', { name: 'Earned' }).waitFor()
    server.world.down = false
    server.close(asked, 'cancelled')
    await person.close()
  })

  await checks.step('plain http: keys without crypto.subtle, one person in two windows without web locks', async () => {
    const before = server.world.people.size
    const person = await open('plain')
    const plain = server.url.replace('127.0.0.1', 'tasknet.test') // not localhost, so not a secure context
    const other = await person.context.newPage()
    await Promise.all([person.page.goto(plain), other.goto(plain)])
    checks.equal(await person.page.evaluate(() => [isSecureContext, typeof crypto.subtle, typeof navigator.locks].join()), 'false,undefined,undefined', 'the context')
    await person.page.getByText('This page came over plain http.').waitFor()
    checks.equal(await person.page.getByText('notification').count(), 0, 'promises of notifications')
    await person.shot('onboarding-http')
    await Promise.all([person.page, other].map((page) => page.getByRole('button', { name: 'Answer a first question' }).click()))
    await Promise.all([person.page, other].map((page) => page.getByRole('navigation', { name: 'Main' }).waitFor()))
    await checks.becomes(() => server.world.people.size, before + 1, 'people')
    server.ask({ ...base, text: 'Over plain http?', choices: ['Yes', 'No'] })
    await person.page.bringToFront()
    checks.ok(await person.answerTo('Over plain http?', 'Yes'), 'the question is answered')
    await person.sent()
    await person.close()
  })
}

/** What a requester and the public see. */
async function requesterSteps({ checks, server, open, image, street, roof }) {
  await peopleAnswer(server, image, street)

  await checks.step('the console, in light, dark, on a phone and narrow', async () => {
    for (const [suffix, options] of [['', { size: desk, also: ['.dark'] }], ['.390', { also: ['.320'] }]]) {
      const person = await open(`console${suffix}`, options)
      await person.go('/console')
      await person.page.getByLabel('API key').waitFor()
      await person.accessible(`gate${suffix}`)
      await person.shot(`gate${suffix}`)
      await person.enter(server.apiKey)
      await person.page.locator('table tbody tr').first().waitFor()
      await person.page.getByText('Live', { exact: true }).waitFor()
      await person.settled()
      const figures = (await person.page.locator('.figure').allInnerTexts()).map((t) => t.replace(/\s*tUSD/, ''))
      checks.equal(Number(figures[0]), Number(server.world.available) / 1e6, 'what is available, to the last digit')
      await checks.becomes(() => person.page.locator('.purse .n').innerText().then((t) => t.startsWith(figures[0]) || t), true, 'the rail shows the same amount')
      await person.accessible(`console${suffix}`)
      await person.shot(`console${suffix}`, { full: suffix !== '' })
      const id = await person.ask({ text: `What happened to this roof? ${suffix}`, choices: ['Missing tiles', 'Fallen tree', 'Water damage', 'No damage'], people: 2, image: { name: 'roof.png', mimeType: 'image/png', buffer: roof }, alt: 'A house from the street' })
      await person.page.getByText('Live', { exact: true }).waitFor()
      await person.shot(`open${suffix}`, { full: true })
      await person.page.goBack()
      await person.page.getByRole('heading', { name: 'Ask a question' }).waitFor()
      await person.page.getByRole('textbox', { name: 'Question' }).fill('What happened to this roof?')
      await person.page.getByRole('textbox', { name: 'Choice 1', exact: true }).fill('Missing tiles')
      await person.page.getByRole('button', { name: /^Ask now/ }).click()
      await person.page.getByText('Every choice needs words.').waitFor()
      await person.page.getByRole('button', { name: 'When sure' }).click()
      checks.equal(await person.page.getByLabel('At least').inputValue(), '2', 'the least of a fresh draft')
      checks.equal(await person.page.getByLabel('At most').inputValue(), '10', 'the most of a fresh draft')
      const command = person.page.getByLabel('The same question as a curl command')
      const key = /Idempotency-Key: ([0-9a-f]{32})"/.exec(await command.innerText())?.[1]
      await person.page.getByLabel('At most').fill('9')
      await command.filter({ hasText: '"max": 9' }).waitFor()
      checks.ok(key && !(await command.innerText()).includes(key), 'another question has another key in the command')
      await person.accessible(`ask${suffix}`)
      await person.shot(`ask${suffix}`, { full: true })
      for (const [path, name] of [['/console/money', 'money'], ['/console/keys', 'keys']]) {
        await person.go(path)
        await person.page.getByRole('heading', { level: 1 }).waitFor()
        await person.settled()
        await person.accessible(`${name}${suffix}`)
        await person.shot(`${name}${suffix}`, { full: true })
      }
      await person.go(`/console/q/${id}`)
      await person.page.getByRole('button', { name: 'Cancel' }).click()
      await person.page.getByText('so all of the').waitFor()
      checks.equal(await person.page.evaluate(() => document.activeElement.textContent), 'Go on asking', 'the default of the dialog')
      await person.accessible(`cancel${suffix}`)
      await person.shot(`cancel${suffix}`)
      await person.page.getByRole('button', { name: 'Stop asking' }).click()
      await person.page.getByRole('heading', { name: 'Cancelled' }).waitFor()
      await person.page.getByRole('heading', { name: 'Nobody answered' }).waitFor()
      checks.equal(await person.page.getByRole('link', { name: 'Verify this verdict' }).count(), 0, 'verdicts to verify where there is none')
      await checks.becomes(() => person.page.locator('.choices .count').allInnerTexts().then((all) => all.join()), '0,0,0,0', 'what nobody said')
      await person.shot(`cancelled${suffix}`, { full: true })
      const decided = [...server.world.questions.values()].find((q) => q.verdict?.outcome === 'decided' && q.answers === 3) ?? [...server.world.questions.values()].find((q) => q.verdict?.outcome === 'decided')
      await person.go(`/console/q/${decided.id}`)
      await person.page.getByRole('link', { name: 'Verify this verdict' }).waitFor()
      await person.accessible(`verdict${suffix}`)
      await person.shot(`verdict${suffix}`, { full: true })
      await person.page.getByRole('link', { name: 'Verify this verdict' }).click()
      await person.page.getByText('Four checks hold.').waitFor()
      await person.accessible(`record${suffix}`)
      await person.shot(`record${suffix}`, { full: true })
      await person.go('/verify')
      await person.page.locator('table tbody tr').first().waitFor()
      await person.accessible(`records${suffix}`)
      await person.shot(`records${suffix}`, { full: true })
      await person.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home' }).click()
      await person.page.getByRole('heading', { level: 1 }).filter({ hasText: 'open' }).waitFor()
      checks.equal(await person.page.locator('tr', { hasText: 'cancelled' }).getByText('none yet').count(), 0, 'closed questions that wait for answers')
      await person.close()
    }
  })

  await checks.step('the console says in its own words that the server is away', async () => {
    const person = await open('away', { size: desk, also: ['.390'] })
    await person.enter(server.apiKey)
    const rows = person.page.locator('table tbody tr')
    await person.page.getByText('Live', { exact: true }).waitFor()
    server.world.down = true
    for (const stream of server.world.streams) stream.res.destroy()
    await person.page.getByText('The server does not answer.').waitFor()
    await person.page.getByText(/What is shown is as of \d\d:\d\d\./).waitFor()
    checks.ok((await rows.count()) > 0, 'what is known stays')
    checks.equal(await person.page.getByText('on this phone').count(), 0, 'words for people who answer')
    await person.accessible('away')
    await person.shot('away')
    server.world.down = false
    await person.page.getByText('The server does not answer.').waitFor({ state: 'detached' })
    await person.close()
  })

  await checks.step('amounts with all their digits have room', async () => {
    const { available, spent } = server.world
    Object.assign(server.world, { available: 4_499_876_543n, spent: 1_123_456_789n })
    for (const size of [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, { width: 390, height: 844 }, narrow]) {
      const person = await open('digits', { size })
      await person.enter(server.apiKey)
      await person.page.locator('.figure').first().waitFor()
      await person.settled()
      await checks.becomes(() => person.page.locator('.purse .n').innerText().then((t) => t.split(/\s/)[0]), '4499.876543', 'the rail has every digit')
      const wide = await person.page.locator('.stat').evaluateAll((all) => all.filter((stat) => stat.scrollWidth > stat.clientWidth).map((stat) => stat.textContent))
      checks.equal(wide.join(), '', `figures without room at ${size.width}`)
      await person.shot(`digits.${size.width}`)
      await person.close()
    }
    Object.assign(server.world, { available, spent })
    for (const size of [{ width: 390, height: 844 }, narrow]) {
      const person = await open('digits-earned', { size })
      await person.begin()
      await person.page.route('**/v1/me/earnings', async (route) => route.fulfill({ json: { ...(await (await route.fetch()).json()), held: '1.159213', yours: '0.000001', in_epoch: '0', on_chain: '111.186464' } }))
      await person.go('/earned')
      await checks.becomes(() => person.page.locator('.hero.n').innerText(), '112.345678', 'all that was earned')
      await person.accessible(`digits earned ${size.width}`)
      await person.shot(`digits-earned.${size.width}`)
      await person.close()
    }
  })

  await checks.step('the public record leads on to answering and to the console', async () => {
    const person = await open('stranger')
    await person.go('/verify')
    await person.page.locator('label', { hasText: 'A question’s id' }).waitFor()
    await person.accessible('stranger')
    await person.shot('records-stranger')
    await person.page.getByRole('link', { name: 'Console' }).click()
    await person.page.getByLabel('API key').waitFor()
    await person.go('/verify')
    await person.page.getByRole('link', { name: 'Answer questions' }).click()
    await person.page.getByRole('button', { name: 'Answer a first question' }).waitFor()
    await person.close()
  })

  await checks.step('a forged record is caught, and its check is named', async () => {
    const q = [...server.world.questions.values()].find((x) => x.verdict?.outcome === 'decided')
    server.world.forge = (record) => ({ ...record, answers: record.answers.map((a, i) => (i === 0 ? { ...a, choice: (a.choice + 1) % q.choices.length } : a)) })
    const person = await open('forged', { size: desk })
    await person.go(`/verify/${q.id}`)
    await person.page.getByText('is not signed by its device').waitFor()
    await person.accessible('forged')
    await person.shot('record-forged')
    server.world.forge = undefined
    await person.close()
  })

  await checks.step('a faucet deposit arrives; a wrong key is refused at the gate', async () => {
    const person = await open('faucet', { size: desk })
    await person.enter(server.apiKey)
    await person.go('/console/money')
    await person.page.getByRole('button', { name: 'Deposit', exact: true }).click()
    await person.page.getByText('waiting for its blocks').waitFor()
    await person.page.locator('section', { has: person.page.getByRole('heading', { name: 'Deposits' }) }).locator('tbody tr').nth(1).waitFor()
    checks.ok(true, 'the deposit is listed')
    await person.page.getByRole('button', { name: 'Leave' }).click()
    await person.page.getByLabel('API key').fill(`tn_${'y'.repeat(52)}`)
    await person.page.getByRole('button', { name: 'Open the console' }).click()
    await person.page.getByText('This API key is not known').waitFor()
    await person.shot('gate-refused')
    await person.close()
  })
}

/** Questions are open, and others were decided by three people. */
async function peopleAnswer(server, image, street) {
  const [roof, delay, water, ...decided] = questions(image, street)
  for (const body of decided) server.ask(body)
  const three = await crowd(server.url, 3)
  await three.answer((question, who) => ({ choice: who === 2 ? 1 : 0 }))
  for (const body of [roof, delay, water]) server.ask(body)
}

async function pathSteps({ checks, server, shots }) {
  await checks.step('the whole way runs on the mock, too', async () => {
    const args = [fileURLToPath(new URL('path.mjs', import.meta.url)), '--url', server.url, '--key', server.apiKey, ...(shots ? ['--shots', `${shots}/path`] : [])]
    const run = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const [said, wrong, [code]] = await Promise.all([text(run.stdout), text(run.stderr), once(run, 'exit')])
    checks.say(...`${said}${wrong}`.trimEnd().split('\n').map((line) => `  ${line}`))
    checks.equal(code, 0, 'the exit code of path.mjs')
  })
}

// Steps of one group use what earlier ones of it left at the server; groups have nothing in common. Long ones come first.
// The way on a real server, step browser of .ci/test, is walked at every commit; the mock server has to walk it only in the long form.
const groups = [...(process.env.TASKNET_TEST_LONG ? [pathSteps] : []), peopleSteps, requesterSteps, caseSteps, answeringSteps, outboxSteps, walletSteps, moveSteps, roomSteps, jobSteps, touchSteps, typeSteps, zoomSteps, payoutSteps, erasedSteps, exitSteps, logSteps, moneySteps, addressSteps, listSteps, pushSteps, profileSteps, keyboardSteps, languageSteps, arrivalSteps, appSteps, nodeSteps]

const { values } = parseArgs({ options: { shots: { type: 'string' }, only: { type: 'string' } } })
const chrome = await browser({ light: true })
try {
  const [roof, wide] = [await drawn(chrome, 700, 900), await drawn(chrome, 900, 500)]
  process.exitCode = await runGroups(groups, chrome, { ...values, base, roof, wide, desk, narrow, phone })
} finally {
  await chrome.close()
  await unload()
}
