// What happens around an answer: a question is reported or skipped, closes meanwhile, and pay that waits or is lost.
const button = (person, name) => person.page.getByRole('button', { name, exact: true })

export async function answeringSteps({ checks, server, open, base, image }) {
  const clear = () => {
    for (const q of server.world.questions.values()) if (q.status === 'open') server.close(q, 'cancelled')
  }

  await checks.step('answering: a report asks for a reason, can be undone, and arrives', async () => {
    clear()
    const roof = server.ask({ ...base, text: 'What happened to this roof?', choices: ['Missing tiles', 'Fallen tree'], image: image.hash, image_alt: 'A house.' })
    server.ask({ ...base, text: 'Is 17 a prime number?', choices: ['Yes', 'No'] })
    const person = await open('report', { also: ['.dark', '.320'] })
    const { page } = person
    const told = server.world.skips.length
    await page.addInitScript(() => localStorage.setItem('settings', '{"undo":90}')) // nothing is sent for want of time
    await person.begin()
    await person.question()
    await button(person, 'Report').click()
    const sheet = page.getByRole('dialog', { name: 'What is wrong with this question?' })
    await sheet.getByRole('button', { name: 'The right answer is not among the choices' }).waitFor()
    await page.keyboard.press('1')
    checks.equal(await sheet.locator('button').evaluateAll((all) => all.filter((b) => b.scrollWidth > b.clientWidth).map((b) => b.textContent).join()), '', 'reasons that are wider than their buttons')
    await person.accessible('report')
    await person.shot('report')
    await sheet.getByRole('button', { name: 'Back to the question' }).click()
    await page.getByRole('heading', { name: 'What happened to this roof?' }).waitFor()
    await button(person, 'Report').click()
    await sheet.getByRole('button', { name: 'The right answer is not among the choices' }).click()
    await page.getByText('Reported: wrong choices.').waitFor()
    await page.getByRole('heading', { name: 'Is 17 a prime number?' }).waitFor()
    await person.accessible('reported')
    await person.shot('reported')
    await button(person, 'Undo').click()
    await page.getByRole('heading', { name: 'What happened to this roof?' }).waitFor()
    checks.equal(server.world.skips.length, told, 'reports that went out though they were undone or never made')
    await button(person, 'Report').click()
    await sheet.getByRole('button', { name: 'The right answer is not among the choices' }).click()
    const arrived = page.waitForResponse((r) => r.url().endsWith('/skip'))
    await page.getByRole('heading', { name: 'Is 17 a prime number?' }).waitFor()
    await button(person, 'Skip').click() // sends the one before
    await arrived
    await page.getByText('Skipped.', { exact: true }).waitFor()
    checks.equal(JSON.stringify(server.world.skips.slice(told)), JSON.stringify([[roof.id, 'wrong_choices']]), 'what the server hears of a report')
    await person.shot('skipped')
    const skipped = page.waitForResponse((r) => r.url().endsWith('/skip'))
    await page.getByRole('link', { name: /Earned/ }).click() // leaving the page sends the skip
    await skipped
    checks.equal(server.world.skips.at(-1)?.[1], 'none', 'the reason of a skip')
    await person.close()
  })

  await checks.step('answering: a comparison that was settled meanwhile is told plainly, and the next one is there', async () => {
    clear()
    const pair = server.ask({ ...base, type: 'pair', text: 'Which is the better title?', choices: ['The sea at night', 'Night and the sea'] })
    const next = server.ask({ ...base, text: 'Is 17 a prime number?', choices: ['Yes', 'No'] })
    const person = await open('settled', { also: ['.dark', '.320'] })
    await person.begin()
    checks.equal(await person.question(), 'Which is the better title?', 'the question that is shown')
    await person.page.keyboard.press('1')
    await person.page.getByText('You answered').waitFor()
    server.close(pair, 'cancelled')
    const notice = person.page.getByRole('alert')
    await notice.getByText('This comparison was settled while you answered').waitFor()
    checks.ok(/Nothing was lost of what you earned. Here is the next.$/.test((await notice.locator('span').innerText()).trim()), `what is said: ${await notice.innerText()}`)
    await person.page.getByRole('heading', { name: 'Is 17 a prime number?' }).waitFor()
    await person.accessible('settled')
    await person.shot('settled')
    await person.tap('Yes')
    await person.close()
    server.close(next, 'cancelled')
  })

  await checks.step('answering: pay that waits and pay that is lost are told where the money is', async () => {
    clear()
    const asked = ['Is 17 a prime number?', 'Is 21 a prime number?', 'Is 23 a prime number?'].map((text) => server.ask({ ...base, quorum: { policy: 'fixed:1' }, text, choices: ['Yes', 'No'] }))
    const person = await open('pay', { also: ['.dark', '.320'] })
    const { page } = person
    await person.begin()
    for (const q of asked) {
      await page.getByRole('heading', { name: q.text }).waitFor()
      await person.tap('Yes')
    }
    await page.getByRole('heading', { name: 'No questions now.' }).waitFor()
    await person.sent()
    const who = [...server.world.people.values()].at(-1)
    server.world.struck.add(who.answered[0].id)
    asked[2].known = { choice: 1, suspended: false }
    Object.assign(who, { waits: { pending: 36_000n, until: new Date(Date.now() + 6 * 86_400_000).toISOString(), capped: true }, forfeited: 18_000n, yours: 0n })
    await page.reload()
    await page.getByText('You are new').waitFor()
    await person.accessible('capped')
    await person.shot('capped')
    await page.getByRole('link', { name: /Earned/ }).click()
    await page.getByText('unless they turn out to be guesses').waitFor()
    await page.getByText('will not be paid').waitFor()
    await person.accessible('earned-waits')
    await person.shot('earned-waits', { full: true })
    await page.getByRole('link', { name: /Answered/ }).click()
    const rows = page.locator('li.mine')
    await rows.nth(2).waitFor()
    await rows.nth(0).locator('button').first().click()
    await rows.nth(1).locator('button').first().click()
    await checks.becomes(() => rows.nth(0).innerText(), /Not counted and not paid/, 'why an answer does not count')
    await checks.becomes(() => rows.nth(0).innerText(), /Known before\s+No/, 'what was known to be the answer')
    await checks.becomes(() => rows.nth(1).innerText(), /have been compared with known ones/, 'why the pay of an answer waits')
    await person.accessible('answered-waits')
    await person.shot('answered-waits', { full: true })
    await person.go('/how')
    await page.getByRole('heading', { name: 'Some answers are known' }).waitFor()
    await person.shot('how-known', { full: true })
    await person.close()
  })
}
