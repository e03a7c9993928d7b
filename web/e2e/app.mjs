// The pages in the Android or iOS app, whose side of the channel is made up here: what they ask of it, and what they do with the replies.
import { readFileSync } from 'node:fs'

const { agent, greeting, requests } = JSON.parse(readFileSync(new URL('../../mobile/bridge/cases.json', import.meta.url), 'utf8'))

/** Answers the requests of a page by a table of what it is asked for. Requests of which nothing is said are answered by {}. */
async function inhabit(person, answers) {
  const asked = []
  await person.context.exposeFunction('appIsAsked', (text) => {
    const { id, do: what, with: body } = JSON.parse(text)
    asked.push({ what, body })
    const fits = JSON.stringify(Object.fromEntries(Object.entries(body).map(([name, value]) => [name, typeof value]))) === JSON.stringify(requests[what])
    const reply = fits ? (answers[what]?.(body) ?? {}) : { error: { code: 'bad_request', text: `No: ${text.slice(0, 200)}` } }
    return JSON.stringify(reply.error ? { id, ...reply } : { id, ok: reply })
  })
  await person.context.addInitScript((greeting) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => void globalThis.appIsAsked(data).then((reply) => port1.postMessage(reply))
    globalThis.appTells = (event, body) => port1.postMessage(JSON.stringify({ event, with: body }))
    addEventListener('load', () => setTimeout(() => dispatchEvent(new MessageEvent('message', { data: greeting, ports: [port2] }))))
  }, greeting)
  return asked
}

export async function appSteps({ checks, server, open }) {
  const { world } = server

  await checks.step('app: a file goes where the person says, and who is erased begins anew', async () => {
    const [device, token, id] = ['ab', 'rt_app', 'rsp_app']
    const them = { id, wallet: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', yours: 0n, inEpoch: 0n, onChain: 0n, cumulative: 0n, today: 0, answered: [], skipped: new Set(), payouts: [], devices: [], past: [] }
    world.people.set(id, them)
    world.tokens.set(token, them)
    world.tokenDevices.set(token, device)
    let erased = false
    let chosen = 'cancelled'
    let file = ''
    const person = await open('app', { also: ['.dark', '.320'], more: { userAgent: `Mozilla/5.0 ${agent}` } })
    const { page } = person
    const asked = await inhabit(person, {
      person: () => ({ device, wallet: them.wallet, instance: server.instance.instance, respondent: erased ? '' : id, registered_until: '2030-01-01T00:00:00Z' }),
      token: () => ({ token, respondent: id, expires_at: '2030-01-01T00:00:00Z' }),
      backup: () => ({ wallet: '12'.repeat(32) }),
      assignments: () => ({ assignments: [] }),
      unsent: () => ({ answers: [] }),
      settled: () => ({ accepted: [], refused: [] }),
      waking: () => ({ state: 'off' }),
      shared: () => ({ text: '' }),
      piece: ({ at, bytes }) => void (file = (at === 0 ? '' : file) + Buffer.from(bytes, 'base64').toString()),
      save: () => (chosen === 'not_saved' ? { error: { code: chosen, text: 'The file could not be written there. Choose another place.' } } : { state: chosen }),
      erase: () => void (erased = true),
    })
    const count = (what) => asked.filter((a) => a.what === what).length

    await page.addInitScript(() => (localStorage.settings ??= '{"reads":["en"],"avoids":["blood"],"likes":["sport"]}'))
    await person.go('/')
    await page.getByRole('heading', { name: 'No questions now.' }).waitFor()
    checks.equal(JSON.stringify(asked.find((a) => a.what === 'assignments').body.taste), '{"reads":["en"],"avoids":["blood"],"likes":["sport"]}', 'the taste that the app is told')
    await checks.becomes(() => JSON.stringify(asked.find((a) => a.what === 'here')?.body), '{"on":true}', 'the app is told that somebody is here')
    const before = count('assignments')
    await page.evaluate(() => globalThis.appTells('here', { live: true }))
    await checks.becomes(() => count('assignments') > before, true, 'what came before the stream is asked for')

    // The app's own notices speak as the pages do.
    const told = () => JSON.stringify(asked.filter((a) => a.what === 'language').map((a) => a.body.tag))
    checks.equal(told(), '[""]', 'what the app is told of the language before one was chosen')
    await person.go('/key')
    await page.getByLabel('Language').selectOption('Español')
    await page.getByLabel('Idioma').waitFor()
    await checks.becomes(told, '["","","es"]', 'what the app is told once it was')
    await person.go('/key')
    await page.getByLabel('Idioma').selectOption('English')
    await page.getByLabel('Language').waitFor()
    await checks.becomes(told, '["","","es","es","en"]', 'what it is told at the next start')

    // A copy of the key that was not kept is none.
    await page.getByText('The key itself, for another wallet').click()
    const take = page.getByRole('button', { name: 'Download the key' })
    await take.click()
    await checks.becomes(() => count('save'), 1, 'files that the app is asked to save')
    checks.ok(file.includes('12'.repeat(32)), 'the file has the key')
    checks.ok(await page.getByText('You have no copy yet').isVisible(), 'a copy that was thought better of is counted')
    chosen = 'not_saved'
    await take.click()
    await page.getByText('The file could not be written there.').waitFor()
    await person.accessible('app not saved')
    await person.shot('app-not-saved')

    await person.go('/key/data')
    chosen = 'saved'
    await page.getByRole('button', { name: 'Save my data' }).click()
    await checks.becomes(() => count('save'), 3, 'files that the app is asked to save')
    checks.ok('settled_answers' in JSON.parse(file).device, 'the file has what the app keeps')
    await page.getByRole('button', { name: 'Erase my data' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Erase', exact: true }).click()
    await page.getByRole('heading', { name: 'Your data is erased.' }).waitFor()
    checks.equal(JSON.stringify(asked.find((a) => a.what === 'erase')?.body), '{"wallet":false}', 'what the app is asked to erase')
    checks.equal(await page.evaluate(() => localStorage.length), 0, 'settings that are left')
    await person.accessible('app erased')
    await person.shot('app-erased')
    await page.getByRole('button', { name: 'Begin anew' }).click()
    await page.getByRole('button', { name: 'Answer a first question' }).waitFor()
    await person.close()
  })
}
