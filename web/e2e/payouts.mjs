// Epochs and their payouts, as everybody may look at them, recomputed in the browser.

export async function payoutSteps({ checks, server, open, base, phone }) {
  await checks.step('payouts: nobody was paid yet', async () => {
    const before = server.world.epochs
    server.world.epochs = []
    const person = await open('payouts-none', { size: phone })
    await person.go('/payouts')
    await person.page.getByText('Nobody was paid yet.').waitFor()
    await person.page.getByText('The places add up').waitFor()
    await person.accessible('payouts none')
    await person.shot('payouts-none', { full: true })
    await person.go('/payouts/9')
    await person.page.getByText('There is no such epoch.').waitFor()
    await person.accessible('payouts missing')
    server.world.epochs = before
    await person.close()
  })

  let wallet
  await checks.step('payouts: an epoch is made by one who answers', async () => {
    const question = server.ask({ ...base, text: 'Is a payout public?', choices: ['Yes', 'No'], quorum: { policy: 'fixed:1' } })
    const person = await open('payouts-paid', { size: phone })
    await person.begin()
    await person.find('Is a payout public?')
    await person.tap('Yes')
    await person.sent()
    const them = [...server.world.people.values()].find((p) => p.answered.some((a) => a.question === question.id))
    await checks.becomes(() => them.payouts.length, 1, 'epochs that pay them')
    wallet = them.wallet
    await person.close()
  })

  await checks.step('payouts: epochs are listed, recomputed, and searched', async () => {
    const person = await open('payouts', { also: ['.dark', '.320', '.desk'] })
    const { page } = person
    await person.go('/payouts')
    await page.getByRole('link', { name: 'Epoch 1', exact: true }).waitFor()
    await page.getByText('The places add up').waitFor()
    await person.accessible('payouts')
    await person.shot('payouts', { full: true })
    await person.go(`/payouts/${server.world.epochs.length}`)
    await page.getByText('Three checks hold.').waitFor()
    await page.getByLabel('The address of a wallet').fill(wallet)
    await page.getByRole('button', { name: 'Look' }).click()
    await page.getByText('Up to this epoch it may take').waitFor()
    await person.accessible('payouts-epoch')
    await person.shot('payouts-epoch', { full: true })
    await page.getByLabel('The address of a wallet').fill(`0x${'1'.repeat(40)}`)
    await page.getByRole('button', { name: 'Look' }).click()
    await page.getByText('has nothing to claim').waitFor()
    await person.close()
  })

  await checks.step('payouts: a forged epoch is caught, and its check is named', async () => {
    const forgeries = [
      ['The root of all payouts should be', (t) => (t.payouts[0].cumulative = '77')],
      ['The root of what was spent should be', (t) => (t.accounts[0].spent = '0')],
      ['The header’s hash should be', (t) => (t.epoch.header.log_size += 1)],
    ]
    for (const [text, change] of forgeries) {
      server.world.forgeTree = (tree) => (change(tree), tree)
      const person = await open('payouts-forged', { size: phone })
      await person.go('/payouts/1')
      await person.page.getByText(text).waitFor()
      await person.page.getByText('It does not add up.').waitFor()
      await person.accessible('payouts forged')
      await person.shot('payouts-forged', { full: true })
      await person.close()
    }
    server.world.forgeTree = undefined
  })
}
