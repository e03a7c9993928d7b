// The requester's lists and forms on a phone. What the mock server has not, projects and their imports, is put in its
// place by routes.
const now = () => new Date().toISOString()

const project = {
  id: 'prj_mock', name: 'Spam of November', type: 'choice', text: 'Is this mail spam?', choices: ['Spam', 'Fine'], quorum: { policy: 'fixed:3' }, price: '10', difficulty_rate: '0', price_now: '10', fee: '1.5', hold: '34.5', deadline_seconds: 86_400, gold_rate: '0.1', examples: [], languages: [],
  most_per_person: 0, status: 'running', tasks: { all: 3, open: 2, done: 1, ended: 0 }, answers: 3, paid: '30', fees: '4.5', imports: 0, created_at: now(),
}
const stopped = { id: 'imp_mock', project: project.id, name: 'messages.csv', state: 'stopped', problem: 'insufficient_funds', detail: 'Deposit before you ask this.', bytes: 812, rows: 3, made: 3, known: 0, malformed: 0, first_malformed: [], created_at: now() }
const tasks = ['You have won a prize, call now and tell us your card: the number, the date and the three digits on its back', 'See you at eight', 'Cheap watches, today only'].map((shows, i) => ({ key: `mail-2026-11-${i}`, state: 'open', question: `q_${i}`, asked: 1, shows }))

export async function roomSteps({ checks, server, open, base, phone }) {
  const inside = async (name, routes) => {
    const person = await open(name, { also: ['.dark', '.320'] })
    await person.page.route('**/v1/projects/**', (route) => {
      const { pathname } = new URL(route.request().url())
      const reply = routes[`${route.request().method()} ${pathname.replace(`/v1/projects/${project.id}`, '')}`]
      return route.fulfill(reply ? { json: reply() } : { status: 404, json: { code: 'no_such_route', detail: pathname, status: 404 } })
    })
    await person.enter(server.apiKey)
    return person
  }

  await checks.step('rooms: an import without money says so, and goes on', async () => {
    let state = stopped
    const posts = []
    const person = await inside('import-stopped', {
      'GET ': () => project,
      'GET /imports': () => ({ imports: [state] }),
      'POST /imports/imp_mock/start': () => (posts.push('start'), (state = { ...stopped, state: 'running', problem: undefined })),
      'GET /imports/imp_mock': () => state,
    })
    await person.go(`/console/projects/${project.id}/imports`)
    const card = person.page.getByRole('article', { name: 'messages.csv' })
    await card.getByText('stopped: no money').waitFor()
    await card.getByText('Each sets aside').waitFor()
    await checks.becomes(() => card.innerText(), /Each sets aside 34.50\s*tUSD, and you have [\d.]+\s*tUSD now. Deposit what is missing, then go on/, 'why it stopped')
    checks.equal(await card.getByRole('link', { name: 'Deposit' }).getAttribute('href'), '/console/money', 'where a deposit is made')
    await person.accessible('import-stopped')
    await person.shot('import-stopped', { full: true })
    await card.getByRole('button', { name: 'Go on' }).click()
    await card.getByText('reading', { exact: true }).waitFor()
    checks.equal(posts.join(), 'start', 'what is sent')
    checks.equal(await card.getByRole('button', { name: 'Go on' }).count(), 0, 'buttons of an import that goes on')
    await person.close()
  })

  await checks.step('rooms: lists tell tasks and questions with the same words apart', async () => {
    server.ask({ ...base, type: 'yes_no', text: 'Is this mail spam?', passage: 'You have won a prize, call now and tell us your card: the number, the date and the three digits on its back' })
    const closed = server.ask({ ...base, quorum: { policy: 'fixed:1' }, type: 'yes_no', text: 'Is this mail spam?', passage: 'See you at eight' })
    const person = await inside('lists', { 'GET ': () => project, 'GET /tasks': () => ({ tasks }) })
    const { page } = person
    /** Each second line is one line, and is cut off where it is longer. */
    const lines = async (where) => {
      const found = await page.locator('.clip1').evaluateAll((all) => all.map((e) => ({ text: e.textContent, lines: Math.round(e.clientHeight / Number.parseFloat(getComputedStyle(e).lineHeight)) })))
      checks.ok(found.some((l) => l.text.startsWith('You have won')) && found.some((l) => l.text === 'See you at eight'), `${where}: the second lines are ${JSON.stringify(found)}`)
      checks.ok(found.every((l) => l.lines === 1), `${where}: second lines of several lines: ${JSON.stringify(found)}`)
    }
    await page.getByText('You have won').waitFor()
    await person.inEachWay('questions', lines)
    await person.accessible('list-questions')
    await person.shot('list-questions', { full: true })
    await person.go(`/console/projects/${project.id}/tasks`)
    await page.getByRole('link', { name: 'mail-2026-11-0' }).waitFor()
    await person.inEachWay('tasks', lines)
    await person.shot('list-tasks', { full: true })
    await person.close()
    const someone = await open('list-answered', { size: phone })
    await someone.begin()
    await someone.find('Is this mail spam?')
    await someone.tap('Yes')
    await someone.sent()
    await someone.page.getByRole('link', { name: /Answered/ }).click()
    await someone.page.locator('li.mine .clip1').first().waitFor()
    await someone.shot('list-answered')
    await someone.close()
    server.close(closed, 'deadline')
    const anyone = await open('list-records', { size: phone })
    await anyone.go('/verify')
    const wanted = anyone.page.locator('.clip1', { hasText: 'See you at eight' })
    const more = anyone.page.getByRole('button', { name: 'More' })
    for (let page = 0; page < 9; page++) { // the oldest come first, a page at a time
      await wanted.or(more).first().waitFor()
      if ((await wanted.count()) > 0) break
      await more.click()
    }
    await wanted.waitFor()
    await anyone.shot('list-records', { full: true })
    await anyone.close()
  })

  await checks.step('rooms: the form of a project has at most two fields in a row on a phone', async () => {
    const person = await inside('form', {})
    const { page } = person
    await person.go('/console/projects/new')
    await page.getByRole('textbox', { name: 'Choice 1' }).fill('Spam')
    await page.getByRole('textbox', { name: 'Choice 2' }).fill('Fine')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Spam')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('textbox', { name: 'Answers for each task' }).waitFor()
    await person.inEachWay('fields in a row', async (name) => {
      const row = await page.locator('.pair3').first().locator('.field').evaluateAll((all) => {
        const tops = all.map((e) => Math.round(e.getBoundingClientRect().top))
        return Math.max(...tops.map((top) => tops.filter((t) => t === top).length))
      })
      checks.equal(row, name.endsWith('.320') ? 1 : 2, name)
    })
    await person.accessible('form-answers')
    await person.shot('form-answers', { full: true })
    await person.close()
  })

  await checks.step('rooms: how a model helps, in each of its states, and its switch', async () => {
    const status = { state: 'gathering', labels: 130, labels_needed: 200, golds: 41, golds_needed: 59, trainings: 0, known: 0, right: 0, helped: 0, answers_saved: 0, audits: 0 }
    const helped = { ...project, quorum: { policy: 'confidence:0.95', min_answers: 2, max_answers: 8 }, tasks: { all: 6000, open: 800, done: 5190, ended: 10 }, answers: 9400 }
    let state = helped
    const patches = []
    const person = await inside('model', {
      'GET ': () => state,
      'PATCH ': () => state,
    })
    const { page } = person
    page.on('request', (r) => r.method() === 'PATCH' && patches.push(r.postData()))
    const card = page.getByRole('region', { name: /^Model helps/ })
    const picture = async (name) => {
      await person.accessible(`model-${name}`)
      await person.shot(`model-${name}`, { full: true })
    }
    await page.route('**/v1/estimates*', (route) => route.fulfill({ status: 404, json: { code: 'no_such_route', detail: '', status: 404 } }))
    await person.go(`/console/projects/${project.id}`)
    await card.getByText('off', { exact: true }).waitFor()
    await picture('off')
    await card.getByRole('button', { name: 'Turn it on' }).click()
    await page.getByText('It is switched off by itself when it hurts.').waitFor()
    await picture('on-dialog')
    await page.getByRole('combobox', { name: 'What it looks at' }).selectOption('tabular')
    checks.equal(await page.getByRole('button', { name: 'Turn the model on' }).isDisabled(), true, 'without columns it cannot be turned on')
    await page.getByRole('textbox', { name: 'Columns of numbers' }).fill('x, y')
    await picture('on-columns')
    await page.getByRole('combobox', { name: 'What it looks at' }).selectOption('image')
    state = { ...helped, model_status: status }
    await page.getByRole('button', { name: 'Turn the model on' }).click()
    await card.getByText('gathering', { exact: true }).waitFor()
    checks.equal(patches.pop(), '{"model_helps":{"preset":"image"}}', 'what turns it on')
    checks.equal(await card.getByRole('progressbar', { name: 'Labels' }).getAttribute('aria-valuenow'), '130', 'labels')
    await picture('gathering')
    for (const [stage, word] of [['training', 'A node trains the model'], ['measuring', 'to see what its word is worth']]) {
      state = { ...helped, model_status: { ...status, state: stage, job: 'job_train', trainings: 1 } }
      await card.getByText(word).waitFor()
      checks.equal(await card.getByRole('link', { name: 'Its job' }).getAttribute('href'), '/console/jobs/job_train', stage)
    }
    const measured = { ...status, trainings: 2, known: 200, right: 182, accuracy_low: '0.8620', accuracy_high: '0.9421', helped: 3100, answers_saved: 5200, audits: 164, model_job: 'job_model' }
    state = { ...helped, model_status: { ...measured, state: 'helping' } }
    await card.getByText('91.0 %: 182 of 200 known answers').waitFor()
    await card.getByText('86.2 % and 94.2 %').waitFor()
    await card.getByText('35.6 % of all that were needed').waitFor()
    checks.equal(await card.getByRole('link', { name: 'Card of the model' }).getAttribute('href'), '/console/jobs/job_model', 'its card')
    await picture('helping')
    state = { ...helped, model_status: { ...measured, state: 'switched_off', switched_off_at: now(), reason: 'of 60 known answers and audits that it would have settled, it would have settled 9 otherwise than people' } }
    await card.getByText('it would have settled 9 otherwise').waitFor()
    await picture('switched-off')
    await card.getByRole('button', { name: 'Turn it off' }).click()
    await page.getByRole('heading', { name: 'Ask people alone?' }).waitFor()
    state = helped
    await page.getByRole('button', { name: 'Turn the model off' }).click()
    await card.getByText('off', { exact: true }).waitFor()
    checks.equal(patches.pop(), '{"model_helps":{"off":true}}', 'what turns it off')
    state = { ...helped, quorum: { policy: 'fixed:3' } }
    await card.waitFor({ state: 'detached' }) // no model can help it
    await person.close()
  })
}
