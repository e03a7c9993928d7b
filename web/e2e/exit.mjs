// The page by which people leave without the operator, opened from the disk, against a real chain, with a wallet that signs.
import { readFileSync } from 'node:fs'
import { chain, delay, hasAnvil, notice } from './chain.mjs'
import { until } from './drive.mjs'
import { load } from './sources.mjs'

const page = new URL('../dist/exit.html', import.meta.url)
const token = 10n ** 18n
const at = (seconds) => new RegExp(`${new Date(seconds * 1000).getDate()} \\w+ ${new Date(seconds * 1000).getFullYear()}, \\d\\d:\\d\\d`)

export async function exitSteps({ checks, server, open, base, phone, desk }) {
  const views = [['', phone, { also: ['.dark', '.320'] }], ['.desk', desk, {}]]

  await checks.step('exit: a server offers what is needed to leave it', async () => {
    const question = server.ask({ ...base, text: 'Can one leave?', choices: ['Yes', 'No'], quorum: { policy: 'fixed:1' } })
    const person = await open('exit-save', { size: phone })
    await person.begin()
    await person.find('Can one leave?')
    await person.tap('Yes')
    await person.sent()
    await until(() => person.page.evaluate(async () => (await (await fetch('/v1/records/epochs')).json()).epochs.length > 0), 'there is an epoch')
    checks.ok(question.answers === 1, 'the question is answered')
    for (const path of ['/earned', '/payouts']) {
      await person.go(path)
      await person.page.getByRole('link', { name: 'Save what you need to leave without us' }).click()
      await person.page.getByRole('heading', { name: 'Save these now' }).waitFor()
    }
    const [download] = await Promise.all([person.page.waitForEvent('download'), person.page.getByRole('link', { name: 'Epoch 1', exact: true }).click()])
    checks.equal(download.suggestedFilename(), 'epoch-1.json', 'the file that is saved')
    checks.equal(JSON.parse(readFileSync(await download.path(), 'utf8')).epoch?.number, 1, 'the epoch in it')
    const [saved] = await Promise.all([person.page.waitForEvent('download'), person.page.getByRole('link', { name: 'This page' }).click()])
    checks.equal(readFileSync(await saved.path(), 'utf8'), readFileSync(page, 'utf8'), 'the page that is saved')
    await person.accessible('exit served')
    await person.shot('exit-served', { full: true })
    await person.close()
  })

  if (!hasAnvil) {
    checks.say('skip exit: anvil is not here: run npm ci --ignore-scripts in rewards/contracts')
    return
  }
  const { treeOf, accountOf, spendingLeaf, headerHash } = await load('payouts/shared/tree.ts')
  const { payoutLeaf } = await load('proof/shared/merkle.ts')
  const { hex } = await load('proof/shared/bytes.ts')
  const { plain } = await load('money/shared/amount.ts')
  let net
  await checks.step('exit: a vault on a real chain', async () => {
    net = await chain()
  })
  if (!net) return // not wanted, or said to have failed
  try {
    await leaving()
  } catch (error) {
    checks.fail(`exit: ${error.message}`)
  } finally {
    net.stop()
  }

  async function leaving() {
    const reference = new Uint8Array(32)
    new TextEncoder().encodeInto('org_leaving', reference)
    const [requester, relayer] = [await net.wallet(), await net.wallet()]
    const people = []
    for (let i = 0; i < 5; i++) people.push(await net.wallet())
    const through = await net.deposit(requester.address, reference, 10n * token)

    /** The file of an epoch in which each of the people has so many micro-units in all. */
    const epochOf = (n, each, spent) => {
      const sums = people.map((_, i) => each * BigInt(i + 1))
      const total = sums.reduce((a, b) => a + b) * 10n ** 12n
      const account = accountOf(requester.address, hex(reference))
      const zero = '0'.repeat(64)
      const header = {
        hash: '', payouts: hex(treeOf(people.map((p, i) => payoutLeaf(p.address, sums[i] * 10n ** 12n)))[0]), spending: hex(treeOf([spendingLeaf(account, spent * 10n ** 12n)])[0]),
        verdicts: zero, total: String(total), spent: String(spent * 10n ** 12n), through, log_root: zero, log_size: 0,
      }
      header.hash = headerHash(n, header)
      return {
        chain_id: net.id, vault: net.vault, token: { address: net.token, symbol: 'tUSD', decimals: 18 },
        epoch: { number: n, state: 'settled', root: header.payouts, amount: '1', cumulative: '1', payees: people.length, header, gas: 0, at: '2026-11-22T00:00:00Z' },
        payouts: people.map((p, i) => ({ address: p.address, cumulative: plain(sums[i]) })),
        accounts: [{ account: hex(account), owner: requester.address, reference: hex(reference), org: 'org_leaving', deposited: '10', withdrawn: '0', spent: plain(spent) }],
      }
    }
    const [first, second] = [epochOf(1, 18_000n, 500_000n), epochOf(2, 36_000n, 1_000_000n)]
    await net.post(first.epoch)
    await net.pass(delay)
    await net.post(second.epoch)
    const pendingAt = Number(BigInt((await net.rpc('eth_getBlockByNumber', 'latest', false)).timestamp))

    const file = (tree, name = `epoch-${tree.epoch.number}.json`) => ({ name, mimeType: 'application/json', buffer: Buffer.from(typeof tree === 'string' ? tree : JSON.stringify(tree)) })

    /** The page from the disk, in a browser with a wallet, or none. */
    const arrive = async (name, wallet, options = {}) => {
      const person = await open(name, { size: phone, ...options })
      if (wallet) {
        await person.page.exposeFunction('walletRequest', (of) => wallet.request(of).then((result) => ({ result }), (error) => ({ error: { code: error.code, message: error.message, data: error.data } })))
        await person.page.addInitScript(() => {
          globalThis.ethereum = {
            request: async (of) => {
              const { result, error } = await globalThis.walletRequest(of)
              if (error) throw error
              return result
            },
          }
        })
      }
      await person.page.goto(page.href)
      return person
    }
    const choose = (person, ...files) => person.page.getByLabel('Files of the newest epochs').setInputFiles(files)
    const byWallet = (person) => person.page.getByRole('button', { name: 'Use the wallet in this browser' }).click()
    const byNode = async (person, url = net.url) => {
      await person.page.getByLabel(/node of the chain/).fill(url)
      await person.page.getByRole('button', { name: 'Use this node' }).click()
    }
    const look = (person) => person.page.getByRole('button', { name: 'Look what is yours' }).click()
    const says = (person, text) => person.page.getByText(text).first().waitFor({ timeout: 30_000 })

    await checks.step('exit: a person claims by the file, the page and a wallet, and nothing a second time', async () => {
      for (const [i, [suffix, size, options]] of views.entries()) {
        const person = await arrive(`exit${suffix}`, people[i], { size, ...options })
        await person.accessible(`exit empty${suffix}`)
        await person.shot(`exit-empty${suffix}`, { full: true })
        await choose(person, file(first), file(second))
        await says(person, 'Epoch 2:')
        await byWallet(person)
        await says(person, 'It is asked, and can send.')
        checks.equal(await person.page.getByLabel('Your address').inputValue(), people[i].address, 'the address is the wallet’s')
        await look(person)
        const sum = (0.018 * (i + 1)).toFixed(3).replace(/0$/, '')
        const button = person.page.getByRole('button', { name: `Claim ${sum}` })
        await button.waitFor()
        await person.accessible(`exit claim${suffix}`)
        await person.shot(`exit-claim${suffix}`, { full: true })
        await button.click()
        await says(person, 'Done, by transaction 0x')
        await says(person, 'Nothing is left to claim')
        await person.accessible(`exit claimed${suffix}`)
        await person.shot(`exit-claimed${suffix}`, { full: true })
        checks.equal(String(await net.balance(people[i].address)), String(18_000n * BigInt(i + 1) * 10n ** 12n), 'what was paid')
        await person.close()
      }
    })

    await checks.step('exit: what is wrong is said', async () => {
      const forged = (change) => {
        const tree = structuredClone(first)
        change(tree)
        return tree
      }
      const person = await arrive('exit-wrong')
      await byNode(person)
      const wrong = async (name, text, ...files) => {
        await choose(person, ...files)
        await person.page.getByLabel('Your address').fill(people[4].address)
        if (await person.page.getByRole('button', { name: 'Look what is yours' }).isEnabled()) await look(person)
        await says(person, text)
        await person.accessible(`exit ${name}`)
        await person.shot(`exit-wrong-${name}`, { full: true })
      }
      await wrong('nofile', 'notes.txt is not the file of an epoch.', file('{"a":1}', 'notes.txt'))
      await wrong('text', 'is not the file of an epoch.', file('hello', 'epoch-1.json'))
      await wrong('some', 'notes.txt is not the file of an epoch.', file('{"a":1}', 'notes.txt'), file(first))
      checks.equal(await person.page.getByText('Epoch 1:').count(), 1, 'good files that are kept beside a broken one')
      await wrong('chain', 'not of this one on chain', file(forged((t) => (t.chain_id = 5))))
      await wrong('pending', 'The root of epoch 2 is not in force yet. It is in force from', file(second))
      checks.ok(at(pendingAt + delay).test(await person.page.getByRole('alert').innerText()), 'when it is in force')
      await wrong('old', 'The root in force is of epoch 1: its file is wanted', file(forged((t) => (t.epoch.number = 7))))
      await wrong('header', 'The header in the file of epoch 1 is not the one in force', file(forged((t) => (t.epoch.header.total += '0'))))
      await wrong('forged', 'do not make the root in force', file(forged((t) => (t.payouts[4].cumulative = '7'))))
      checks.equal(await person.page.getByText('the call to send').count(), 0, 'calls by a forged file')
      await choose(person, file(first))
      await person.page.getByLabel('Your address').fill(relayer.address)
      await look(person)
      await says(person, 'gives this address nothing')
      await byNode(person, 'http://127.0.0.1:1')
      await look(person)
      await says(person, 'The node did not answer.')
      await person.close()

      const refusing = await arrive('exit-refused', { request: async (of) => (of.method === 'eth_sendTransaction' ? Promise.reject({ code: 4001, message: 'no' }) : people[4].request(of)) })
      await choose(refusing, file(first))
      await byWallet(refusing)
      await look(refusing)
      await refusing.page.getByRole('button', { name: 'Claim 0.09' }).click()
      await says(refusing, 'You refused it in the wallet.')
      checks.equal(String(await net.claimed(people[4].address)), String(0n), 'claimed without consent')
      await refusing.close()
    })

    await checks.step('exit: without a wallet the page shows the calls, which anybody can send', async () => {
      const person = await arrive('exit-calls')
      await choose(person, file(first))
      await byNode(person)
      await person.page.getByLabel('Your address').fill(people[4].address)
      await look(person)
      await person.page.getByText('Claim 0.09', { exact: false }).click()
      const data = await person.page.getByLabel('data of the claim').innerText()
      await person.accessible('exit calls')
      await person.shot('exit-calls', { full: true })
      await net.mined(await relayer.request({ method: 'eth_sendTransaction', params: [{ from: relayer.address, to: net.vault, data: data.trim() }] }))
      checks.equal(String(await net.balance(people[4].address)), String(90_000n * 10n ** 12n), 'what was paid by somebody else’s transaction')
      await person.close()
    })

    await checks.step('exit: a requester gives notice, waits, and withdraws what was not spent', async () => {
      const young = new Uint8Array(32).fill(7)
      await net.deposit(requester.address, young, 2n * token) // after the root in force
      const person = await arrive('exit-notice', requester)
      await choose(person, file(first))
      await byWallet(person)
      await look(person)
      await says(person, 'org_leaving')
      await person.shot('exit-notice', { full: true })
      await person.page.getByRole('button', { name: 'Give notice' }).click()
      await says(person, 'Notice is given. It is over on')
      const given = Number(BigInt((await net.rpc('eth_getBlockByNumber', 'latest', false)).timestamp))
      checks.ok(at(given + notice).test(await person.page.getByText('Notice is given.').innerText()), 'when the notice is over')
      checks.equal(await person.page.getByRole('button', { name: /^Withdraw/ }).count(), 0, 'a withdrawal before the notice is over')
      await person.accessible('exit notice')
      await person.shot('exit-noticed', { full: true })
      await person.page.getByRole('button', { name: 'Take the notice back' }).click()
      await person.page.getByRole('button', { name: 'Give notice' }).click()
      await says(person, 'Notice is given.')
      await person.page.getByText('A deposit that the file does not have').click()
      await person.page.getByLabel('Whom the deposit named').fill(hex(young))
      await look(person)
      await person.page.getByRole('button', { name: 'Give notice' }).click() // of the young one
      await person.page.getByText('Notice is given.').nth(1).waitFor()

      await net.pass(notice) // the second root is in force by now
      await look(person)
      await says(person, 'The root in force is of epoch 2: its file is wanted')
      await choose(person, file(second))
      await look(person)
      await person.page.getByLabel('To which address').first().fill(relayer.address)
      await person.page.getByRole('button', { name: 'Withdraw 9.00' }).waitFor()
      await person.accessible('exit withdraw')
      await person.shot('exit-withdraw', { full: true })
      await person.page.getByRole('button', { name: 'Withdraw 9.00' }).click()
      await says(person, 'Nothing is left: all was spent or withdrawn.')
      checks.equal(String(await net.balance(relayer.address)), String(9n * token), 'what was withdrawn')
      await person.page.getByRole('button', { name: 'Withdraw 2.00' }).click()
      await person.page.getByText('Nothing is left: all was spent or withdrawn.').nth(1).waitFor()
      checks.equal(String(await net.balance(requester.address)), String(2n * token), 'what was withdrawn of a deposit without a leaf')
      await person.close()
      const stranger = await arrive('exit-stranger', people[0])
      await choose(stranger, file(second))
      await byWallet(stranger)
      await stranger.page.getByText('A deposit that the file does not have').click()
      await stranger.page.getByLabel('Whom the deposit named').fill('org_leaving')
      await look(stranger)
      await says(stranger, 'Nothing was ever deposited by this address')
      await stranger.close()
    })
  }
}
