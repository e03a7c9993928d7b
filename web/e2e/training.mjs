// A model on a running server, from a file of labels to what it says of other tasks: in the console, by a node of its own.
//   node e2e/training.mjs --url http://127.0.0.1:8080 --key tn_... --node bin/tasknet-node [--shots DIR]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { browser, Checks, desk, Person } from './drive.mjs'

const { values } = parseArgs({ options: { url: { type: 'string' }, key: { type: 'string' }, node: { type: 'string' }, shots: { type: 'string' } } })
if (!values.url || !values.key || !values.node) {
  console.error('usage: node e2e/training.mjs --url http://127.0.0.1:8080 --key tn_... --node bin/tasknet-node [--shots DIR]')
  process.exit(2)
}
const url = values.url.replace(/\/$/, '')
const checks = new Checks()
const chrome = await browser()
const folder = mkdtempSync(join(tmpdir(), 'tasknet-training-'))

/** Words that tell the two classes apart, in sentences that are all different. */
const kinds = { Spam: ['prize', 'cheap', 'claim', 'free', 'winner'], Fine: ['meeting', 'lunch', 'minutes', 'invoice', 'birthday'] }
const rows = Object.entries(kinds).flatMap(([label, words]) => words.flatMap((one, i) => Array.from({ length: 16 }, (_, n) => [`${label}-${i}-${n}`, `"${one} number ${n}, and ${words[(i + n) % words.length]}"`, label])))
const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })

let node
try {
  const requester = await Person.open(chrome, url, checks, { size: desk, also: ['.390'], shots: values.shots, name: 'training' })
  const { page } = requester
  const cost = page.getByRole('region', { name: 'What it costs' })

  await checks.step('a model is built, and checked by the server', async () => {
    await requester.enter(values.key)
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Jobs' }).click()
    await page.getByRole('heading', { name: 'You have no jobs yet.' }).waitFor()
    await page.getByRole('link', { name: 'Build a model' }).click()
    await cost.getByText('Its shapes fit.').waitFor()
    await page.getByLabel('Another layer').selectOption('conv')
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByText(/^It looks at images, and gets 64\./).waitFor()
    await page.getByRole('button', { name: 'Remove: layer 3' }).click()
    await cost.getByText('Its shapes fit.').waitFor()
    await page.getByLabel('Epochs at most').fill('30')
    await page.getByRole('link', { name: 'Train it' }).click()
  })

  await checks.step('labels are read here, sent, and a node learns from them', async () => {
    await page.getByRole('button', { name: 'Train a model' }).click()
    await page.getByText('Choose a file first.').waitFor()
    await page.getByLabel('File', { exact: true }).setInputFiles(file('mail.csv', 'key,text\na,b'))
    await page.getByText('It has no labels').waitFor()
    await page.getByLabel('File', { exact: true }).setInputFiles(file('mail.csv', ['key,text,label', ...rows].join('\n')))
    await page.getByText('2 classes: Fine, Spam').waitFor()
    await page.getByText('operations an example').waitFor()
    await requester.accessible('job-new')
    await requester.shot('job-new', { full: true })
    await page.getByRole('button', { name: 'Train a model' }).click()
    await page.waitForURL('**/console/jobs/job_*')
    await page.getByText('It waits for a node that can do it.').waitFor()
    node = spawn(values.node, ['work', '--server', url, '--data', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
    await page.getByText('right on').waitFor({ timeout: 120_000 })
    await page.getByText('Nobody else had work that it could do.').waitFor()
    await page.getByRole('img', { name: /^Loss in training/ }).waitFor()
    await page.getByText('Receipt, signed by the node').click()
    await requester.accessible('job-trained')
    await requester.shot('job-trained', { full: true })
  })

  await checks.step('the model is asked about others', async () => {
    await page.getByRole('link', { name: 'Ask this model' }).click()
    await page.getByText('It tells Fine, Spam apart.').waitFor()
    await page.getByLabel('File', { exact: true }).setInputFiles(file('more.csv', 'key,text\nx,"a free prize, claim it"\ny,"minutes of the meeting"\n'))
    await page.getByText('none with a label').waitFor()
    await page.getByRole('button', { name: 'Ask a model' }).click()
    await page.waitForURL('**/console/jobs/job_*')
    const save = page.getByRole('button', { name: 'Save predictions.jsonl' })
    await save.waitFor({ timeout: 60_000 })
    const [saved] = await Promise.all([page.waitForEvent('download'), save.click()])
    const said = readFileSync(await saved.path(), 'utf8').trim().split('\n').map((line) => JSON.parse(line))
    checks.equal(said.map((p) => `${p.key} ${p.label}`).join(), 'x Spam,y Fine', 'what the model says')
    await requester.shot('job-asked', { full: true })
  })
} finally {
  if (node) {
    node.kill('SIGTERM')
    if (node.exitCode === null) await once(node, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
  await chrome.close()
}
process.exitCode = checks.end()
