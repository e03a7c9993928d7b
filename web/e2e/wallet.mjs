// What a person does with the key of their wallet and with their pay.
import { readFileSync } from 'node:fs'
import { narrow } from './drive.mjs'

/** The steps about the wallet. */
export async function walletSteps({ checks, server, open }) {
  const restored = async (two, one) => {
    await two.page.waitForURL('**/earned')
    const address = (person) => person.page.locator('main .cap .hash').last().getAttribute('title')
    await one.go('/earned')
    checks.equal(await address(two), await address(one), 'the restored wallet')
  }
  const leave = async (...people) => {
    for (const person of people) await person.close()
  }

  await checks.step('wallet: 24 words bring the person back on another device', async () => {
    for (const [suffix, options] of [['', {}], ['.dark', { dark: true }], ['.320', { size: narrow }]]) {
      const one = await open(`words${suffix}`, options)
      await one.begin()
      await one.go('/key')
      await one.page.getByRole('link', { name: 'Write down 24 words' }).click()
      await one.page.getByRole('heading', { name: 'Your key as 24 words' }).waitFor()
      checks.equal(await one.page.locator('.words').count(), 0, 'words before the tap')
      await one.accessible(`words before${suffix}`)
      await one.shot(`wallet-words-before${suffix}`)
      await one.page.getByRole('button', { name: 'Show the words' }).click()
      await one.page.locator('.words li').nth(23).waitFor()
      const words = await one.page.locator('.words li').allInnerTexts()
      await one.accessible(`words${suffix}`)
      await one.shot(`wallet-words${suffix}`, { full: true })
      await one.page.getByRole('button', { name: 'I have written them down' }).click()
      const fields = one.page.getByLabel(/^Word \d+$/)
      await fields.nth(2).waitFor()
      checks.equal(await fields.count(), 3, 'words that are asked for')
      checks.equal(await one.page.locator('.words').count(), 0, 'words while they are asked for')
      for (let i = 0; i < 3; i++) await fields.nth(i).fill('zoo')
      await one.page.getByRole('button', { name: 'Check', exact: true }).click()
      await one.page.getByRole('alert').first().waitFor()
      await one.accessible(`words asked${suffix}`)
      await one.shot(`wallet-words-wrong${suffix}`)
      for (let i = 0; i < 3; i++) {
        const n = Number(/\d+/.exec(await one.page.locator('.field > span:first-child').nth(i).innerText())[0])
        await fields.nth(i).fill(` ${words[n - 1].toUpperCase()} `)
      }
      await one.page.getByRole('button', { name: 'Check', exact: true }).click()
      await one.page.getByText('They are the right ones.').waitFor()
      await one.accessible(`words done${suffix}`)
      await one.shot(`wallet-words-done${suffix}`)
      await one.page.goBack()
      await one.page.getByText('You took a copy on').waitFor()
      if (suffix === '') {
        const two = await open('words-two')
        await two.go('/key')
        await two.page.getByLabel('24 words, or a private key').fill(words.with(3, 'maison').join(' '))
        await two.page.getByRole('button', { name: 'Use this key' }).click()
        await two.page.getByText('Word 4 is not in the list of words.').waitFor()
        await two.accessible('restore wrong')
        await two.shot('restore-wrong')
        await two.page.getByLabel('24 words, or a private key').fill(words.join(' '))
        await two.page.getByRole('button', { name: 'Use this key' }).click()
        await restored(two, one)
        await two.close()
      }
      await one.close()
    }
  })

  await checks.step('wallet: an encrypted file opens with its passphrase', async () => {
    const one = await open('file')
    await one.begin()
    await one.go('/key/file')
    await one.page.getByLabel('Passphrase').fill('too short')
    checks.ok(await one.page.getByRole('button', { name: 'Save the file' }).isDisabled(), 'a short passphrase is not taken')
    await one.page.getByLabel('Passphrase').fill('mouse bridge lemon tax')
    await one.page.getByLabel('The same again').fill('mouse fridge')
    await one.page.getByText('The two differ.').waitFor()
    await one.accessible('file')
    await one.shot('wallet-file', { full: true })
    await one.page.getByLabel('The same again').fill('mouse bridge lemon tax')
    const download = one.page.waitForEvent('download')
    await one.page.getByRole('button', { name: 'Save the file' }).click()
    const path = await (await download).path()
    checks.equal(JSON.parse(readFileSync(path, 'utf8')).version, 3, 'the version of the file')
    await one.page.getByRole('heading', { name: 'The file is saved' }).waitFor()
    await one.shot('wallet-file-done')
    const two = await open('file-two', { dark: true })
    await two.go('/key')
    await two.page.getByLabel('Or an encrypted file').setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('[]') })
    await two.page.getByText('That is not a key file').waitFor()
    await two.page.getByLabel('Or an encrypted file').setInputFiles({ name: 'wallet.json', mimeType: 'application/json', buffer: readFileSync(path) })
    await two.page.getByLabel('Passphrase of the file').fill('mouse bridge lemon tux')
    await two.page.getByRole('button', { name: 'Open the file' }).click()
    await two.page.getByText('The passphrase does not open this file.').waitFor()
    await two.accessible('restore file')
    await two.shot('restore-file.dark', { full: true })
    await two.page.getByLabel('Passphrase of the file').fill('mouse bridge lemon tax')
    await two.page.getByRole('button', { name: 'Open the file' }).click()
    await restored(two, one)
    await leave(one, two)
  })

  await checks.step('wallet: an encrypted file opens with a passkey', async () => {
    const one = await open('passkey')
    one.base = one.base.replace('127.0.0.1', 'localhost') // passkeys belong to names
    const devtools = await one.context.newCDPSession(one.page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, hasPrf: true, isUserVerified: true, automaticPresenceSimulation: true } })
    await one.begin()
    await one.go('/key/file')
    const download = one.page.waitForEvent('download')
    await one.page.getByRole('button', { name: 'Make a passkey and save' }).click()
    const path = await (await download).path()
    const data = readFileSync(path)
    const file = JSON.parse(data)
    checks.ok(/^[0-9a-f]{2,}$/.test(file.tasknet?.passkey.id ?? ''), 'the file names its passkey')
    await one.page.getByRole('heading', { name: 'The file is saved' }).waitFor()
    const before = (await one.page.evaluate(() => new Promise((done) => { const open = indexedDB.open('tasknet'); open.onsuccess = () => { const get = open.result.transaction('kept').objectStore('kept').get('identity'); get.onsuccess = () => done(get.result.wallet.address) } }))).toLowerCase()
    checks.equal(`0x${file.address}`, before, 'the address in the file')
    await one.go('/key')
    await one.page.getByLabel('Or an encrypted file').setInputFiles({ name: 'wallet.json', mimeType: 'application/json', buffer: data })
    await one.page.getByRole('button', { name: 'Open it with the passkey' }).click()
    await one.page.getByRole('heading', { name: 'Replace the key on this device?' }).waitFor()
    await one.accessible('replace the key')
    await one.page.getByRole('button', { name: 'Replace the key', exact: true }).click()
    await one.page.waitForURL('**/earned')
    await one.close()
    const two = await open('passkey-none')
    await two.go('/key')
    await two.page.getByLabel('Or an encrypted file').setInputFiles({ name: 'wallet.json', mimeType: 'application/json', buffer: data })
    await two.page.getByRole('button', { name: 'Open it with the passkey' }).click()
    await two.page.getByText(/The passkey was not given|no passkey that fits/).waitFor()
    await two.shot('restore-no-passkey', { full: true })
    await two.close()
  })

  await checks.step('wallet: a statement of each month, and its file', async () => {
    for (const [suffix, options] of [['', {}], ['.dark', { dark: true }], ['.320', { size: narrow }]]) {
      const person = await open(`statement${suffix}`, options)
      await person.begin()
      await person.go('/earned')
      await person.page.getByRole('link', { name: 'Statement' }).click()
      await person.page.getByText(/^Nothing was paid in /).waitFor()
      await person.accessible(`statement empty${suffix}`)
      if (suffix === '') await person.shot('statement-empty')
      const them = [...server.world.people.values()].at(-1)
      const at = (days) => new Date(Date.UTC(2026, 9, 1 + days, 23, 30)).toISOString()
      them.since = '2026-09'
      them.lines = [
        { at: at(0), what: 'answer', question: 'q_1', amount: '0.018', state: 'on_chain', epoch: 411, tx: `0x${'ab'.repeat(32)}`, entry: 'tx_1' },
        { at: at(1), what: 'answer', question: 'q_2', amount: '0.02', state: 'waiting', entry: 'tx_2' },
        { at: at(2), what: 'released', amount: '0.015', state: 'in_epoch', epoch: 412, entry: 'tx_3' },
        { at: at(2), what: 'forfeited', amount: '0.005', state: 'forfeited', entry: 'tx_4' },
        { at: at(30), what: 'answer', question: 'q_3', amount: '1.25', state: 'yours', entry: 'tx_5' },
      ]
      await person.page.reload()
      await person.page.getByLabel('Month').locator('option').nth(2).waitFor({ state: 'attached' })
      await person.page.getByLabel('Month').selectOption('2026-10')
      await person.page.locator('.rows li').nth(4).waitFor()
      checks.equal(await person.page.locator('.facts2 .amt b').allInnerTexts().then((all) => all.join(' ')), '1.283 0.02 0.005', 'the sums of the month')
      checks.ok((await person.page.locator('.rows li').last().innerText()).startsWith('31 Oct'), 'the last day of the month is of UTC')
      await person.accessible(`statement${suffix}`)
      await person.shot(`statement${suffix}`, { full: true })
      const download = person.page.waitForEvent('download')
      await person.page.getByRole('button', { name: 'Download CSV' }).click()
      const file = await download
      checks.equal(file.suggestedFilename(), 'tasknet-2026-10.csv', 'the name of the file')
      checks.equal(readFileSync(await file.path(), 'utf8').trim().split('\n').length, 6, 'lines of the file')
      await person.close()
    }
  })

  await checks.step('wallet: the least payout', async () => {
    for (const [suffix, options] of [['', {}], ['.dark', { dark: true }], ['.320', { size: narrow }]]) {
      const person = await open(`payout${suffix}`, options)
      await person.begin()
      const them = [...server.world.people.values()].at(-1)
      them.yours = 20_000n
      await person.go('/key/payout')
      const field = person.page.getByLabel('At least, in tUSD')
      await field.fill('a lot')
      await person.page.getByText('A number of tUSD').waitFor()
      await person.accessible(`payout wrong${suffix}`)
      await field.fill('1000,1')
      await person.page.getByText('At most 1000.00 tUSD.').waitFor()
      checks.ok(await person.page.getByRole('button', { name: 'Save' }).isDisabled(), 'too much is not saved')
      await field.fill('0,5')
      await person.page.getByRole('button', { name: 'Save' }).click()
      await person.page.getByText('Saved: at least').waitFor()
      checks.equal(them.least, '0.5', 'the least payout at the server')
      await person.accessible(`payout${suffix}`)
      await person.shot(`payout${suffix}`, { full: true })
      await person.go('/earned')
      await person.page.getByText('What is yours waits until it is').waitFor()
      await person.accessible(`earned waits for more${suffix}`)
      await person.shot(`earned-least${suffix}`, { full: true })
      them.yours = 0n
      await person.close()
    }
  })
}
