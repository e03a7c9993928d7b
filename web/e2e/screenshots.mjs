// Takes the pictures that the manifest shows of the app, into public/screenshots: node e2e/screenshots.mjs, after a build.
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { crowd } from './crowd.mjs'
import { browser, Checks, desk, drawn, Person, until } from './drive.mjs'
import { mock } from './mock-server.mjs'
import { unload } from './sources.mjs'

const folder = fileURLToPath(new URL('../public/screenshots', import.meta.url))
const base = { quorum: { policy: 'fixed:3' }, price: '0.018', deadline_seconds: 86_400 }
const roof = { ...base, text: 'What happened to this roof?', choices: ['Missing tiles', 'Fallen tree', 'Water damage', 'No damage'], image_alt: 'A house from the street; part of the roof has no tiles.' }
/** Each with the answer that is right. */
const plain = [
  ['Does this customer complain about a delay?\nThe parcel arrived in one piece, but four days after the date you gave me, and nobody wrote to say so.', ['Yes', 'No'], 0],
  ['Which of these is not a fruit?', ['Apple', 'Pear', 'Plum', 'Chair'], 3],
  ['Is 17 a prime number?', ['Yes', 'No'], 0],
  ['Which day is the 21st of November 2026?', ['Friday', 'Saturday', 'Sunday'], 1],
]

mkdirSync(folder, { recursive: true })
const chrome = await browser()
const server = await mock()
const checks = new Checks()
const image = server.media(await drawn(chrome, 700, 900), 'image/png')
const take = (person, name) => person.page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' })

const person = await Person.open(chrome, server.url, checks, { more: { deviceScaleFactor: 2 } })
const asked = plain.map(([text, choices]) => server.ask({ ...base, text, choices }))
await person.begin()
for (const [i, q] of asked.entries()) {
  await person.shows(q.text)
  await person.tap(plain[i][1][plain[i][2]])
}
await person.sent()
const two = await crowd(server.url, 2)
await two.answer((question) => ({ choice: plain.find(([text]) => text === question.text)[2] }))
const them = [...server.world.people.values()][0]
Object.assign(them, { past: [3, 2, 0, 4, 4, 2, 6, 3, 0, 1, 5, 4, 3] })
await until(() => them.payouts[0]?.state === 'settled', 'the payout is on the chain')
await person.go('/earned')
await person.page.getByText('Held', { exact: true }).waitFor()
await person.settled()
await take(person, 'earned')
server.ask({ ...roof, image: image.hash })
await person.go('/')
await person.shows(roof.text)
await person.page.locator('.media img').waitFor()
await take(person, 'question')

const requester = await Person.open(chrome, server.url, checks, { size: desk })
await requester.enter(server.apiKey)
await requester.page.getByText('Live', { exact: true }).waitFor()
await requester.settled()
await take(requester, 'console')

await chrome.close()
await server.stop()
await unload()
process.exitCode = checks.end()
