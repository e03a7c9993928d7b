// The page of a node on somebody's own computer, by a program that is made up: what it tells is what compute/desktop's tests write.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { extname } from 'node:path'
import { Person } from './drive.mjs'

const at = (path) => new URL(`../../${path}`, import.meta.url)
const types = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' }
// That of compute/desktop/page.go, which its tests hold to it: nothing of the page may need more.
const policy = readFileSync(at('compute/desktop/page.go'), 'utf8').match(/"Content-Security-Policy": +"([^"]+)"/)[1]

/** Serves the page, and tells it what live says. */
async function program() {
  const told = JSON.parse(readFileSync(at('compute/desktop/testdata/live.json')))
  const state = { live: told, asked: [], refuse: undefined, streams: new Set() }
  state.tell = () => state.streams.forEach((stream) => stream.write(`data: ${JSON.stringify(state.live)}\n\n`))
  const answer = async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const path = new URL(request.url, 'http://x').pathname
    const say = (status, value) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
    if (!path.startsWith('/api/')) {
      const file = path === '/' ? 'compute/desktop/page/index.html' : path.startsWith('/styles/') ? `web/src${path}` : `compute/desktop/page${path}`
      response.writeHead(200, { 'Content-Type': types[extname(file)], 'Content-Security-Policy': policy }).end(readFileSync(at(file)))
      return
    }
    if (path === '/api/enter') {
      const fits = JSON.parse(body).code === 'CODE'
      say(fits ? 200 : 401, fits ? { token: 'TOKEN' } : { code: 'no_key', message: 'The link was used, or is of an earlier start.' })
      return
    }
    if (request.headers.authorization !== 'Bearer TOKEN') {
      say(401, { code: 'no_key', message: 'The link was used, or is of an earlier start.' })
    } else if (path === '/api/live') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      state.streams.add(response)
      state.tell()
    } else if (path === '/api/log') {
      response.end('level=INFO msg="the node began"\n')
    } else if (state.refuse) {
      say(422, { code: 'bad_settings', message: state.refuse })
      state.refuse = undefined
    } else {
      state.asked.push([path, body === '' ? undefined : JSON.parse(body)])
      response.end()
    }
  }
  const server = createServer((request, response) => answer(request, response).catch(() => response.writeHead(404).end()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  state.url = `http://127.0.0.1:${server.address().port}`
  state.stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return state
}

const window = { width: 1000, height: 700 } // that people have it in

export async function nodeSteps({ checks, chrome, shots, desk }) {
  const opened = async (name, options, body) => {
    const node = await program()
    const person = await Person.open(chrome, node.url, checks, { shots, name, ...options })
    try {
      await body(node, person, person.page)
    } finally {
      await person.close()
      node.stop()
    }
  }

  await checks.step('a node: what it does, and may', () =>
    opened('node', { size: window, also: ['.dark', '.390', '.320', '.desk'] }, async (node, person, page) => {
      await person.go('/#CODE')
      await page.getByRole('heading', { name: 'Training: Roof damage, version 4' }).waitFor()
      checks.equal(await page.evaluate(() => location.hash), '', 'the code that is left in the address')
      checks.equal(await page.locator('.hero').innerText(), '2.07', 'what was earned')
      checks.equal(await page.getByRole('img').first().getAttribute('aria-label'), 'Loss went from 2.28 to 0.459 over 1,920 of 3,000 steps.', 'what the plot says')
      checks.equal(await page.locator('#done tbody tr').count(), 4, 'what was done')
      checks.equal((await page.locator('#stake .rows').innerText()).replace(/\s+/g, ' '), 'Staked 50.00 tUSD Counts for jobs 30.00 tUSD Asked back 20.00 tUSD', 'what is at stake')
      await page.getByText('Jobs wait that ask for 100.00 tUSD or more.').waitFor()
      checks.equal(await page.getByRole('textbox', { name: 'Least pay for an hour' }).inputValue(), '0.25', 'the least pay')
      checks.equal(await page.getByText('cannot be read here, so it has no effect').count(), 1, 'settings without effect')
      await page.getByRole('button', { name: 'Show' }).click()
      await page.getByText('the node began').waitFor()
      await person.accessible('node')
      await person.shot('node', { full: true })
      await page.reload()
      await page.getByRole('heading', { name: 'Training: Roof damage, version 4' }).waitFor()
    }),
  )

  await checks.step('a node: pause, resume and settings', () =>
    opened('node-acts', { size: window }, async (node, person, page) => {
      await person.go('/#CODE')
      const asked = () => checks.becomes(async () => node.asked.length, 1, 'requests').then(() => node.asked.pop() ?? [])
      await page.getByRole('button', { name: 'Let it finish, then pause' }).click()
      checks.equal(JSON.stringify(await asked()), '["/api/pause",{"finish":true}]', 'what is asked')
      await page.getByRole('button', { name: 'Pause now' }).click()
      checks.equal(JSON.stringify(await asked()), '["/api/pause",{"finish":false}]', 'what is asked')
      Object.assign(node.live, { phase: 'held', why: 'paused', now: undefined, settings: { ...node.live.settings, paused: true } })
      node.tell()
      await page.getByRole('status').getByText('Paused').waitFor()
      checks.equal(await page.evaluate(() => document.activeElement.id), 'resume', 'the focus after a pause')
      await page.keyboard.press('Enter')
      checks.equal(JSON.stringify(await asked()), '["/api/resume",null]', 'what is asked')
      await page.getByRole('slider', { name: 'Processor' }).focus()
      await page.keyboard.press('ArrowRight')
      checks.equal((await asked())[1].cores, 5, 'cores')
      checks.equal(await page.getByRole('slider', { name: 'Processor' }).getAttribute('aria-valuetext'), '5 of 8 cores', 'what the slider says')
      await page.getByRole('switch', { name: 'Pause on battery' }).click()
      checks.equal((await asked())[1].mains_only, false, 'on battery')
      await page.getByRole('checkbox', { name: 'Saturday' }).check()
      checks.equal((await asked())[1].hours.days.join(' '), 'mon tue wed thu fri sat', 'days')
      await page.getByRole('switch', { name: 'Start with the computer' }).click()
      checks.equal(JSON.stringify(await asked()), '["/api/autostart",{"on":true}]', 'what is asked')
      node.refuse = 'The server is an address such as https://tasknet.example.'
      await page.getByRole('textbox', { name: 'Server', exact: true }).fill('nowhere')
      await page.getByRole('textbox', { name: 'Server', exact: true }).press('Tab')
      await page.getByRole('alert').getByText('The server is an address').waitFor()
      checks.equal(await page.getByRole('textbox', { name: 'Server', exact: true }).inputValue(), 'https://tasknet.example', 'the address after it was refused')
      await person.accessible('node refused')
      const [mine, theirs] = ['org_01k4wqhnxv0g8c9e2r7ja5m3td', 'job_01k4wqhp2ac3z1rgvqmx6t4ns9']
      const only = page.getByRole('textbox', { name: 'Only that of' })
      node.refuse = '"us" is no id of an organisation (org_...) or of a job (job_...).'
      await only.fill(`${mine}, us`)
      await only.press('Tab')
      await page.getByRole('alert').getByText('"us" is no id').waitFor()
      checks.equal(await only.inputValue(), `${mine}, us`, 'the ids after they were refused')
      checks.equal(await only.getAttribute('aria-invalid'), 'true', 'what is marked')
      await person.accessible('node ids refused')
      await only.fill(` ${mine},\n${theirs} ${mine}`)
      await only.press('Tab')
      checks.equal((await asked())[1].only.join(' '), `${mine} ${theirs}`, 'whose work is done')
      await checks.becomes(() => page.getByRole('alert').isVisible(), false, 'the refusal after that')
      await checks.becomes(() => only.inputValue(), `${mine}\n${theirs}`, 'whose work is done, one a line')
      const least = page.getByRole('textbox', { name: 'Least pay for an hour' })
      node.refuse = 'Write an amount as a decimal with at most six decimals, such as "0.018".'
      await least.fill('much')
      await least.press('Tab')
      await page.getByRole('alert').getByText('Write an amount as a decimal').waitFor()
      await least.fill('0,5')
      await least.press('Tab')
      checks.equal((await asked())[1].min_price, '0.5', 'the least pay')
      Object.assign(node.live, { stake: { wallet: '', staked: '50', counts: '0', asked: '0', case: 7 } })
      node.tell()
      await page.getByText('All of it is frozen by case 7').waitFor()
      node.live.stake = undefined
      node.tell()
      await checks.becomes(() => page.locator('#stake').isVisible(), false, 'the stake where nobody stakes')
      Object.assign(node.live, { phase: 'waiting', why: undefined, others: true, settings: { ...node.live.settings, paused: false, only: [mine, theirs] } })
      node.tell()
      await page.getByRole('heading', { name: 'Nothing to do of what you chose.' }).waitFor()
    }),
  )

  await checks.step('a node: the first start, and without a link', () =>
    opened('node-first', { size: desk, also: ['.390', '.dark'] }, async (node, person, page) => {
      const { live } = node
      Object.assign(live, { phase: 'held', why: 'no_server', now: undefined, earned: undefined, history: [], settings: { ...live.settings, server: '', hours: null }, autostart: null })
      Object.assign(live.machine, { mains: 'unknown', idle_seconds: undefined, celsius: undefined, load: undefined })
      await person.go('/')
      await page.getByText('The link was used').waitFor()
      await person.accessible('node closed')
      await person.go('/#WRONG')
      await page.getByText('The link was used').waitFor()
      await person.go('/')
      await person.go('/#CODE')
      await page.getByText('Enter the address of a server').waitFor()
      await person.accessible('node first')
      await person.shot('node-first', { full: true })
    }),
  )
}
