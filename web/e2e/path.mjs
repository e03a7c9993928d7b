// The whole way, on a running server: a requester asks in the console, three people with keys of their own answer on
// phones, the verdict arrives at the requester's page, the pay arrives on the chain, and the public record checks out.
//   node e2e/path.mjs --url http://127.0.0.1:8080 --key tn_... [--shots DIR] [--patience SECONDS]
import { parseArgs } from 'node:util'
import { browser, Checks, desk, drawn, Person, phone, until } from './drive.mjs'
import { cases, clip } from './types.mjs'

const { values } = parseArgs({ options: { url: { type: 'string' }, key: { type: 'string' }, shots: { type: 'string' }, patience: { type: 'string', default: '90' } } })
if (!values.url || !values.key) {
  console.error('usage: node e2e/path.mjs --url http://127.0.0.1:8080 --key tn_... [--shots DIR] [--patience SECONDS]')
  process.exit(2)
}

/** Runs the way; returns the exit code. */
export async function path({ url, key, shots, patience }) {
  const base = url.replace(/\/$/, '')
  const checks = new Checks()
  const chrome = await browser()
  const text = `Is the light on? (${Date.now().toString(36)})`
  const open = (name, options = {}) => Person.open(chrome, base, checks, { shots, name, worker: true, ...options })
  try {
    const requester = await open('requester', { size: desk })
    const people = []
    let id
    await checks.step('the requester enters and asks', async () => {
      await requester.enter(key)
      await requester.accessible('console')
      await requester.shot('console')
      await requester.page.getByRole('navigation').getByRole('link', { name: 'Ask', exact: true }).click()
      await requester.page.getByRole('heading', { name: 'Ask a question' }).waitFor()
      await requester.accessible('ask')
      id = await requester.ask({ text, choices: ['Yes', 'No'] })
      checks.ok(/^q_[0-9a-z]{26}$/.test(id), `the question has an id: ${id}`)
      await requester.page.getByText('Live', { exact: true }).waitFor()
      await requester.accessible('open question')
      await requester.shot('question-open')
    })

    await checks.step('three people begin', async () => {
      for (const name of ['first', 'second', 'third']) people.push(await open(name))
      await people[0].go('/')
      await people[0].accessible('onboarding')
      await people[0].shot('onboarding')
      for (const person of people) await person.begin()
      await people[0].question()
      await people[0].accessible('question')
      await people[0].shot('question')
    })

    await checks.step('an answer is undone, and given again', async () => {
      const [first] = people
      checks.ok(await first.answerTo(text, 'No'), 'the question reaches the first person')
      await first.page.getByRole('button', { name: 'Undo' }).waitFor()
      await first.shot('answered')
      await first.page.getByRole('button', { name: 'Undo' }).click()
      await checks.becomes(async () => (await first.question()).includes('Is the light on?'), true, 'undo brings the question back')
      await first.tap('Yes')
      await first.sentInTime()
    })

    await checks.step('the others answer, and the page fills live', async () => {
      await requester.page.getByRole('heading', { name: '1 answer so far' }).waitFor()
      checks.ok(await people[1].answerTo(text, 'No'), 'the question reaches the second person')
      await people[1].sent()
      await requester.page.getByRole('heading', { name: '2 answers so far' }).waitFor()
      checks.ok(await people[2].answerTo(text, 'Yes'), 'the question reaches the third person')
      await people[2].sent()
    })

    await checks.step('the verdict arrives at the requester', async () => {
      await requester.page.getByRole('heading', { level: 1, name: /Yes, confidence 0\.\d+/ }).waitFor()
      await checks.becomes(() => requester.page.locator('.facts2').first().innerText(), /Cost\s+0\.0621/, 'what three answers cost')
      await requester.accessible('verdict')
      await requester.shot('verdict')
    })

    await checks.step('the pay arrives on the chain', async () => {
      for (const person of people) {
        await person.go('/earned')
        await person.page.waitForFunction(
          () => [...document.querySelectorAll('.way > div')].some((d) => d.textContent.startsWith('On chain') && /^0\.0*[1-9]|^[1-9]/.test(d.querySelector('dd').textContent)),
          undefined,
          { timeout: patience * 1000 },
        )
        const row = person.page.locator('.fold').first()
        await row.getByRole('button').first().click()
        await row.getByRole('button', { name: 'Check on this phone' }).click()
        await row.getByText('Your address and amount are under this root.').waitFor()
        checks.ok(true, 'the payout is under its root')
      }
      await people[0].page.getByText('Only this phone has your key.').waitFor()
      await people[0].accessible('earned')
      await people[0].shot('earned', { full: true })
    })

    await checks.step('the person sees the verdict', async () => {
      await people[1].go('/answered')
      const row = people[1].page.locator('.mine').filter({ hasText: 'Is the light on?' })
      await row.getByText('Verdict: Yes').waitFor()
      await row.getByRole('button').first().click()
      await row.getByText('The server’s receipt for it checks out').waitFor()
      checks.ok(true, 'the receipt checks out')
      await people[1].accessible('answered')
      await people[1].shot('answers')
    })

    await checks.step('the key is saved', async () => {
      await people[0].go('/key')
      const download = people[0].page.waitForEvent('download')
      await people[0].page.getByText('The key itself, for another wallet').click()
      await people[0].page.getByRole('button', { name: 'Download the key' }).click()
      checks.ok(/^tasknet-wallet-\w{6}\.txt$/.test((await download).suggestedFilename()), 'the key is downloaded')
      await people[0].accessible('key')
      await people[0].shot('key')
      await people[0].go('/earned')
      await people[0].page.getByRole('heading', { name: 'Payouts' }).waitFor()
      checks.equal(await people[0].page.getByText('Only this phone has your key.').count(), 0, 'the prompt is gone')
    })

    await checks.step('anybody checks the record', async () => {
      const stranger = await open('stranger', { size: desk })
      await stranger.go(`/verify?question=${id}`)
      await stranger.page.getByText('Four checks hold.').waitFor()
      checks.ok(true, 'four checks hold')
      await stranger.accessible('record')
      await stranger.shot('record', { full: true })
      await stranger.page.setViewportSize(phone)
      await stranger.shot('record-phone', { full: true })
      await stranger.go('/verify')
      await stranger.page.getByRole('heading', { level: 1 }).waitFor()
      await stranger.accessible('records')
      await stranger.close()
    })
    const send = async (way, type, body) => {
      const reply = await fetch(`${base}/v1/${way}`, { method: 'POST', headers: { Authorization: `Bearer ${key}`, 'Content-Type': type, 'Idempotency-Key': crypto.randomUUID() }, body })
      if (!reply.ok) throw new Error(`${way}: ${reply.status} ${await reply.text()}`)
      return reply.json()
    }

    await checks.step('two people give numbers, and all see what these amount to', async () => {
      const weigh = `How heavy is it? (${Date.now().toString(36)})`
      const ask = { type: 'number', text: weigh, number: { min: '0', max: '40', decimals: 1, unit: 'kg' }, quorum: { policy: 'fixed:2' }, deadline_seconds: 3600 }
      const { id: asked } = await send('questions', 'application/json', JSON.stringify(ask))
      const two = people.slice(0, 2)
      for (const [i, person] of two.entries()) {
        await person.go('/')
        await person.find(weigh)
        await person.page.getByRole('spinbutton').fill(['12', '15.5'][i])
        await person.page.getByRole('button', { name: /^Send 1/ }).click()
        await person.page.getByText('You answered').waitFor()
        await person.sent()
      }
      for (const person of two) {
        await person.go('/answered')
        await person.page.locator('.mine').filter({ hasText: 'How heavy is it?' }).getByText('Verdict: 13.8 kg').waitFor()
      }
      await two[1].accessible('verdict of numbers')
      await two[1].shot('verdict-number')
      await two[1].go(`/verify/${asked}`)
      await two[1].page.getByText('Four checks hold.').waitFor()
      await requester.go(`/console/q/${asked}`)
      await requester.page.getByRole('heading', { level: 1, name: /13\.8 kg/ }).waitFor()
      await requester.shot('verdict-number-console', { full: true })
      checks.ok(true, 'the number between both is told to all')
    })

    await checks.step('every type of question is answered, and the server takes each answer', async () => {
      const [image, street] = await Promise.all([drawn(chrome, 700, 900), drawn(chrome, 900, 500)].map(async (picture) => send('media', 'image/png', await picture)))
      const sound = await send('media', 'audio/wav', clip(30))
      const person = await open('types')
      person.ready = async () => undefined
      await person.begin()
      for (const { name, ask, act, want } of cases({ image, street, sound })) {
        const { id: asked } = await send('questions', 'application/json', JSON.stringify({ ...ask, quorum: { policy: 'fixed:1' }, deadline_seconds: 3600 }))
        await person.find(ask.text.split('\n')[0])
        if (ask.image || ask.choice_images) await person.page.locator('.media img').first().waitFor()
        await act(person)
        await person.page.getByText('You answered').waitFor()
        await person.sent()
        const read = async (question) => {
          const reply = await fetch(`/v1/records/questions/${question}`)
          return reply.ok && (await reply.json())
        }
        let record
        await until(async () => (record = await person.page.evaluate(read, asked)), `${name}: the record is public`)
        const { answers, verdict } = record
        checks.ok(answers.length === 1 && want(answers[0]), `${name}: the record says ${JSON.stringify(answers[0]?.value ?? answers[0]?.choice)?.slice(0, 200)}`)
        checks.ok(name === 'cannot-tell' ? verdict.outcome === 'none' : verdict.outcome !== 'none', `${name}: the verdict is ${JSON.stringify(verdict)?.slice(0, 300)}`)
        await person.go(`/verify/${asked}`)
        await person.page.getByText('Four checks hold.').waitFor()
        await person.go('/')
      }
      await person.close()
    })
  } finally {
    await chrome.close()
  }
  return checks.end()
}

process.exitCode = await path({ ...values, patience: Number(values.patience) })
