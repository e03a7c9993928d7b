// What a person is told when the server breaks a promise: each step has the server tell one lie.
import { randomBytes } from 'node:crypto'
import { until } from './drive.mjs'
import { load } from './sources.mjs'

export async function logSteps({ checks, server, open, base, phone, narrow }) {
  const { headerHash } = await load('payouts/shared/tree.ts')
  const { log, world } = server

  /** A person who has answered, and whose answer is in a closed question, and paid by an epoch where that is wanted. */
  const answered = async (name, options = {}, paid = false) => {
    const person = await open(name, { more: { permissions: ['clipboard-read', 'clipboard-write'] }, ...options })
    const text = `Is ${name} honest?`
    server.ask({ ...base, text, choices: ['Yes', 'No'], quorum: { policy: 'fixed:1' } })
    await person.begin()
    await person.find(text)
    await person.tap('Yes')
    await person.sent()
    if (paid) {
      const end = Date.now() + 30_000
      while (![...world.people.values()].at(-1).payouts[0]?.claimed) {
        if (Date.now() > end) throw new Error('nobody was paid')
        await person.page.waitForTimeout(50)
      }
    }
    return person
  }
  const looks = async (person) => {
    await person.go('/answered')
    await person.page.locator('.mine').first().waitFor()
  }
  const copied = async (person, within = 'main') => {
    await person.page.locator(within).getByRole('button', { name: 'Copy the evidence' }).first().click()
    await person.page.getByText('Copied', { exact: true }).first().waitFor()
    return JSON.parse(await person.page.evaluate(() => navigator.clipboard.readText()))
  }
  const shown = async (person, name) => {
    await person.accessible(name)
    await person.shot(name, { full: true })
  }

  await checks.step('log: an honest server is not accused, and its log has the answer', async () => {
    const person = await answered('log-honest', {}, true)
    await looks(person)
    await person.page.locator('.mine button').first().click()
    await person.page.getByText('It is in the public log').waitFor()
    checks.equal(await person.page.getByRole('alert').count(), 0, 'accusations')
    await shown(person, 'log-honest')
    await person.close()
  })

  await checks.step('log: an answer that is not in it, or has another in its place, is told with its evidence', async () => {
    for (const [lie, text] of [['nothing', 'It is not in the public log, though the receipt promised it by now.'], ['another', 'The public log has something else in its place.']]) {
      world.logs = lie
      const person = await answered(`log-${lie}`)
      world.logs = undefined
      await looks(person)
      await person.page.locator('.mine button').first().click()
      await person.page.getByText(text).waitFor()
      const { receipt, checkpoint } = await copied(person, '.mine')
      checks.equal(checkpoint, log.checkpoint(), 'the checkpoint in the evidence')
      checks.ok(/^[0-9a-f]{128}$/.test(receipt.receipt.signature), 'the receipt in the evidence')
      await shown(person, `log-${lie}`)
      await person.close()
    }
  })

  await checks.step('log: a broken promise is told where questions are answered, to who never looks', async () => {
    world.logs = 'nothing'
    const person = await answered('log-told')
    await person.page.emulateMedia({ reducedMotion: 'reduce' }) // a color on its way from dark to light has no contrast yet
    world.logs = undefined
    const looking = async (name) => {
      await shown(person, name)
      await person.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
      await person.shot(`${name}.dark`, { full: true })
      await person.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
      await person.page.setViewportSize(narrow)
      await shown(person, `${name}.320`)
      await person.page.setViewportSize(phone)
    }
    server.ask({ ...base, text: 'What comes after log-told?', choices: ['This', 'That'] })
    await person.go('/') // a page that has a question rests for some seconds, then looks
    const warning = person.page.locator('.banner').filter({ hasText: '1 answer of yours is not in the public log as its receipt promised.' })
    await warning.waitFor()
    await looking('log-told')
    await person.page.getByRole('navigation').getByRole('link', { name: /^Earned/ }).click()
    await person.page.getByRole('heading', { name: 'Earned' }).waitFor()
    await warning.waitFor()
    await looking('log-told-earned')
    await warning.getByRole('link', { name: 'Evidence', exact: true }).click()
    await person.page.locator('.note').filter({ hasText: '1 answer of yours is not in the public log' }).waitFor()
    checks.equal(await warning.count(), 0, 'warnings beside the evidence')
    const [shows] = await copied(person, '.note')
    checks.ok(shows.receipt.receipt.by_ms < Date.now() && shows.checkpoint.startsWith('tasknet/'), 'a receipt and a checkpoint in the evidence')
    await looking('log-told-answered')
    await person.go('/')
    await warning.waitFor() // at once: it was found before
    await person.close()
  })

  await checks.step('log: one that was changed, or is signed by another key, is told, and that stays', async () => {
    const lies = [
      ['forked', 'The server’s public log was changed', () => (log.leaves[0] = randomBytes(32))],
      ['unsigned', 'is not signed by the key that it had', () => (log.signs = randomBytes(32))],
    ]
    for (const [kind, text, lie] of lies) {
      const person = await answered(`log-${kind}`, { also: ['.dark', '.320'] }, true) // paid: an epoch that is made during the lie has its root
      await looks(person)
      await kept(person, 'log')
      await person.page.goto('about:blank') // ends a check that would read one half of the truth and one of the lie
      const before = log.checkpoint()
      const first = log.leaves[0]
      lie()
      await looks(person)
      await person.page.getByText(text).waitFor()
      const evidence = await copied(person)
      checks.equal([evidence.kind, evidence.seen, evidence.now].join(), [kind, before, log.checkpoint()].join(), 'the evidence')
      await shown(person, `log-${kind}`)
      Object.assign(log, { signs: undefined })
      log.leaves[0] = first
      await looks(person)
      await person.page.getByText(text).waitFor() // the server is honest again, but it was not
      await person.close()
    }
  })

  await checks.step('log: one that is not the one on chain is told, by the server’s record and by a wallet', async () => {
    const other = (tree) => {
      tree.epoch.header.log_root = randomBytes(32).toString('hex')
      tree.epoch.header.hash = headerHash(tree.epoch.number, tree.epoch.header)
      return tree
    }
    const text = 'is not the one whose checkpoint is on chain'
    const byRecord = await answered('log-record', {}, true)
    world.forgeTree = other
    await looks(byRecord)
    await byRecord.page.getByText(text).waitFor()
    const record = await copied(byRecord)
    checks.equal([record.kind, record.anchor.by, record.anchor.agrees].join(), 'unanchored,server,true', 'the evidence')
    checks.equal(record.now, log.checkpoint(), 'the checkpoint in the evidence')
    await shown(byRecord, 'log-unanchored')
    await byRecord.close()
    world.forgeTree = undefined

    for (const [chains, accused] of [['the same', false], ['another', true]]) {
      const person = await answered(`log-wallet-${accused}`, {}, true)
      const { number, header } = world.epochs.at(-1).epoch
      const onChain = accused ? 'cd'.repeat(32) : header.hash
      await person.page.addInitScript(
        ([epoch, hash]) => {
          globalThis.ethereum = { request: async ({ method }) => (method === 'eth_chainId' ? '0x7a69' : `0x${epoch.toString(16).padStart(64, '0')}${hash}`) }
        },
        [number, onChain],
      )
      await looks(person)
      if (accused) {
        await person.page.getByText(text).waitFor()
        const evidence = await copied(person)
        checks.equal([evidence.anchor.by, evidence.anchor.onChain, evidence.anchor.record.header.hash].join(), ['chain', onChain, header.hash].join(), 'the evidence')
      } else {
        await kept(person, 'log')
        checks.equal(await person.page.getByText(text).count(), 0, `accusations when the chain has ${chains} header`)
      }
      await person.close()
    }
  })

  await checks.step('log: a refusal is kept with the answer, and whether the server signed it', async () => {
    const told = { yes: 'The server signed that it does not accept this answer', forged: 'or not signed by its key', unsigned: 'The server did not sign' }
    for (const [refuses, text] of Object.entries(told)) {
      const person = await open(`refused-${refuses}`, { more: { permissions: ['clipboard-read', 'clipboard-write'] }, also: refuses === 'yes' ? ['.dark', '.320'] : [] })
      const question = `Is refused-${refuses} fair?`
      const { id } = server.ask({ ...base, text: question, choices: ['Yes', 'No'] })
      await person.begin()
      await person.find(question)
      world.refuses = refuses
      await person.tap('No')
      await person.sent()
      world.refuses = undefined
      await looks(person)
      await person.page.getByText('Not accepted, so not paid: The question has closed').waitFor()
      await person.page.locator('.mine button').first().click()
      await person.page.getByText(text).waitFor()
      const evidence = await copied(person)
      checks.equal([evidence.answer.question, evidence.answer.choice, evidence.code].join(), [id, 1, 'question_closed'].join(), 'the evidence')
      checks.equal(evidence.refusal === undefined, refuses === 'unsigned', 'a statement in the evidence')
      await shown(person, `log-refused-${refuses}`)
      await person.page.reload()
      await person.page.getByText('Not accepted, so not paid').waitFor()
      if (refuses === 'unsigned') {
        server.ask({ ...base, text: 'Is this one newer?', choices: ['Yes', 'No'] })
        await person.go('/')
        await person.find('Is this one newer?')
        await person.tap('Yes')
        await person.sent()
        await looks(person)
        await person.page.getByText('Not accepted, so not paid').waitFor()
        const rows = await person.page.locator('.mine').allInnerTexts()
        checks.equal(await person.page.locator('header .end').innerText(), `${rows.length} in all, 1 not accepted`, 'the number of rows in the header')
        checks.equal(rows.map((row) => row.split('?')[0]).join(), `Is this one newer,${question.slice(0, -1)}`, 'the rows, the newest first')
      }
      await person.close()
    }
  })

  /** Waits until the device has kept a value under this name. */
  async function kept(person, name) {
    await until(async () => (await person.stored('kept', name)) !== undefined, `${name} is kept`)
  }
}
