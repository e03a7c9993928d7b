// A project on a running server, from nothing to a dataset: made in the console, its tasks imported from a file with a bad
// row, answered by people through the API, sealed, downloaded, and looked at in the report.
//   node e2e/projects.mjs --url http://127.0.0.1:8080 --key tn_... [--shots DIR] [--only PATTERN] [--views all]
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { crowd } from './crowd.mjs'
import { unload } from './sources.mjs'
import { browser, Checks, desk, narrow, Person, phone } from './drive.mjs'

const { values } = parseArgs({ options: { url: { type: 'string' }, key: { type: 'string' }, shots: { type: 'string' }, only: { type: 'string' }, views: { type: 'string', default: 'few' } } })
if (!values.url || !values.key) {
  console.error('usage: node e2e/projects.mjs --url http://127.0.0.1:8080 --key tn_... [--shots DIR] [--only PATTERN] [--views all]')
  process.exit(2)
}
const url = values.url.replace(/\/$/, '')
const checks = new Checks(values.only)
const chrome = await browser()
const open = (name, options = {}) => Person.open(chrome, url, checks, { shots: values.shots, name, ...options })

const words = [
  ['You have won a prize, call now', 'Spam'],
  ['See you at eight', 'Fine'],
  ['Cheap watches, today only', 'Spam'],
  ['The meeting moved to Monday', 'Fine'],
  ['Your parcel waits, pay the fee here', 'Spam'],
  ['Happy birthday from all of us', 'Fine'],
  ['Earn money from home, no risk', 'Spam'],
  ['Minutes of the last meeting', 'Fine'],
  ['Click to claim your account', 'Spam'],
  ['Lunch on Thursday?', 'Fine'],
  ['Double your coins in a day', 'Spam'],
  ['The invoice you asked for', 'Fine'],
]
const csv = ['key,text,truth', ...words.map(([text, label], i) => `m-${String(i + 1).padStart(2, '0')},"${text}",${i < 4 ? label : ''}`), 'm-13,,'].join('\n')

try {
  const requester = await open('requester', { size: desk })
  const { page } = requester
  // Pieces of files are let through or cut off.
  let cut = false
  let pieces = 0
  await page.route('**/content?*', (route) => (++pieces > 1 && cut ? route.abort() : route.continue()))
  const name = `Spam of November ${Date.now().toString(36)}`
  let project

  const views = [['', desk, 'light'], ['.390.dark', phone, 'dark'], ['.390', phone, 'light'], ['.320', narrow, 'light'], ['.dark', desk, 'dark']]

  /** The page as it is now, at the sizes that people have, in light and dark. */
  const pictures = async (what, at = page) => {
    const size = at.viewportSize()
    for (const [suffix, view, scheme] of values.views === 'all' ? views : views.slice(0, 2)) {
      await at.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      await at.setViewportSize(view)
      await requester.accessible(`${what}${suffix}`)
      await requester.shot(`${what}${suffix}`, { full: true })
    }
    await at.emulateMedia({ colorScheme: 'light' })
    await at.setViewportSize(size)
  }
  const tab = (title) => page.getByRole('navigation', { name: 'Project' }).getByRole('link', { name: title }).click()

  await checks.step('a requester without projects is told what one is', async () => {
    await requester.enter(values.key)
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Projects' }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByText('projects yet').or(page.locator('table')).first().waitFor()
    await pictures('projects-first')
  })

  await checks.step('a project is made in four steps, and each says what it lacks', async () => {
    await requester.go('/console/projects/new')
    await page.getByRole('heading', { name: 'New project' }).waitFor()
    await pictures('new-question-empty')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Name at least 2.').waitFor()
    checks.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Choice 1', 'what has the focus')
    await requester.shot('new-question-wrong')
    await page.getByRole('textbox', { name: 'Question' }).fill('Is this mail spam?')
    await page.getByRole('textbox', { name: 'Choice 1' }).fill('Spam')
    await page.getByRole('textbox', { name: 'Choice 2' }).fill('Fine')
    await pictures('new-question')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Name').waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Give it a name.').waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    await page.getByRole('textbox', { name: 'Instructions' }).fill('Decide whether a message is spam: sent to many, unasked, to sell or to cheat.\n\n# When in doubt\n- A bill that you asked for is no spam.\n- A prize that nobody told you of is.')
    await page.getByRole('button', { name: 'An example' }).click()
    await page.getByRole('textbox', { name: 'Text of the task' }).fill('You are our 1,000,000th visitor')
    await page.getByRole('textbox', { name: 'The answer' }).fill('Spam')
    await page.getByRole('textbox', { name: 'Why' }).fill('Nobody counts visitors to give prizes.')
    await page.getByRole('button', { name: 'Another example' }).click()
    const second = page.getByRole('region', { name: 'Example 2' })
    await second.getByRole('button', { name: 'Not like this' }).click()
    await second.getByRole('textbox', { name: 'Text of the task' }).fill('Your ticket is attached')
    await second.getByRole('textbox', { name: 'The wrong answer' }).fill('Spam')
    await second.getByRole('textbox', { name: 'Why' }).fill('A ticket that somebody bought is wanted.')
    await pictures('new-guide')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('textbox', { name: 'Answers for each task' }).waitFor()
    await checks.becomes(() => page.getByText('A task costs').innerText(), /0\.0621/, 'three answers of 0.018 with 15 % fee')
    await pictures('new-answers')
    await page.getByRole('button', { name: 'When sure' }).click()
    await pictures('new-answers-sure')
    await page.getByRole('button', { name: 'Fixed number' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Making it costs nothing.').waitFor()
    await pictures('new-look')
    await page.getByRole('button', { name: 'Make the project' }).click()
    await page.waitForURL('**/console/projects/prj_*/imports')
    project = page.url().split('/').at(-2)
  })

  await checks.step('a file with a bad row is imported, and the row is named', async () => {
    await page.getByText('What is read of a row').click()
    await pictures('imports-empty')
    await page.locator('input[type=file]').setInputFiles({ name: 'messages.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    const card = page.getByRole('article', { name: 'messages.csv' })
    await card.getByText('done', { exact: true }).waitFor()
    await checks.becomes(() => card.innerText(), /12 tasks made/, 'the tasks')
    await checks.becomes(() => card.innerText(), /1 malformed/, 'the bad row is counted')
    checks.equal(await card.locator('tbody td').first().innerText(), '14', 'the line of the bad row')
    await pictures('imports-done')
    // The same rows again, pasted: they are there already.
    await page.getByRole('button', { name: 'Paste rows' }).click()
    await page.getByRole('textbox', { name: 'Rows' }).fill(csv.split('\n').slice(0, 4).join('\n'))
    await page.getByRole('button', { name: 'Add these rows' }).click()
    const again = page.getByRole('article', { name: 'pasted.csv' })
    await again.getByText('done', { exact: true }).waitFor()
    await checks.becomes(() => again.innerText(), /3 were there already/, 'known rows')
    await requester.shot('imports-pasted', { full: true })
  })

  await checks.step('the project is paused and resumed, and changed', async () => {
    await tab('Overview')
    await page.getByText('12 tasks are open.').waitFor()
    await pictures('project-open')
    await page.getByRole('button', { name: 'See the guide' }).click()
    await page.getByRole('dialog').getByText('When in doubt').waitFor()
    await pictures('project-guide')
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('dialog').getByText('given to nobody until you resume').waitFor()
    checks.equal(await page.evaluate(() => document.activeElement.textContent), 'Go on asking', 'the default of the dialog')
    await pictures('project-pause')
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Paused: nobody is asked.').waitFor()
    await requester.shot('project-paused', { full: true })
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await page.getByRole('link', { name: 'Edit' }).click()
    await page.getByRole('textbox', { name: 'Known tasks, %' }).fill('60')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Between 0 and 50.').waitFor()
    await pictures('project-edit')
    await page.getByRole('textbox', { name: 'Known tasks, %' }).fill('12.5')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('12.5 % of what somebody gets').waitFor()
  })

  await checks.step('a person reads the guide before the first task, and again when wanted', async () => {
    const person = await open('respondent', { worker: true })
    await person.begin()
    const sheet = person.page.getByRole('dialog', { name })
    await person.skipTo('Is this mail spam?')
    await sheet.getByText('Nobody counts visitors to give prizes.').waitFor()
    await person.page.keyboard.press('1')
    await person.accessible('guide-first')
    await person.shot('guide-first')
    await sheet.getByRole('button', { name: 'Begin' }).click()
    await person.page.getByRole('heading', { level: 1, name: 'Is this mail spam?' }).waitFor()
    await person.accessible('guide-link')
    checks.equal(await person.stored('answers'), 0, 'answers by a key while the guide is open')
    await person.shot('guide-link')
    await person.page.reload()
    await person.page.getByRole('button', { name: 'Guide' }).waitFor()
    checks.equal(await sheet.count(), 0, 'guides that open a second time')
    await person.page.getByRole('button', { name: 'Guide' }).click()
    await sheet.getByRole('button', { name: 'Back to the question' }).click()
    await person.close()
  })

  await checks.step('people answer, and the tasks are done', async () => {
    const critic = await crowd(url, 1)
    await critic.answer((question) => (question.project === project ? { skip: question.passage === words[0][0] ? 'unclear' : 'not_for_me' } : undefined))
    await requester.go(`/console/projects/${project}/quality`)
    await page.getByText('12 times: not for them 11, unclear 1.').waitFor()
    await page.getByText('No task is closed yet.').waitFor()
    await pictures('quality-reported')
    await requester.go(`/console/projects/${project}`)
    const people = await crowd(url, 3)
    const truth = new Map(words.map(([text, label]) => [text, label]))
    const given = await people.answer((question, who) => {
      if (question.project !== project) return undefined
      const label = truth.get(question.passage)
      const wrong = who === 2 && question.passage.length % 3 === 0
      return { choice: (label === 'Spam') !== wrong ? 0 : 1 }
    })
    checks.equal(given, 36, 'answers')
    await page.getByText('All 12 tasks are done.').waitFor()
    await pictures('project-done')
    await requester.go('/console/projects')
    await page.getByRole('link', { name }).waitFor()
    await pictures('projects')
  })

  await checks.step('its tasks are listed with their verdicts', async () => {
    const asked = []
    const note = (request) => asked.push(new URL(request.url()).pathname)
    page.on('request', note)
    await requester.go(`/console/projects/${project}/tasks`)
    const row = page.getByRole('row', { name: /m-01/ })
    await row.getByText('Spam', { exact: true }).waitFor()
    page.off('request', note)
    checks.equal(asked.filter((path) => /^\/v1\/(questions\/|projects\/.*\/task)/.test(path)).join(), `/v1/projects/${project}/tasks`, 'requests for a page of tasks')
    await checks.becomes(() => row.innerText(), /You have won a prize/, 'what a task shows stands in the list')
    await pictures('tasks')
    await page.getByRole('button', { name: /^Ended/ }).click()
    await page.getByText('No ended tasks.').waitFor()
    await page.getByRole('textbox', { name: 'Key of a task' }).fill('m-02')
    await page.getByRole('button', { name: 'Find by key' }).click()
    await page.getByRole('heading', { level: 1, name: /Fine, confidence/ }).waitFor()
    await pictures('task')
    await requester.go(`/console/projects/${project}/task?key=nothing`)
    await page.getByText('no_such_task').waitFor()
  })
  await checks.step('a version of its labels is sealed, downloaded and compared', async () => {
    await requester.go(`/console/projects/${project}/datasets`)
    const rows = page.locator('section', { hasText: 'Versions' }).locator('tbody tr')
    for (const source of ['All answers together', 'The verdicts']) {
      await page.getByRole('radio', { name: source }).check()
      if (source === 'The verdicts') await pictures('datasets')
      const before = await rows.count()
      await page.getByRole('button', { name: 'Make a version' }).click()
      await page.waitForFunction((n) => [...document.querySelectorAll('.list tbody tr')].filter((row) => row.querySelector('.hash')).length > n, before)
    }
    await rows.first().getByRole('link').click()
    await page.getByText('12', { exact: false }).first().waitFor()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download as CSV of answers' }).click()
    const lines = readFileSync(await (await saved).path(), 'utf8').trimEnd().split('\n')
    checks.equal(lines[0], 'task,worker,label', 'the columns of crowd-kit')
    checks.equal(lines.length, 1 + 36, 'a line for each answer')
    checks.equal(lines.filter((line) => /^m-02,w_[0-9a-f]{16},Fine$/.test(line)).length, 3, 'what was answered to m-02')
    const objects = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download as JSON lines' }).click()
    const tasks = readFileSync(await (await objects).path(), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line))
    checks.equal(tasks.map((t) => `${t.key} ${t.label}`).join(), words.map(([, label], i) => `m-${String(i + 1).padStart(2, '0')} ${label}`).join(), 'the labels')
    checks.ok(tasks.every((t) => t.passage && t.soft_label?.length === 2 && t.answers.length === 3), 'each with its text, soft labels and answers')
    const archive = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download as Parquet' }).click()
    const zip = await archive
    checks.ok(/^ds_\w+-parquet\.zip$/.test(zip.suggestedFilename()), `the archive is named ${zip.suggestedFilename()}`)
    checks.ok(readFileSync(await zip.path()).includes('README.md'), 'a card lies in the archive')
    const select = page.getByRole('combobox')
    await select.selectOption({ index: 1 })
    await page.getByText('Every task has the same label').or(page.getByText('the same label, other figures').first()).waitFor()
    await pictures('dataset')
  })

  await checks.step('the report tells how good the labels are', async () => {
    await requester.go(`/console/projects/${project}/quality`)
    await page.getByText('Krippendorff').first().waitFor()
    const card = (title) => page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) })
    await checks.becomes(() => card('Answers, time and cost').innerText(), /36 by 3 people/, 'the answers and who gave them')
    await checks.becomes(() => card('Is the confidence true?').innerText(), /of 4 tasks with known truth/, 'the tasks whose truth was in the file')
    const heat = page.getByRole('table', { name: 'Answers by label, as shares' })
    const rows = await heat.locator('tbody tr').allInnerTexts()
    checks.equal(rows.length, 2, 'rows of the confusion matrix')
    checks.ok(/^Spam/.test(rows[0]) && /18$/.test(rows[0].trim()), `six tasks are spam, with 18 answers: ${rows[0]}`)
    await card('How good people are').getByText('As a table').click()
    checks.equal(await card('How good people are').locator('tbody tr').count(), 10, 'tenths')
    await card('How good people are').getByText('As a table').click()
    const agree = await page.getByRole('table', { name: 'How far each two of these people agree' }).locator('tbody tr').allInnerTexts()
    checks.ok(agree.length === 3 && agree.every((row) => /\d\.\d\d/.test(row)), `who agrees with whom: ${agree.join(' / ')}`)
    const table = async (title) => {
      await card(title).getByText('As a table').click()
      const found = await card(title).locator('tbody tr').allInnerTexts()
      await card(title).getByText('As a table').click()
      return found.map((row) => row.split(/\s*\t\s*/))
    }
    checks.equal(JSON.stringify(await table('How many answers a task used')), '[["0","0"],["1","0"],["2","0"],["3","12"]]', 'tasks by their answers')
    await card('How many answers a task used').getByText('fixed: 3').waitFor()
    const times = await table('How long an answer takes')
    checks.equal(times.length, 17, 'bins of time')
    checks.equal(times.reduce((n, [, answers]) => n + Number(answers), 0), 33, 'answers that came after another of the same person')
    checks.ok(/\tunclear\t1$/.test((await card('Given back').locator('tbody tr').innerText()).trim()), 'the task that somebody finds unclear')
    await page.locator('.item').first().getByText(/call now|Monday|meeting|account|Thursday/).waitFor()
    await pictures('quality')
  })

  /** A project without steps, by the API. */
  const made = async (body) => {
    const response = await fetch(`${url}/v1/projects`, { method: 'POST', headers: { Authorization: `Bearer ${values.key}`, 'Content-Type': 'application/json', 'Idempotency-Key': `${Date.now()}-${Math.random()}` }, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`POST /v1/projects: ${response.status} ${await response.text()}`)
    return (await response.json()).id
  }

  await checks.step('an import without money stops, and goes on after a deposit', async () => {
    const dear = await made({ name: 'Dear', type: 'choice', text: 'Is this mail spam?', choices: ['Spam', 'Fine'], price: '10', quorum: { policy: 'fixed:3' } })
    await requester.go(`/console/projects/${dear}/imports`)
    await page.locator('input[type=file]').setInputFiles({ name: 'dear.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    const card = page.getByRole('article', { name: 'dear.csv' })
    await card.getByText('The balance did not cover').waitFor()
    await card.getByText('insufficient_funds').waitFor()
    await pictures('imports-stopped')
    await card.getByRole('link', { name: 'Deposit' }).click()
    await page.getByRole('textbox', { name: /^Amount/ }).fill('1000')
    await page.getByRole('button', { name: 'Deposit', exact: true }).click()
    await page.waitForFunction(() => Number(document.querySelector('.purse .n')?.textContent.replace(/[^0-9.].*$/, '')) > 900)
    await requester.go(`/console/projects/${dear}/imports`)
    await card.getByRole('button', { name: 'Go on' }).click()
    await card.getByText('done', { exact: true }).waitFor()
    await checks.becomes(() => card.innerText(), /12 tasks made/, 'all tasks are made after the deposit')
    // Cancelled, what was set aside comes back.
    await tab('Overview')
    await page.getByText('12 tasks are open.').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await pictures('project-cancel')
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the project' }).click()
    await page.getByText('Cancelled: 12 tasks ended').waitFor()
    await pictures('project-cancelled')
    await page.getByRole('button', { name: 'Reopen' }).click()
    await page.getByText('Ask the ended tasks anew?').waitFor()
    await requester.shot('project-reopen')
    await page.getByRole('dialog').getByRole('button', { name: 'Reopen' }).click()
    await page.getByText('12 tasks are open.').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the project' }).click()
    await page.getByText('Cancelled: 12 tasks ended').waitFor()
  })

  await checks.step('an upload that is cut off goes on by itself, and after a reload from where it was', async () => {
    const large = await made({ name: 'Large', type: 'yes_no', text: 'Is this a number?', price: '0.001', quorum: { policy: 'fixed:1' } })
    await requester.go(`/console/projects/${large}/imports`)
    const rows = ['key,text', ...Array.from({ length: 400 }, (_, i) => `r-${i},${`number ${i} `.repeat(120)}`)].join('\n')
    const file = { name: 'large.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) }
    pieces = 0
    cut = true
    await page.locator('input[type=file]').setInputFiles(file)
    const card = page.getByRole('article', { name: 'large.csv' })
    await card.getByText('It goes on by itself from').waitFor()
    await requester.shot('imports-waiting', { full: true })
    cut = false // what was seen does not depend on how fast it was looked for
    await card.getByText('done', { exact: true }).waitFor()
    await checks.becomes(() => card.innerText(), /400 tasks made/, 'all rows came')
    pieces = 0
    cut = true
    await page.locator('input[type=file]').setInputFiles({ ...file, name: 'again.csv' })
    const again = page.getByRole('article', { name: 'again.csv' })
    await again.getByText('It goes on by itself from').waitFor()
    cut = false
    page.once('dialog', (dialog) => dialog.accept()) // the page warns before it leaves
    await page.reload()
    await again.getByText('The upload was interrupted at').waitFor()
    await pictures('imports-interrupted')
    const input = again.locator('input[type=file]')
    await input.setInputFiles({ ...file, name: 'other.csv' })
    await again.getByText('That is another file.').waitFor()
    await input.setInputFiles({ ...file, name: 'again.csv' })
    await again.getByText('done', { exact: true }).waitFor()
    await checks.becomes(() => again.innerText(), /400 were there already/, 'the same rows change nothing')
    await tab('Overview') // nobody else shall have to skip them
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the project' }).click()
    await page.getByText('Cancelled: 400 tasks ended').waitFor()
  })

  await checks.step('a label configuration says what is asked', async () => {
    await requester.go('/console/projects/new')
    await page.getByText('From a Label Studio configuration').click()
    await page.getByRole('textbox', { name: /^Configuration/ }).fill('<View><Header value="Which bird?"/><Image name="i" value="$image"/><Choices name="c" toName="i"><Choice value="heron"/></Choices></View>')
    await page.getByRole('radio').first().waitFor({ state: 'detached' })
    await pictures('new-configured')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Configured')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('as the configuration says').first().waitFor()
    await page.getByRole('button', { name: 'Make the project' }).click()
    await page.getByText('Give between 2 and 20 choices').waitFor() // the server reads it
    await page.getByRole('button', { name: 'The question', exact: true }).click()
    await page.getByRole('textbox', { name: /^Configuration/ }).fill('<View><Image name="i" value="$image"/><Choices name="c" toName="i"><Choice value="heron"/><Choice value="egret"/></Choices></View>')
    await page.getByRole('textbox', { name: 'Question' }).fill('Heron or egret?')
    for (let step = 0; step < 3; step++) await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Make the project' }).click()
    await page.waitForURL('**/console/projects/prj_*/imports')
    await tab('Overview')
    await page.getByText('Heron or egret?').first().waitFor()
  })

  await checks.step('the server away and its errors are told in place', async () => {
    await requester.go('/console/projects')
    await page.getByRole('link', { name }).waitFor()
    await page.route('**/v1/**', (route) => route.abort())
    await page.getByText('The server does not answer.').waitFor()
    await page.getByRole('link', { name }).waitFor()
    await requester.accessible('projects-away')
    await requester.shot('projects-away')
    await page.unroute('**/v1/**')
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' })
    await requester.go('/console/projects/prj_00000000000000000000000000')
    await page.getByText('no_such_project').waitFor()
    await requester.shot('project-none')
  })
} finally {
  await chrome.close()
  await unload()
}
process.exitCode = checks.end()
