// A person sends their pay to another address: with a wallet of the browser's, and without one. And a requester pays on top.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { desk, phone } from './drive.mjs'

/** A wallet that speaks EIP-1193 in the page and signs here, with a real key. It notes what it was asked. */
async function ownWallet(person, signatures, { chain = 31337, declines = false } = {}) {
  const key = secp256k1.utils.randomSecretKey()
  const wallet = { address: signatures.addressOf(key), asked: [], declines, chain }
  await person.context.exposeFunction('signTyped', (text) => {
    const { domain, message, primaryType } = JSON.parse(text)
    if (primaryType !== 'PayoutAddress' || domain.chainId !== wallet.chain) throw new Error('another statement, or another chain')
    return `0x${signatures.walletSign(key, signatures.payoutAddressDigest(domain.chainId, domain.salt.slice(2), message))}`
  })
  await person.context.exposeFunction('walletAsked', (method, params) => {
    wallet.asked.push(method)
    if (method === 'wallet_switchEthereumChain') wallet.chain = Number(params[0].chainId)
    return { address: wallet.address.toLowerCase(), chain: `0x${wallet.chain.toString(16)}`, declines: wallet.declines }
  })
  await person.context.addInitScript(() => {
    globalThis.ethereum = {
      async request({ method, params }) {
        const { address, chain, declines } = await globalThis.walletAsked(method, params)
        if (method === 'eth_requestAccounts') return [address]
        if (method === 'eth_chainId') return chain
        if (method === 'wallet_switchEthereumChain') return null
        if (method !== 'eth_signTypedData_v4' || params[0].toLowerCase() !== address) throw Object.assign(new Error('unsupported'), { code: 4200 })
        if (declines) throw Object.assign(new Error('declined'), { code: 4001 })
        return globalThis.signTyped(params[1])
      },
    }
  })
  return wallet
}

/** The steps about where pay goes. */
export async function addressSteps({ checks, server, open }) {
  const latest = () => [...server.world.people.values()].at(-1)

  await checks.step('address: a wallet of one’s own signs, and pay goes there', async () => {
    const person = await open('own', { also: ['.dark', '.320'] })
    const wallet = await ownWallet(person, server.signatures, { chain: 1, declines: true })
    const { page } = person
    await person.begin()
    const them = latest()
    await person.go('/key/payout')
    await page.getByText('the wallet on this phone').waitFor()
    await person.accessible('own wallet')
    await person.shot('address-own', { full: true })
    await page.getByRole('button', { name: 'Use your own wallet' }).click()
    await page.getByText('You declined in your wallet. Nothing has changed.').waitFor()
    await person.accessible('own wallet declined')
    await person.shot('address-declined', { full: true })
    checks.equal(them.changes?.length ?? 0, 0, 'changes after the wallet declined')
    wallet.declines = false
    await page.getByRole('button', { name: 'Use your own wallet' }).click()
    await page.getByText('Changed. Epochs from now on pay there.').waitFor()
    checks.equal(them.changes[0].to, wallet.address, 'the new address')
    checks.equal(wallet.asked.filter((m) => m === 'wallet_switchEthereumChain').length, 1, 'the wallet was put on the chain once')
    checks.equal(await page.getByRole('alert').count(), 0, 'what went wrong before')
    await page.getByText('stays there, and can be claimed there').waitFor()
    await person.accessible('own wallet done')
    await person.shot('address-done', { full: true })
    await page.getByRole('button', { name: 'Use your own wallet' }).click()
    await page.getByText('Your pay goes to this account already.').waitFor()
    await person.go('/earned')
    await page.getByText('Goes to your other address').waitFor()
    await person.shot('address-earned', { full: true })
    await person.go('/key/payout')
    await page.getByRole('button', { name: 'Back to the wallet on this phone' }).click()
    await page.getByText(', the wallet on this phone.').waitFor()
    checks.equal(them.changes.length, 2, 'changes')
    checks.ok(them.changes[1].proof, 'both keys are on this phone: it holds at once')
    await person.close()
  })

  await checks.step('address: without a wallet in the browser a change waits, and can be cancelled', async () => {
    const person = await open('typed', { also: ['.dark', '.320'] })
    const { page } = person
    await person.begin()
    const them = latest()
    await person.go('/key/payout')
    const field = page.getByLabel('Another address')
    await field.waitFor()
    checks.equal(await page.getByRole('button', { name: 'Use your own wallet' }).count(), 0, 'a wallet where there is none')
    const send = page.getByRole('button', { name: 'Send my pay there' })
    await field.fill('0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed')
    await page.getByText('One of them is wrong or missing').waitFor()
    checks.ok(await send.isDisabled(), 'an address with a wrong letter is not sent')
    await person.accessible('address wrong')
    await person.shot('address-wrong', { full: true })
    await field.fill(them.wallet)
    checks.ok(await send.isDisabled(), 'the address where pay goes is not sent')
    await field.fill(server.instance.vault)
    await send.click()
    await page.getByText('Nobody can be paid there').waitFor()
    checks.equal(them.changes?.length ?? 0, 0, 'changes after one that was refused')
    await field.fill('0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed')
    await send.click()
    await page.getByRole('heading', { name: 'It will go elsewhere.' }).waitFor()
    checks.equal(them.changes[0].proof, undefined, 'a proof of a key that nobody has')
    checks.equal(await field.count(), 0, 'a second change while one waits')
    await person.accessible('address waits')
    await person.shot('address-waits', { full: true })
    await person.go('/earned')
    await page.getByRole('heading', { name: 'Your pay will go elsewhere.' }).waitFor()
    await person.accessible('earned moves')
    await person.shot('address-earned-moves', { full: true })
    await page.getByRole('link', { name: 'Look at the change' }).click()
    await page.getByRole('button', { name: 'Cancel the change' }).click()
    await page.getByText('Cancelled. Your pay goes where it went before.').waitFor()
    await field.waitFor()
    checks.ok(them.changes[0].cancelled_at, 'the change is cancelled')
    await person.accessible('address cancelled')
    await person.shot('address-cancelled', { full: true })
    await page.getByText(', the wallet on this phone.').waitFor()
    await person.close()
  })

  await checks.step('address: who did not ask for a change is told, and cancels it; or cannot, or too late', async () => {
    const question = server.ask({ quorum: { policy: 'fixed:1' }, price: '0.02', deadline_seconds: 86_400, text: 'Is this address yours?', choices: ['Yes', 'No'] })
    const person = await open('moving', { also: ['.dark', '.320'] })
    const { page } = person
    await person.begin()
    const them = latest()
    const other = ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359']
    const asked = (to) => (them.changes ??= []).push({ respondent: them.id, wallet: them.wallet, to, number: (them.changes?.length ?? 0) + 1, signature: `0x${'1b'.repeat(65)}`, at: new Date().toISOString(), effective_at: new Date(Date.now() + 72 * 3_600_000).toISOString() })
    const note = page.getByRole('link', { name: 'Your pay is to go to another address.' })
    const cancel = page.getByRole('button', { name: 'Cancel the change' })

    // Somebody with a copy of the key asks for a change: it is said wherever the person looks next.
    asked(other[0])
    await person.find(question.text)
    await note.waitFor()
    await person.accessible('answering while a change waits')
    await person.inEachWay('moving-answering', async (name) => {
      const [answers, told] = [await page.locator('.answers').boundingBox(), await note.boundingBox()]
      checks.ok(told.y >= answers.y + answers.height, `${name}: the note begins at ${told.y} px, the answers end at ${answers.y + answers.height}`)
    })
    await person.shot('moving-answering')
    await person.go('/key')
    await note.waitFor()
    await person.accessible('key while a change waits')
    await person.shot('moving-key')
    await person.go('/')
    await note.click()

    // The server does not answer to the cancelling: the change still waits, and it can be tried again.
    await page.route('**/v1/me/payout/address', (route) => route.abort())
    await cancel.click()
    await page.getByRole('alert').waitFor()
    checks.ok(!them.changes[0].cancelled_at, 'a change whose cancelling did not arrive waits')
    await page.getByRole('heading', { name: 'It will go elsewhere.' }).waitFor()
    await person.accessible('cancelling fails')
    await person.shot('moving-cancel-fails', { full: true })
    await page.unroute('**/v1/me/payout/address')
    await cancel.click()
    await page.getByText('Cancelled. Your pay goes where it went before.').waitFor()
    checks.equal(await page.getByRole('alert').count(), 0, 'what went wrong before')
    checks.ok(them.changes[0].cancelled_at, 'the change is cancelled')
    await page.getByRole('button', { name: 'Back', exact: true }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await note.waitFor({ state: 'detached' })

    // Cancelled on another phone meanwhile: that is as good.
    asked(other[0])
    await person.go('/key/payout')
    await cancel.waitFor()
    them.changes[1].cancelled_at = new Date().toISOString()
    await cancel.click()
    await page.getByText('Cancelled. Your pay goes where it went before.').waitFor()

    // Too late: it holds.
    asked(other[1])
    await person.go('/key/payout')
    await cancel.waitFor()
    them.changes[2].effective_at = new Date(Date.now() - 1000).toISOString()
    await cancel.click()
    await page.getByText('Too late to cancel').waitFor()
    await page.getByRole('button', { name: 'Back to the wallet on this phone' }).waitFor()
    checks.equal(await page.getByText('Cancelled.').count(), 0, 'said to be cancelled')
    await person.accessible('cancelling too late')
    await person.shot('moving-too-late', { full: true })
    await person.go('/earned')
    await page.getByText('Goes to your other address').waitFor()
    checks.equal(await page.getByRole('heading', { name: 'Your pay will go elsewhere.' }).count(), 0, 'said to be going to go elsewhere')
    await person.close()
  })

  await checks.step('bonus: a requester pays for one answer on top', async () => {
    const question = server.ask({ quorum: { policy: 'fixed:1' }, price: '0.5', deadline_seconds: 86_400, text: 'Which answer is worth more?', choices: ['This', 'That'] })
    const person = await open('bonus-earned')
    await person.begin()
    const them = latest()
    await person.find('Which answer is worth more?')
    await person.tap('This')
    await person.sent()
    for (const [name, options] of [['pay-bonus', { size: desk }], ['pay-bonus.dark', { size: phone, dark: true }]]) {
      const requester = await open(name, options)
      const { page } = requester
      await requester.enter(server.apiKey)
      await requester.go(`/console/q/${question.id}`)
      await page.getByRole('button', { name: /^Bonus for/ }).click()
      const dialog = page.getByRole('dialog')
      checks.ok(await dialog.getByRole('button', { name: 'Pay', exact: true }).isDisabled(), 'nothing is paid for nothing')
      await dialog.getByLabel('Amount, tUSD').fill('900')
      await dialog.getByLabel('What it is for').fill('You saw the missing tile.')
      await dialog.getByRole('button', { name: 'Pay 900.00 tUSD' }).click()
      await dialog.getByText('The balance does not cover this').waitFor()
      await requester.accessible(name)
      await requester.shot(name)
      const before = them.bonuses?.length ?? 0
      await dialog.getByLabel('Amount, tUSD').fill('0,25')
      await dialog.getByRole('button', { name: 'Pay 0.25 tUSD' }).click()
      await page.getByText('on top', { exact: false }).last().waitFor()
      await page.getByRole('button', { name: /^Bonus for/ }).waitFor({ state: 'detached' })
      checks.equal(them.bonuses.length, before + 1, 'bonuses of the person')
      await requester.shot(`${name}-done`, { full: true })
      await requester.close()
    }
    await person.go('/earned')
    await person.page.getByText('You saw the missing tile.').first().waitFor()
    await person.close()
  })

  await checks.step('currency: amounts are told in it too, where a rate is known, and an old rate is marked', async () => {
    const old = new Date(Date.now() - 30 * 86_400_000)
    for (const [name, rate, says] of [
      ['none', undefined, ''],
      ['set', { currency: 'EUR', per_token: '0.93' }, /^(about|under) €\d/],
      ['old', { currency: 'EUR', per_token: '0.93', at: old.toISOString(), stale: true }, new RegExp(`by the rate of ${old.getDate()} `)],
    ]) {
      server.instance.token.rate = rate
      const person = await open(`worth-${name}`, { size: phone, dark: name === 'old' })
      await person.begin()
      latest().onChain = 4_820_000n
      await person.go('/earned')
      const told = person.page.locator('main .stack > span.small')
      if (rate) checks.ok(says.test(await told.innerText()), `what is earned is told as ${await told.innerText()}`)
      else {
        await person.page.getByText('4.82').first().waitFor()
        checks.equal(await told.count(), 0, 'a currency where nobody knows the rate')
      }
      await person.accessible(`worth ${name}`)
      await person.shot(`worth-${name}`)
      await person.close()
      const requester = await open(`worth-money-${name}`, { size: desk })
      await requester.enter(server.apiKey)
      await requester.go('/console/money')
      await requester.page.getByRole('heading', { level: 1 }).filter({ hasText: 'to spend' }).waitFor()
      if (rate) await requester.page.getByText(says).first().waitFor()
      await requester.accessible(`worth money ${name}`)
      await requester.shot(`worth-money-${name}`)
      await requester.close()
    }
    delete server.instance.token.rate
  })

  await checks.step('money: what is still to come of a project, and what its hard tasks pay', async () => {
    const project = {
      id: 'prj_hard', name: 'Roofs', warnings: [], topics: [], type: 'choice', text: 'Is a tile missing?', choices: ['Yes', 'No'], quorum: { policy: 'confidence:0.95', min: 2, max: 10 }, price: '0.02', difficulty_rate: '0.1', price_now: '0.023', fee: '0.003', hold: '0.23',
      deadline_seconds: 86_400, gold_rate: '0.1', examples: [], languages: [], most_per_person: 0, status: 'running', tasks: { all: 23, open: 3, done: 20, ended: 0 }, answers: 70, paid: '1.4', fees: '0.21', imports: 0, created_at: new Date().toISOString(),
    }
    const estimate = {
      tasks: 3, given: 1, price: '0.023', fee: '0.003', symbol: 'tUSD', each: { low: 2, expected: '3.500', high: 6, basis: 'project', questions: 20 }, all: { low: 6, expected: 9, high: 13 },
      cost: { low: '0.156', expected: '0.234', high: '0.338', most: '0.754' }, pace: { known: true, answers_per_hour: '12.000', seconds: 2700 }, fair_pay: { basis: 'nothing', answers: 0, fair: true },
    }
    for (const [suffix, options] of [['', { size: desk }], ['.dark', { size: phone, dark: true }]]) {
      const asked = []
      const person = await open(`hard${suffix}`, options)
      const { page } = person
      await page.route('**/v1/projects/**', (route) => {
        if (route.request().method() === 'PATCH') asked.push(route.request().postDataJSON().difficulty_rate)
        return route.fulfill({ json: project })
      })
      await page.route('**/v1/estimates', (route) => (asked.push(route.request().postDataJSON()), route.fulfill({ json: estimate })))
      await person.enter(server.apiKey)
      await person.go(`/console/projects/${project.id}`)
      const rest = page.getByRole('region', { name: 'What is still to come' })
      await rest.getByText('3 open tasks: about 9 more answers, mostly 6 to 13').waitFor()
      await rest.getByText('never over 0.754').waitFor()
      await rest.getByText('done in about 45 min').waitFor()
      checks.equal(JSON.stringify(asked.pop()), JSON.stringify({ project_id: project.id, open: true }), 'what is asked of the server')
      await page.getByText('10 % more for each further answer').waitFor()
      await person.accessible(`project rest${suffix}`)
      await person.shot(`project-rest${suffix}`, { full: true })
      await person.go(`/console/projects/${project.id}/edit`)
      const rise = page.getByLabel('More pay for hard tasks, %')
      checks.equal(await rise.inputValue(), '10', 'what the project has')
      await rise.fill('101')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Between 0 and 100.').waitFor()
      await person.accessible(`project rise${suffix}`)
      await rise.fill('12,5')
      await page.getByRole('button', { name: 'Save' }).click()
      await rest.getByText('3 open tasks').waitFor()
      checks.equal(asked.find((a) => typeof a === 'string'), '0.125', 'what is saved')
      await person.close()
    }
  })
}
