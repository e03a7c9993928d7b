// What a question would cost before it is asked, what was spent, and what was paid on top.
import { desk } from './drive.mjs'

export async function moneySteps({ checks, server, open, phone }) {
  const base = { quorum: { policy: 'fixed:1' }, price: '0.5', deadline_seconds: 86_400, choices: ['Yes', 'No'] }

  await checks.step('money: what a question would take, and a price that would be refused', async () => {
    for (const [name, options] of [['estimate', { size: desk }], ['estimate.phone', { size: phone }]]) {
      const person = await open(name, options)
      await person.enter(server.apiKey)
      await person.go('/ask')
      await person.page.getByLabel('What an answer is').selectOption('yes_no')
      await person.page.getByRole('textbox', { name: 'Question' }).fill('Is this spam?')
      const told = person.page.getByRole('region', { name: 'What it would take' })
      await told.getByText('1 task: 3 answers, as the rule asks for.').waitFor()
      await told.getByText('at 8 s an answer').waitFor()
      checks.equal(await told.getByRole('alert').count(), 0, 'refusals where nothing is refused')
      server.world.floor = 12_000_000n
      await person.page.getByLabel('Pay, tUSD').fill('0.02')
      await told.getByText('takes no price that pays less than 12.00 tUSD').waitFor()
      await person.accessible(name)
      await person.shot(name, { full: true })
      await told.getByRole('button', { name: 'Pay 0.026667 tUSD' }).click()
      await told.getByRole('alert').waitFor({ state: 'detached' })
      checks.equal(await person.page.getByLabel('Pay, tUSD').inputValue(), '0.026667', 'the price that is taken')
      server.world.floor = undefined
      await person.close()
    }
  })

  await checks.step('money: spending, and an invoice line by line and as a file', async () => {
    for (let i = 1; i <= 23; i++) server.close(server.ask({ ...base, text: `Spent on question ${i}?` }), 'cancelled')
    for (const [name, options] of [['spending', { size: desk }], ['spending.phone', { size: phone }]]) {
      const person = await open(name, options)
      await person.enter(server.apiKey)
      await person.go('/console/money')
      const invoice = person.page.locator('section', { has: person.page.getByRole('heading', { name: 'Invoice' }) })
      await invoice.locator('tbody tr').nth(19).waitFor()
      checks.equal(await invoice.locator('tbody tr').count(), 20, 'lines on the first page')
      await person.accessible(name)
      await person.shot(name, { full: true })
      await invoice.getByRole('button', { name: 'More lines' }).click()
      await invoice.locator('tbody tr').nth(22).waitFor()
      const [file] = await Promise.all([person.page.waitForEvent('download'), invoice.getByRole('button', { name: 'Download CSV' }).click()])
      checks.equal(file.suggestedFilename(), `tasknet-${new Date().toISOString().slice(0, 7)}.csv`, 'the name of the file')
      await invoice.getByLabel('Month').selectOption({ index: 1 })
      await invoice.getByText('Nothing closed in this month.').waitFor()
      await person.close()
    }
  })

  await checks.step('money: a bonus is shown with its reason', async () => {
    const person = await open('bonus')
    await person.begin()
    await person.go('/earned')
    await person.page.getByRole('heading', { name: 'Earned' }).waitFor()
    checks.equal(await person.page.getByText('Paid on top').count(), 0, 'bonuses where there are none')
    const them = [...server.world.people.values()].at(-1)
    them.bonuses = [{ id: 'bns_1', question: 'q_1', answer: 'ans_1', amount: '0.25', reason: 'You saw the missing tile that all others missed.', at: new Date().toISOString(), by: 'Roofs Ltd' }]
    await person.go('/answered')
    await person.go('/earned')
    await person.page.getByText('You saw the missing tile').waitFor()
    await person.page.getByText('Roofs Ltd, ').waitFor()
    await person.accessible('bonus')
    await person.shot('bonus', { full: true })
    await person.close()
  })
}
