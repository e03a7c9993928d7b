// What a person reads where an answer was that its respondent had erased: the requester, the public, and who gave it.
import { readFileSync } from 'node:fs'
import { crowd } from './crowd.mjs'

/** What of a page is a field without its words. */
const broken = /undefined|NaN|null|\[object|Invalid Date|\bchoice\b/

export async function erasedSteps({ checks, server, open, base, image, desk }) {
  const { world } = server
  const typed = { ...base, type: 'text', image: image.hash, image_alt: 'A house from the street.', length: 80 }
  const mine = 'Mind the very old dog, who bites whoever rings twice, and the step'
  const whole = async (person, name) => {
    await person.settled()
    const text = await person.page.locator('body').innerText()
    checks.ok(!broken.test(text), `${name} has a broken field: ${broken.exec(text)?.[0]}`)
    await person.accessible(name)
    await person.shot(name, { full: true })
    return text
  }

  // Three questions: decided by one's very words, with another's answer beside it, and open while one is erased.
  const alone = server.ask({ ...typed, quorum: { policy: 'fixed:1' }, text: 'What does the sign say?' })
  const both = server.ask({ ...typed, quorum: { policy: 'fixed:2' }, text: 'What is painted on the door?' })
  const late = server.ask({ ...typed, quorum: { policy: 'fixed:2' }, text: 'What is written on the wall?' })

  await checks.step('erased: who had it done finds that their answers are erased, and what became of them', async () => {
    const person = await open('erased-own', { also: ['.dark', '.320', '.desk'] })
    const { page } = person
    await page.addInitScript(() => localStorage.setItem('settings', '{"undo":0}'))
    await person.begin()
    for (const q of [alone, both, late]) {
      await person.shows(q.text)
      await page.getByLabel('Your answer').fill(mine)
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await checks.becomes(() => q.answersGiven.length, 1, `answers to “${q.text}”`)
    }
    const another = await crowd(server.url, 1)
    await another.answer((question) => (question.id === both.id ? { value: 'A heron' } : undefined))
    checks.equal([alone, both, late].map((q) => q.status).join(), 'closed,closed,open', 'the questions')
    await person.go('/key/data')
    await page.getByRole('button', { name: 'Erase my data' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Erase', exact: true }).click()
    await page.getByRole('heading', { name: 'Your data is erased.' }).waitFor()
    checks.equal(JSON.stringify([alone, both, late].map((q) => q.answersGiven[0].value ?? null)), JSON.stringify([null, null, mine]), 'what is left of what was typed')
    await (await crowd(server.url, 1)).answer((question) => (question.id === late.id ? { value: 'A name' } : undefined))
    checks.equal(late.answersGiven[0].value, undefined, 'what is left once the last question has closed')

    // The key was kept: who comes back by it is the same person.
    await person.begin()
    await page.getByRole('link', { name: /^Answered/ }).click()
    const rows = page.locator('li.mine')
    await checks.becomes(() => rows.count(), 3, 'answers that are listed')
    for (let i = 0; i < 3; i++) {
      checks.ok(/^You: erased\. Verdict: /m.test(await rows.nth(i).innerText()), `a row says ${await rows.nth(i).innerText()}`)
      await rows.nth(i).locator('button').first().click()
    }
    await checks.becomes(async () => (await rows.filter({ hasText: 'What does the sign say?' }).locator('.shown-text').innerText()).replace(/[“”]/g, ''), mine, 'the verdict, which stays whole')
    checks.equal((await rows.filter({ hasText: 'What does the sign say?' }).locator('.stack.tight').first().innerText()).replace(/\s+/g, ' '), 'You erased', 'what one’s own answer is shown as')
    await whole(person, 'erased-answered')
    await person.close()
  })

  await checks.step('erased: the requester reads that an answer is gone, and that all else stays', async () => {
    const person = await open('erased-console', { size: desk, also: ['.dark', '.390', '.320'] })
    const { page } = person
    await person.enter(server.apiKey)
    await person.go(`/console/q/${both.id}`)
    const rows = page.locator('.qgrid ~ * tbody tr, .qgrid tbody tr').filter({ has: page.locator('td') })
    await page.getByText('Its pay and the verdict stay as they were.').waitFor()
    const said = (await rows.allInnerTexts()).join(' | ')
    checks.ok(/Erased/.test(said) && /A heron/.test(said), `the answers are ${said}`)
    checks.equal(await page.getByText('Erased', { exact: true }).count(), 1, 'answers that are said to be erased')
    const text = await whole(person, 'erased-console')
    checks.ok(text.includes(mine.slice(0, 20)), 'the verdict is in the words of who is erased')
    await person.go(`/console/q/${alone.id}`)
    await page.getByText('Erased', { exact: true }).waitFor()
    await whole(person, 'erased-console-alone')
    await person.go('/console')
    await page.locator('table tbody tr').first().waitFor()
    await whole(person, 'erased-home')
    await person.close()
  })

  await checks.step('erased: the public record is checked by the wallet’s word for it, and by nobody else’s', async () => {
    const person = await open('erased-record', { also: ['.dark', '.320', '.desk'] })
    const { page } = person
    for (const [q, name] of [[both, 'erased-record'], [alone, 'erased-record-alone']]) {
      await person.go(`/verify/${q.id}`)
      await page.getByText('Four checks hold.').waitFor()
      await page.getByText('An answer that was typed is erased when its respondent’s wallet asks for it.').waitFor()
      await page.getByText('one that was erased, by its respondent’s wallet, which asked for that').waitFor()
      checks.equal(await page.getByText('Erased', { exact: true }).count(), 1, 'answers that are said to be erased')
      await whole(person, name)
    }
    await person.go('/verify')
    await page.locator('table tbody tr').nth(2).waitFor()
    await whole(person, 'erased-records')
    const other = world.people.get(both.answersGiven[1].respondent)
    world.forge = (record) => ({ ...record, answers: record.answers.map((a) => (a.erased ? { ...a, respondent: other.id } : a)) })
    await person.go(`/verify/${both.id}`)
    await page.getByText('is said to be erased, and its respondent’s wallet did not sign that').waitFor()
    await whole(person, 'erased-record-forged')
    await person.close()
  })

  await checks.step('erased: a version’s page and its files, without what was erased', async () => {
    const now = new Date().toISOString()
    const project = { id: 'prj_mock', name: 'Signs', type: 'text', text: 'What does the sign say?', choices: [], length: 80, quorum: { policy: 'fixed:2' }, price: '0.018', difficulty_rate: '0', price_now: '0.018', fee: '0.0027', hold: '0.0414', deadline_seconds: 86_400, gold_rate: '0', examples: [], languages: [], most_per_person: 0, status: 'running', tasks: { all: 2, open: 0, done: 2, ended: 0 }, answers: 3, paid: '0.054', fees: '0.0081', imports: 0, created_at: now }
    const version = (id, labels) => ({ id, project: project.id, state: 'sealed', labels, method: 'medoid/1', rows: 2, created_at: now, sealed_at: now, root: '12'.repeat(32), hash: '34'.repeat(32), manifest: { rows: 2 } })
    const row = (key, value, answers) => ({ key, hash: '56'.repeat(32), record: { value, confidence_ppm: 0, soft_ppm: [], method: 'medoid/1', question: both.id }, choices: [], answers })
    const routes = {
      '/v1/projects/prj_mock': project,
      '/v1/projects/prj_mock/datasets': { datasets: [version('dst_new', 'auto'), version('dst_old', 'verdict')] },
      '/v1/datasets/dst_new': version('dst_new', 'auto'),
      '/v1/datasets/dst_new/rows': { rows: [row('a', mine, []), row('b', 'A heron', [{ worker: 'w1', value: 'A heron', at: now }])] },
      '/v1/datasets/dst_new/diff': { changes: [{ key: 'b', change: 'relabeled', from: { value: mine, confidence: '0', method: 'medoid/1' }, to: { value: 'A heron', confidence: '0', method: 'medoid/1' } }, { key: 'a', change: 'recounted', from: { value: mine, confidence: '0', method: 'medoid/1' }, to: { value: mine, confidence: '0', method: 'medoid/1' } }] },
    }
    const person = await open('erased-dataset', { size: desk, also: ['.dark', '.390'] })
    const { page } = person
    await page.route(/\/v1\/(projects|datasets)\//, (route) => {
      const { pathname } = new URL(route.request().url())
      return route.fulfill(routes[pathname] ? { json: routes[pathname] } : { status: 404, json: { code: 'no_such_route', detail: pathname, status: 404 } })
    })
    await person.enter(server.apiKey)
    await person.go('/console/projects/prj_mock/datasets/dst_new')
    await page.getByText('files that are downloaded from then on lack that answer').waitFor()
    await page.getByLabel('from the version of').selectOption('dst_old')
    await page.getByText('another label').waitFor()
    await whole(person, 'erased-dataset')
    const read = async (name) => {
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: `Download as ${name}` }).click()])
      return readFileSync(await file.path(), 'utf8')
    }
    checks.equal(await read('CSV of answers'), 'task,worker,label\nb,w1,A heron\n', 'the answers of a version')
    const lines = (await read('JSON lines')).trim().split('\n').map((line) => JSON.parse(line))
    checks.equal(JSON.stringify(lines.map((l) => [l.key, l.label_value, l.answers.length])), JSON.stringify([['a', mine, 0], ['b', 'A heron', 1]]), 'the tasks of a version')
    await person.close()
  })
}
