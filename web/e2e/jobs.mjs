// The console's pages of jobs, in states that a real server seldom has: nodes that vanish, parts that fail, curves that grow. The
// API of jobs is put in its place by routes.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { desk, until } from './drive.mjs'
import { load } from './sources.mjs'

const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString()
const classes = ['Missing tiles', 'Fallen tree', 'Water damage', 'No damage']
const model = {
  input: { kind: 'image', height: 28, width: 28, channels: 1 }, layers: [{ type: 'conv', filters: 16, kernel: 3, stride: 1, activation: 'relu' }, { type: 'max_pool', size: 2 }, { type: 'flatten' }, { type: 'dropout', rate: 0.25 }, { type: 'dense', units: 96, activation: 'relu' }],
  classes, optimizer: { type: 'adamw', learning_rate: 0.002, weight_decay: 0.01, clip: 1 }, schedule: { type: 'cosine' }, training: { epochs: 20, batch_size: 32, patience: 4, hold_out: 0.1 },
}
const inputs = [{ role: 'data', artefact: `art_${'a1'.repeat(32)}`, name: 'roofs.csv', bytes: 2_400_000 }]
const training = {
  id: 'job_train', title: 'Roof damage, version 4', kind: 'train', state: 'open', work: { kind: 'train', model, inputs }, importance: 5, memory_bytes: 61_000_000, disk_bytes: 4_800_000, max_seconds: 86_400,
  rows: 1, rows_given: 1, rows_done: 0, parts: 1, parts_waiting: 0, created_at: ago(700), price: '0', fee: '0', replicas: 1,
}
const asking = { ...training, id: 'job_infer', title: 'All streets of November', kind: 'infer', work: { kind: 'infer', model, temperature: 1.2, inputs }, rows: 24_000, rows_given: 20_000, rows_done: 8_000, parts: 5, parts_waiting: 1, importance: 8, price: '12.5', fee: '1.875', replicas: 1, min_stake: '50', money: { held: '43.125', paid: '0', fee: '0', returned: '0' } }
const report = (step, of = 4000) => {
  const epoch = Math.floor(step / 200)
  return { step, of, epoch, loss: 0.25 + 1.9 * Math.exp(-step / 500), ...(epoch > 0 && { validation: 0.31 + 1.7 * Math.exp(-(epoch * 200) / 480) + (epoch > 7 ? (epoch - 7) * 0.012 : 0), accuracy: 0.93 - 0.6 * Math.exp(-epoch / 3) }) }
}
const curve = (from, to) => Array.from({ length: (to - from) / 100 }, (_, i) => report(from + (i + 1) * 100))
const node = (n) => `node_${String(n).padStart(26, '01jc7v5m2')}`
const why = (more) => ({ turn: 0, waiting: 1, local_bytes: 0, rows: 1, operations: 9_000_000, ...more })
const leases = (to) => [
  { id: 'lse_2', part: 0, from_row: 0, to_row: 1, node: node(2), state: 'running', why: why({ again: 'lost', from_step: 800, local_bytes: 2_400_000 }), began_at: ago(300), expires_at: ago(-45), progress: report(to), curve: curve(800, to) },
  { id: 'lse_1', part: 0, from_row: 0, to_row: 1, node: node(1), state: 'lost', why: why({ waiting: 3 }), began_at: ago(650), expires_at: ago(310), ended_at: ago(310), progress: report(900), curve: curve(0, 900), problem: 'Nothing was heard of the node.' },
]
const lost = { code: 'lost', message: 'Nothing was heard of the node.' }
const metrics = {
  examples: 641, accuracy: 0.936, log_loss: 0.2113, calibration_error: 0.0142, calibration_error_before: 0.0391,
  confusion: [[201, 2, 7, 3], [1, 88, 0, 2], [9, 0, 142, 6], [4, 1, 6, 169]],
  reliability: [[0, 0, 0], [0, 0, 0], [0, 0, 0], [4, 0.37, 0.5], [18, 0.46, 0.44], [22, 0.55, 0.59], [31, 0.65, 0.68], [49, 0.76, 0.73], [96, 0.86, 0.84], [421, 0.985, 0.988]].map(([examples, confidence, accuracy]) => ({ examples, confidence, accuracy })),
}
const card = { data_sha256: 'd9'.repeat(32), code: 'v0.1.0-test', trainer: 'gomlx', seed: 7, parameters: 61_234, trained_on: 5130, held_out: 641, epochs: 16, best_epoch: 12, temperature: 1.183, metrics }

/** Shapes and counts of some layers, as the server works them out. */
function plan({ model: spec }) {
  const { kind, buckets, columns, height, width, channels = 1 } = spec.input
  let shape = kind === 'image' ? [height, width, channels] : [kind === 'words' ? buckets : columns.length]
  const layers = []
  for (const [i, l] of [...spec.layers, { type: 'dense', units: spec.classes.length }].entries()) {
    const [last, size] = [shape.at(-1), shape.reduce((a, b) => a * b)]
    if (['conv', 'max_pool'].includes(l.type) && shape.length !== 3) return { status: 400, code: 'bad_spec', detail: `Layer ${i + 1} (${l.type}): it looks at images, and gets ${shape.join('x')}.` }
    const out = { dense: () => [...shape.slice(0, -1), l.units], conv: () => [shape[0], shape[1], l.filters], max_pool: () => [shape[0] >> 1, shape[1] >> 1, last], flatten: () => [size] }[l.type]?.() ?? shape
    const inputs = { dense: last, conv: 9 * last }[l.type] ?? 0
    layers.push({ type: l.type, in: shape, out, parameters: inputs && (inputs + 1) * out.at(-1), multiply_adds: inputs * out.reduce((a, b) => a * b) })
    shape = out
  }
  const sum = (of) => layers.reduce((n, l) => n + l[of], 0)
  return { model: spec, input: layers[0].in, layers, parameters: sum('parameters'), multiply_adds: sum('multiply_adds'), memory_bytes: 16 * sum('parameters') }
}

export async function jobSteps({ checks, server, open }) {
  const { artefactId, hashesOf, toBase64 } = await load('compute/shared/artefact.ts')

  /** A person in the console, for whom the API of jobs is what routes say. A reply may be a function of the request. */
  const inside = async (name, routes, options) => {
    const person = await open(name, options)
    await person.page.route(/\/v1\/(jobs|artefacts|plans)/, (route) => {
      const request = route.request()
      const { pathname } = new URL(request.url())
      const found = routes[`${request.method()} ${pathname.slice(3)}`]
      if (!found) return route.fulfill({ status: 404, contentType: 'application/problem+json', json: { code: 'no_such_route', detail: `${request.method()} ${pathname}`, status: 404 } })
      const reply = found(request)
      return route.fulfill(reply.raw !== undefined ? { body: reply.raw } : reply.status ? { status: reply.status, contentType: 'application/problem+json', json: reply } : { json: reply })
    })
    await person.enter(server.apiKey)
    return person
  }

  /** What a node has made: its file in a list, and the routes that give its bytes. */
  const made = async (role, text) => {
    const bytes = Buffer.from(text)
    const hashes = await hashesOf(new Blob([bytes]))
    const artefact = artefactId(bytes.length, hashes)
    return { file: { role, artefact, bytes: bytes.length }, routes: { [`GET /artefacts/${artefact}/manifest`]: () => ({ id: artefact, length: bytes.length, pieces: toBase64(hashes) }), [`GET /artefacts/${artefact}/content`]: () => ({ raw: bytes }) } }
  }

  await checks.step('jobs: none yet, and a list by state, page by page', async () => {
    let all = []
    const person = await inside('jobs', {
      'GET /jobs': (request) => {
        const { searchParams } = new URL(request.url())
        const [state, from] = [searchParams.get('state'), Number(searchParams.get('cursor') ?? 0)]
        const some = all.filter((j) => !state || j.state === state)
        return { jobs: some.slice(from, from + 20), ...(some.length > from + 20 && { next: String(from + 20) }) }
      },
    }, { size: desk, also: ['.390'] })
    const { page } = person
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Jobs' }).click()
    await page.getByRole('heading', { name: 'You have no jobs yet.' }).waitFor()
    checks.ok((await page.locator('pre').first().innerText()).startsWith(`tasknet-node work --server ${server.url}`), 'the command that makes a machine a node')
    await person.accessible('jobs-none')
    await person.shot('jobs-none', { full: true })
    const ended = (n, state) => ({ ...training, id: `job_${state}_${n}`, title: `Streets, part ${n}`, state, parts: 1, rows_done: state === 'done' ? 1 : 0, ended_at: ago(100), created_at: ago(9000 + n) })
    all = [asking, training, { ...training, id: 'job_wait', title: 'A kind of tomorrow', kind: 'custom', parts: 0, rows_given: 0 }, ended(0, 'failed'), ...Array.from({ length: 20 }, (_, i) => ended(i + 1, 'done'))]
    await page.getByRole('heading', { name: '3 or more jobs are open.' }).waitFor() // which the page finds out by itself
    checks.equal(await page.locator('tbody tr').count(), 20, 'jobs on the first page')
    checks.ok(await page.locator('tr', { hasText: 'A kind of tomorrow' }).getByText('Custom').isVisible(), 'a kind that the page does not know')
    await person.accessible('jobs')
    await person.shot('jobs', { full: true })
    await page.getByRole('button', { name: 'Older jobs' }).click()
    await page.locator('tbody tr').nth(23).waitFor()
    await page.getByRole('button', { name: 'Failed' }).click()
    await checks.becomes(() => page.locator('tbody tr').count(), 1, 'jobs that failed')
    await page.getByRole('button', { name: 'Cancelled' }).click()
    await page.getByText('No cancelled jobs.').waitFor()
    await person.close()
  })

  await checks.step('jobs: one that answers single rows says who serves and how fast', async () => {
    let serving = { nodes: 0, waiting: 3, answers: 0, p50_ms: 0, p99_ms: 0, times: [] }
    let state = 'open'
    const live = () => ({ ...asking, id: 'job_live', title: 'Roofs, one at a time', live: true, work: { kind: 'infer', live: true, model, temperature: 1.2, inputs: [] }, rows: 10_000, rows_given: 4200, rows_done: 4200, parts: 9, parts_waiting: 0, state, serving, ...(state === 'done' && { ended_at: ago(5) }) })
    const person = await inside('job-live', {
      'GET /jobs/job_live': live,
      'GET /jobs/job_live/leases': () => ({ leases: [] }),
      'GET /jobs/job_live/parts': () => ({ parts: [] }),
      'POST /jobs/job_live/cancel': () => ((state = 'done'), live()),
    }, { also: ['.320', '.dark'] })
    const { page } = person
    await person.go('/console/jobs/job_live')
    await page.getByText('No node has the model loaded now. 3 rows wait for an answer.').waitFor()
    serving = { nodes: 2, waiting: 0, answers: 4236, p50_ms: 7.4, p99_ms: 1480, times: [] }
    await page.getByText('2 nodes have the model loaded and answer rows.').waitFor()
    const figures = page.getByRole('region', { name: 'Answers' })
    checks.equal((await figures.locator('.figure').allInnerTexts()).join(), '2,4,236,7.4 ms,1.5 s', 'what is told of answers')
    checks.ok((await figures.locator('pre').innerText()).startsWith('tasknet job ask job_live'), 'the command that asks')
    await person.accessible('job-live')
    await person.shot('job-live', { full: true })
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('What was answered is handed in and paid.').waitFor()
    await page.getByRole('button', { name: 'Stop the job' }).click()
    await page.getByText(/^Done .* after it was asked for/).waitFor()
    await person.close()
  })

  await checks.step('jobs: a training that another node went on with, live', async () => {
    let to = 1600
    let state = training
    const person = await inside('job-train', {
      'GET /jobs/job_train': () => state,
      'GET /jobs/job_train/leases': () => ({ leases: leases(to) }),
      'GET /jobs/job_train/parts': () => ({ parts: [{ number: 0, from_row: 0, to_row: 1, state: 'running', lost: 1, failures: [lost], checkpoint_step: 1400 }] }),
      'POST /jobs/job_train/cancel': () => (state = { ...training, state: 'cancelled', ended_at: ago(0) }),
    }, { also: ['.dark', '.320'] })
    const { page } = person
    await person.go('/console/jobs/job_train')
    const plot = page.getByRole('img', { name: /^Loss in training/ })
    await plot.waitFor()
    await page.getByText('A node trains it: step 1,600 of at most 4,000.').waitFor()
    await page.getByText('It goes on from the checkpoint of step 800.').waitFor()
    checks.equal(await plot.locator('text', { hasText: 'another node' }).count(), 1, 'where another node went on')
    const before = await plot.getAttribute('aria-label')
    to = 2400
    await until(async () => (await plot.getAttribute('aria-label')) !== before, 'the curve grows by itself')
    await page.getByText('As a table').click()
    await checks.becomes(() => page.locator('.card', { has: plot }).locator('tbody tr').count(), 12, 'epochs in the table')
    await person.accessible('job-train')
    await person.shot('job-train', { full: true })
    await page.getByRole('button', { name: 'Cancel' }).click()
    checks.equal(await page.evaluate(() => document.activeElement.textContent), 'Let it go on', 'the default of the dialog')
    await person.shot('job-cancel')
    await page.getByRole('button', { name: 'Stop the job' }).click()
    await page.getByText('Cancelled after').waitFor()
    checks.equal(await page.getByRole('button', { name: 'Cancel' }).count(), 0, 'ways to cancel what is cancelled')
    await person.close()
  })

  await checks.step('jobs: a model with its card, and files that are checked on their way', async () => {
    const [ofCard, weights] = [await made('card', JSON.stringify(card)), await made('weights', 'weights of a model')]
    const outputs = [ofCard.file, weights.file]
    const receipt = { lease: 'lse_2', job: 'job_train', part: 0, work_sha256: createHash('sha256').update('work').digest('hex'), code: 'v0.1.0-test', trainer: 'gomlx', class: 'linux/amd64', began_ms: Date.now() - 700_000, ended_ms: Date.now() - 60_000, outputs, signature: '5e'.repeat(64) }
    let damaged = true
    const person = await inside('job-done', {
      'GET /jobs/job_train': () => ({ ...training, state: 'done', rows_done: 1, ended_at: ago(60) }),
      'GET /jobs/job_train/leases': () => ({ leases: leases(3200).map((l, i) => (i === 0 ? { ...l, state: 'done', ended_at: ago(60) } : l)) }),
      'GET /jobs/job_train/parts': () => ({ parts: [{ number: 0, from_row: 0, to_row: 1, state: 'done', lost: 1, failures: [lost], outputs, receipt }] }),
      ...ofCard.routes,
      ...weights.routes,
      [`GET /artefacts/${weights.file.artefact}/content`]: () => ({ raw: damaged ? 'weights of no model' : 'weights of a model' }),
    }, { size: desk, also: ['.dark', '.320'] })
    const { page } = person
    await person.go('/console/jobs/job_train')
    await page.getByText('right on 641 tasks').waitFor()
    await page.getByText('Receipt, signed by the node').click()
    checks.equal(await page.locator('.heat tbody tr').count(), 4, 'rows of what it takes for what')
    checks.equal(await page.getByRole('link', { name: 'Ask this model' }).getAttribute('href'), '/console/jobs/new?kind=infer&model=job_train', 'where it is asked')
    await person.accessible('job-done')
    await person.shot('job-done', { full: true })
    const save = page.getByRole('button', { name: 'Save weights.safetensors' })
    await save.click()
    await page.getByText('What arrived is not what was asked for').waitFor()
    damaged = false
    const [file] = await Promise.all([page.waitForEvent('download'), save.click()])
    checks.equal(file.suggestedFilename(), 'Roof-damage-version-4-weights.safetensors', 'the name of the file')
    await person.close()
  })

  await checks.step('jobs: one in parts, which fails', async () => {
    const part = (number, state, more = {}) => ({ number, from_row: number * 4000, to_row: number * 4000 + 4000, state, lost: 0, ...more })
    const lease = (n, more) => ({ id: `lse_${n}`, part: n, from_row: n * 4000, to_row: n * 4000 + 4000, node: node(n), state: 'running', why: why({ waiting: 2, turn: 1, rows: 4000, seconds: 58 }), began_at: ago(40), expires_at: ago(-20), progress: { step: 2500, of: 4000 }, ...more })
    const failure = { code: 'bad_input', message: 'Task "street-8813" has the picture "8813.jpg", which is no picture.' }
    const person = await inside('job-parts', {
      'GET /jobs/job_infer': () => asking,
      'GET /jobs/job_infer/leases': () => ({ leases: [lease(4, { why: why({ again: 'slow', rows: 4000, seconds: 58 }) }), lease(3), lease(2, { state: 'failed', ended_at: ago(5), problem: failure.message })] }),
      'GET /jobs/job_infer/parts': () => ({ parts: [part(0, 'done'), part(1, 'done'), part(2, 'waiting', { failures: [failure] }), part(3, 'running'), part(4, 'running')], next: 'more' }),
      'GET /jobs/job_paid': () => ({
        ...asking, id: 'job_paid', title: 'All streets of October', state: 'done', rows_done: 24_000, parts_waiting: 0, created_at: ago(95_000), ended_at: ago(90_000), settles_at: ago(3600), settled_at: ago(3500),
        replicas: 2, money: { held: '0', paid: '25', fee: '1.875', returned: '16.25' },
        checks: [{ part: 0, audit: false, state: 'agreed' }, { part: 1, audit: false, state: 'decided' }, { part: 2, audit: false, state: 'agreed' }],
        cases: [{ number: 3, part: 1, amount: '208.333333', state: 'slashed' }, { number: 12, part: 1, amount: '50', state: 'prepared' }],
      }),
      'GET /jobs/job_paid/leases': () => ({ leases: [lease(1, { state: 'done', ended_at: ago(5), progress: { step: 4000, of: 4000 }, why: why({ waiting: 2, rows: 4000, seconds: 58, pays: '2.083333', pays_hour: '129.31', min_price: '100', stake: '50' }) })] }),
      'GET /jobs/job_paid/parts': () => ({ parts: [] }),
      'GET /jobs/job_none': () => ({ status: 404, code: 'no_job', detail: 'There is no such job.' }),
    }, { also: ['.desk', '.320', '.dark'] })
    const { page } = person
    await person.go('/console/jobs/job_paid')
    const pay = page.locator('section', { has: page.getByRole('heading', { name: 'Pay', exact: true }) })
    await pay.getByText('3 parts compared: 2 agreed, 1 decided').waitFor()
    checks.equal((await pay.locator('li').allInnerTexts()).map((t) => t.replace(/\s+/g, ' ')).join('; '), '3, of part 2: 208.333333tUSD slashed; 12, of part 2: 50.00tUSD waits for the court', 'cases')
    await page.getByText('It pays 2.083333, 129.31 for an hour of this node’s work, which takes no less than 100.00.').waitFor()
    await person.accessible('job-paid')
    await person.shot('job-paid', { full: true })
    await person.go('/console/jobs/job_infer')
    await page.getByText('2 nodes are at work; 8,000 of 24,000 rows are done.').waitFor()
    await page.getByText('Another node takes longer at it than expected').waitFor()
    await page.getByText('Of 2 organisations with work for it, 1 was before you').first().waitFor()
    await person.accessible('job-parts')
    await person.shot('job-parts', { full: true })
    await person.go('/console/jobs/job_none')
    await page.getByText('There is no such job.').waitFor()
    await person.close()
  })

  await checks.step('jobs: a model is built by keyboard, checked as it grows, and goes out and in as a file', async () => {
    const person = await inside('model', { 'POST /plans': (request) => plan(request.postDataJSON()), 'GET /jobs/job_train': () => training }, { also: ['.320'] })
    const { page } = person
    await person.go('/console/jobs/model')
    const layers = page.getByRole('region', { name: 'Layers' })
    const cost = page.getByRole('region', { name: 'What it costs' })
    await page.getByRole('button', { name: 'Texts' }).click()
    await layers.getByText('8192 to 64').waitFor()
    await cost.getByText('Counted with 2 classes').waitFor()
    await layers.getByLabel('Another layer').selectOption('conv')
    await layers.getByRole('button', { name: 'Add it' }).press('Enter')
    await layers.getByText('It looks at images, and gets 64.').waitFor()
    await cost.getByText('Layer 3 does not fit: see there.').waitFor()
    const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'))
    await checks.becomes(focused, 'Up: layer 3, Convolution', 'what has the focus after a layer was added')
    await page.keyboard.press('Enter')
    await checks.becomes(focused, 'Up: layer 2, Convolution', 'what has the focus after it was moved')
    await page.keyboard.press('Enter')
    await checks.becomes(focused, 'Down: layer 1, Convolution', 'what has the focus where it can go no further')
    await layers.getByText('It looks at images, and gets 8192.').waitFor()
    await person.shot('model-wrong', { full: true })
    await layers.getByRole('button', { name: 'Remove: layer 1, Convolution' }).press('Enter')
    await checks.becomes(focused, 'Remove: layer 1, Dense', 'what has the focus after it was removed')
    await cost.getByText('Its shapes fit.').waitFor()
    await layers.getByRole('textbox', { name: 'Units' }).fill('none')
    await layers.getByText('That is no number.').waitFor()
    await cost.getByText('A field holds no number yet.').waitFor()
    await layers.getByRole('textbox', { name: 'Units' }).fill('32')
    await layers.getByText('8192 to 32').waitFor()
    await page.getByLabel('What it makes small').selectOption('focal')
    await page.getByRole('textbox', { name: 'Gamma, of focal' }).fill('1.5')
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save', exact: true }).click()])
    checks.equal(JSON.stringify(JSON.parse(readFileSync(await file.path(), 'utf8')).loss), '{"type":"focal","gamma":1.5}', 'the loss in the file')
    checks.equal(JSON.parse(readFileSync(await file.path(), 'utf8')).layers.map((l) => l.units ?? l.rate).join(), '32,0.3', 'the layers in the file')
    const read = page.getByLabel('Read one')
    await read.setInputFiles({ name: 'bad.json', mimeType: 'application/json', buffer: Buffer.from('{"input":{"kind":"words"},"layers":[{"type":"magic"}]}') })
    await page.getByText('Layer 1 is of no type that there is').waitFor()
    await read.setInputFiles({ name: 'good.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ input: { kind: 'numbers', columns: ['width', 'height'] }, layers: [{ type: 'norm' }], classes: ['a', 'b', 'c'] })) })
    await layers.getByText(/^2 to 3,/).waitFor()
    await person.go('/console/jobs/model?of=job_train')
    await page.waitForURL('**/console/jobs/model')
    checks.equal(await page.getByLabel('Classes, one a line').inputValue(), classes.join('\n'), 'the classes of the job whose model it is')
    await person.accessible('model')
    await person.shot('model', { full: true })
    await person.close()
  })
}
