// A person goes to another phone with their key, by a code; and what happens to who is not that person.
import { narrow, until } from './drive.mjs'


/** The steps about moving. */
export async function moveSteps({ checks, server, open }) {
  const heading = (person, name) => person.page.getByRole('heading', { level: 1, name }).waitFor()
  const numberOf = async (person) => {
    await heading(person, 'Does the other phone show this number?')
    return person.page.locator('.hero [aria-hidden]').innerText()
  }
  /** Shows the code on a phone, and returns the link that it is. */
  const showCode = async (person) => {
    await person.go('/key')
    await person.page.getByRole('link', { name: 'Move to another phone by a code' }).click()
    await person.page.getByRole('button', { name: 'Show the code' }).click()
    await person.page.locator('.qr path').waitFor()
    return person.page.getByLabel('The link', { exact: true }).innerText()
  }
  const scan = async (person, link) => {
    await person.page.goto(link)
    await heading(person, 'Bring the key of the phone with the code to this one?')
    checks.equal(new URL(person.page.url()).hash, '', 'what is left of the code in the address')
  }
  const bring = (person) => person.page.getByRole('button', { name: 'Bring it here' }).click()
  const identityOf = (person) => person.stored('kept', 'identity')

  await checks.step('move: the key goes to another phone, when both show the same number', async () => {
    for (const [suffix, options] of [['', { also: ['.dark', '.320'] }], ['.off', {}]]) {
      const [one, two] = [await open(`move-old${suffix}`, options), await open(`move-new${suffix}`, options)]
      await one.begin()
      const before = await identityOf(one)
      await one.go('/key/move')
      await heading(one, 'Move to another phone')
      await one.accessible(`move start${suffix}`)
      await one.shot(`move-1-start${suffix}`)
      const link = await showCode(one)
      checks.ok(/^http:\/\/127\.0\.0\.1:\d+\/move#mov_\w{26}\.[0-9a-f]{64}$/.test(link), `the link ${link}`)
      await one.page.getByRole('img', { name: /^The code for the other phone/ }).waitFor()
      await one.accessible(`move code${suffix}`)
      await one.shot(`move-2-code${suffix}`, { full: true })
      await scan(two, link)
      checks.equal(await identityOf(two), undefined, 'a key on the new phone before it is brought')
      await two.accessible(`move ask${suffix}`)
      await two.shot(`move-3-ask${suffix}`)
      await bring(two)
      const number = await numberOf(one)
      checks.ok(/^\d{3} \d{3}$/.test(number), `the number ${number}`)
      checks.equal(await numberOf(two), number, 'the number on the new phone')
      await one.accessible(`move compare old${suffix}`)
      await two.accessible(`move compare new${suffix}`)
      await one.shot(`move-4-compare-old${suffix}`)
      await two.shot(`move-4-compare-new${suffix}`)
      const [talk] = [...server.world.moves.values()]
      checks.equal(talk.messages.length, 2, 'messages before the person has said yes')
      await one.page.getByRole('button', { name: 'Yes, the same number' }).click()
      await heading(two, 'This phone has your key.')
      await heading(one, 'The other phone has your key.')
      checks.equal(JSON.stringify([talk.done, talk.messages]), '[true,[]]', 'what the server keeps')
      await one.accessible(`move done old${suffix}`)
      await two.accessible(`move done new${suffix}`)
      await one.shot(`move-5-done-old${suffix}`)
      await two.shot(`move-5-done-new${suffix}`)
      const after = await identityOf(two)
      checks.equal(after.wallet.address, before.wallet.address, 'the wallet')
      checks.equal(after.registration.respondent, before.registration.respondent, 'the person')
      checks.ok(after.device.key !== before.device.key, 'a device key of its own')
      checks.equal(after.backedUpAt, undefined, 'a copy that nobody took')
      await two.page.getByRole('button', { name: 'To what you earned' }).click()
      await two.page.waitForURL('**/earned')
      if (suffix === '') {
        await one.page.getByRole('link', { name: 'Keep both' }).click()
        await one.page.waitForURL('**/earned')
        checks.ok((await identityOf(one)).registration !== undefined, 'the key stays')
      } else {
        await one.page.getByRole('button', { name: 'Sign this phone off' }).click()
        await heading(one, 'This phone is signed off.')
        await one.accessible(`move signed off${suffix}`)
        await one.shot(`move-6-off${suffix}`)
        checks.equal(await identityOf(one), undefined, 'the key on the old phone')
        checks.ok(server.world.ended.has(before.device.key) && !server.world.ended.has(after.device.key), 'the old device alone is ended')
      }
      server.world.moves.clear()
      await one.close()
      await two.close()
    }
  })

  await checks.step('move: somebody else who was first gets nothing, and both phones say so', async () => {
    for (const [suffix, options] of [['', {}]]) {
      const [one, two, thief] = [await open(`theft-old${suffix}`, options), await open(`theft-new${suffix}`, options), await open(`thief${suffix}`, options)]
      await one.begin()
      const link = await showCode(one)
      await scan(thief, link)
      await bring(thief)
      const number = await numberOf(thief)
      await scan(two, link)
      await bring(two)
      await heading(two, 'Another phone has scanned this code already.')
      await two.accessible(`move taken${suffix}`)
      await two.shot(`move-taken${suffix}`)
      checks.equal(await numberOf(one), number, 'the number that the old phone asks about')
      await one.page.getByRole('button', { name: 'No, another one or none' }).click()
      await heading(one, 'Stop: somebody else may have scanned it.')
      await one.accessible(`move stop${suffix}`)
      await one.shot(`move-stop${suffix}`)
      await heading(thief, 'No key came.')
      await thief.accessible(`move stopped${suffix}`)
      await thief.shot(`move-stopped${suffix}`)
      checks.equal(server.world.moves.size, 0, 'moves that go on')
      checks.equal(await identityOf(thief), undefined, 'a key of the thief')
      // The way on from there.
      await one.page.getByRole('button', { name: 'Show a new code' }).click()
      await one.page.locator('.qr path').waitFor()
      await one.close()
      server.world.moves.clear()
      await two.close()
      await thief.close()
    }
  })

  await checks.step('move: a code with another secret or of another key is no code', async () => {
    const [one, two] = [await open('forged-old'), await open('forged-new')]
    await one.begin()
    const other = (link, at) => `${link.slice(0, at)}${link.at(at) === '0' ? '1' : '0'}${link.slice(at).slice(1)}`
    const link = await showCode(one)
    await scan(two, other(link, link.length - 64))
    await bring(two)
    await heading(one, 'Stop: somebody else may have scanned it.')
    await heading(two, 'This code was used, or is older than five minutes.')
    const again = await showCode(one)
    await scan(two, other(again, again.length - 1))
    await bring(two)
    await heading(two, 'Stop: what came is not from the phone with the code.')
    await two.accessible('move stranger')
    await two.shot('move-stranger')
    await one.page.getByRole('button', { name: 'No, another one or none' }).click()
    await heading(one, 'Stop: somebody else may have scanned it.')
    checks.equal(await identityOf(two), undefined, 'a key on the new phone')
    await one.close()
    await two.close()
  })

  await checks.step('move: a code that is too old is said to be, on both phones', async () => {
    for (const [suffix, options] of [['.dark', { dark: true }]]) {
      const [one, two] = [await open(`late-old${suffix}`, options), await open(`late-new${suffix}`, options)]
      await one.begin()
      const link = await showCode(one)
      server.world.moves.clear()
      await heading(one, 'The code is too old.')
      await one.accessible(`move late${suffix}`)
      await one.shot(`move-late${suffix}`)
      await scan(two, link)
      await bring(two)
      await heading(two, 'This code was used, or is older than five minutes.')
      await two.accessible(`move late new${suffix}`)
      await two.shot(`move-late-new${suffix}`)
      // Without a camera the link is pasted.
      await two.page.getByRole('button', { name: 'Go on' }).click()
      await heading(two, 'Bring your key to this phone')
      const field = two.page.getByLabel('Link of the other phone')
      await field.fill('https://tasknet.example/move')
      await two.page.getByRole('button', { name: 'Go on' }).click()
      await two.page.getByText('That is not a link for moving.').waitFor()
      await two.accessible(`move paste${suffix}`)
      await two.shot(`move-paste${suffix}`)
      await one.page.getByRole('button', { name: 'Show a new code' }).click()
      await one.page.locator('.qr path').waitFor()
      await field.fill(` ${await one.page.getByLabel('The link', { exact: true }).innerText()}\n`)
      await two.page.getByRole('button', { name: 'Go on' }).click()
      await bring(two)
      checks.equal(await numberOf(two), await numberOf(one), 'the number, by a pasted link')
      await one.page.getByRole('button', { name: 'Back' }).click()
      await heading(two, 'No key came.')
      checks.equal(server.world.moves.size, 0, 'moves of who has left the page')
      await one.close()
      await two.close()
    }
  })

  await checks.step('move: a server that is away is waited for', async () => {
    const [one, two] = [await open('away-old'), await open('away-new')]
    await one.begin()
    await until(async () => (await identityOf(one))?.registration !== undefined, 'the person is known')
    const link = await showCode(one)
    await scan(two, link)
    server.world.down = true
    await bring(two)
    await one.page.getByText('The server does not answer').first().waitFor()
    await two.page.getByText('The server did not answer.').waitFor()
    await one.accessible('move away')
    await one.shot('move-away')
    server.world.down = false
    await two.page.getByRole('button', { name: 'Try again' }).click()
    checks.equal(await numberOf(two), await numberOf(one), 'the number, after the server was away')
    await one.page.getByRole('button', { name: 'Yes, the same number' }).click()
    await heading(one, 'The other phone has your key.')
    await one.close()
    await two.close()
    server.world.moves.clear()
  })

  await checks.step('move: a phone with a key of its own says what would be lost', async () => {
    for (const [suffix, options] of [['.320', { size: narrow }]]) {
      const [one, two] = [await open(`own-old${suffix}`, options), await open(`own-new${suffix}`, options)]
      await two.begin()
      await until(async () => (await identityOf(two))?.registration !== undefined, 'the person is known')
      ;[...server.world.people.values()].at(-1).yours = 1_250_000n
      await one.begin()
      await until(async () => (await identityOf(one))?.registration !== undefined, 'the person is known')
      const link = await showCode(one)
      await scan(two, link)
      await two.page.getByText(/stands for 1\.25 tUSD/).waitFor()
      await two.accessible(`move replaces${suffix}`)
      await two.shot(`move-replaces${suffix}`)
      await two.page.getByRole('button', { name: 'Leave it as it is' }).click()
      await two.page.getByRole('navigation', { name: 'Main' }).waitFor()
      checks.equal([...server.world.moves.values()][0].messages.length, 0, 'what was said')
      await scan(two, link)
      await two.page.getByRole('button', { name: 'Replace the key here' }).click()
      await numberOf(one)
      await one.page.getByRole('button', { name: 'Yes, the same number' }).click()
      await heading(two, 'This phone has your key.')
      await heading(one, 'The other phone has your key.')
      checks.equal((await identityOf(two)).wallet.address, (await identityOf(one)).wallet.address, 'the wallet')
      server.world.moves.clear()
      await one.close()
      await two.close()
    }
  })
}
