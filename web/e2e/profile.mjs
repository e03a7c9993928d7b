// What a person says of themselves and of how this device shows the app.
import { readFileSync } from 'node:fs'


/** The steps about the profile. */
export async function profileSteps({ checks, server, open, image }) {
  const latest = () => [...server.world.people.values()].at(-1)

  await checks.step('profile: languages, interests and what is not wanted go with each request', async () => {
    server.ask({ text: 'Is anybody hurt?', choices: ['Yes', 'No'], warnings: ['blood', 'violence'], quorum: { policy: 'fixed:3' }, price: '0.018', deadline_seconds: 86_400 })
    const person = await open('profile', { also: ['.dark', '.320'], more: { locale: 'pt-BR' } })
    const { page } = person
    await person.begin()
    await page.getByText('Who asks says that it shows: Blood and injuries, Violence').waitFor()
    await person.accessible('warned')
    await person.shot('profile-warned')
    const them = latest()
    await person.go('/key')
    await page.getByRole('link', { name: /^What I answer/ }).click()
    await page.getByRole('heading', { name: 'What I answer' }).waitFor()
    checks.equal(await page.getByLabel('Languages I read').inputValue(), 'pt-BR', 'languages at first')
    await page.getByRole('group', { name: 'I like questions about' }).getByRole('button', { name: 'Animals' }).click()
    await page.getByRole('group', { name: 'That shows' }).getByRole('button', { name: 'Blood and injuries' }).click()
    await page.getByRole('group', { name: 'About', exact: true }).getByRole('button', { name: 'Politics' }).click()
    await page.getByRole('group', { name: 'Kinds' }).getByRole('button', { name: 'Short text' }).click()
    await page.getByLabel('Languages I read').fill('pt, e')
    await page.getByText('Tags such as en, de or pt-BR').waitFor()
    await page.getByLabel('Languages I read').fill('pt, en')
    await person.accessible('profile')
    await person.shot('profile', { full: true })
    // What is liked is not avoided, and the other way round.
    await page.getByRole('group', { name: 'About', exact: true }).getByRole('button', { name: 'Animals' }).click()
    checks.equal(await page.getByRole('group', { name: 'I like questions about' }).getByRole('button', { name: 'Animals' }).getAttribute('aria-pressed'), 'false', 'avoided and liked')
    await page.getByRole('group', { name: 'I like questions about' }).getByRole('button', { name: 'Animals' }).click()
    checks.equal(await page.getByRole('group', { name: 'About', exact: true }).getByRole('button', { name: 'Animals' }).getAttribute('aria-pressed'), 'false', 'liked and avoided')
    await person.go('/')
    await checks.becomes(() => JSON.stringify([them.taste?.reads, them.taste?.avoids, them.taste?.likes]), JSON.stringify([['pt', 'en'], ['blood', 'text', 'politics'], ['animals']]), 'what is told with a request')
    checks.equal(them.wishes, undefined, 'wishes of who is not woken')
    await person.close()
  })

  await checks.step('profile: who is woken is not for what they avoid', async () => {
    const person = await open('profile-pushes')
    await person.begin()
    const them = latest()
    them.subscriptions = [{ id: 'sub_1', channel: 'web', device: 'ab', created_at: new Date().toISOString() }]
    await person.go('/key/profile')
    await person.page.getByRole('group', { name: 'That shows' }).getByRole('button', { name: 'Adult content' }).click()
    await checks.becomes(() => JSON.stringify(them.wishes?.avoids), '["adult"]', 'what is not woken for')
    checks.equal(them.wishes.per_day, 10, 'the other wishes')
    await person.close()
  })

  await checks.step('accuracy: a plot with its uncertainty, that can be read as a table', async () => {
    const person = await open('accuracy', { also: ['.dark', '.320'] })
    const { page } = person
    await person.begin()
    await person.go('/key')
    await page.getByRole('link', { name: /^How right you are/ }).click()
    await page.getByText('No question with a known answer has closed yet').waitFor()
    await person.accessible('accuracy none')
    latest().accuracy = {
      known: 61, right: 55, low: '0.8016', high: '0.9549',
      weeks: [['2026-09-28', 3, 2, '0.2077', '0.9385'], ['2026-10-05', 12, 10, '0.5520', '0.9530'], ['2026-10-26', 20, 18, '0.6990', '0.9721'], ['2026-11-09', 26, 25, '0.8111', '0.9932']].map(([week, known, right, low, high]) => ({ week, known, right, low, high })),
    }
    await person.go('/key/accuracy')
    await page.getByText('55 of 61 right where the answer was known').waitFor()
    await page.getByText('between 80% and 95%').waitFor()
    await page.getByRole('img', { name: /in 4 weeks from .*, the last 96%/ }).waitFor()
    await page.getByText('As a table').click()
    checks.equal(await page.getByRole('row').count(), 5, 'rows')
    checks.equal((await page.getByRole('row').nth(2).innerText()).replace(/\s+/g, ' ').replace(/^.*?(10 12)/, '$1'), '10 12 55% – 95%', 'a row')
    await person.accessible('accuracy')
    await person.shot('accuracy', { full: true })
    await person.close()
  })

  await checks.step('pictures: a small one is there first, and nobody answers on it', async () => {
    const held = server.world.media.get(image.hash)
    held.image = { ...held.image, bytes: 70_000 }
    const asked = server.ask({ text: 'Are tiles missing?', choices: ['Yes', 'No'], image: image.hash, image_alt: 'A house', quorum: { policy: 'fixed:1' }, price: '0.018', deadline_seconds: 86_400 })
    const person = await open('preview', { also: ['.dark', '.320'] })
    const { page } = person
    let go
    const wait = new Promise((resolve) => (go = resolve))
    await person.context.route(/\/media\/[0-9a-f]+$/, async (route) => (await wait, route.continue()))
    await person.begin()
    await person.go(`/?question=${asked.id}`)
    const yes = page.getByRole('button', { name: 'Yes' })
    await page.getByRole('heading', { name: 'Are tiles missing?' }).waitFor()
    const preview = page.locator('.media img[src*="?w=320"]')
    await preview.waitFor()
    await checks.becomes(() => preview.evaluate((img) => img.complete && img.naturalWidth > 0), true, 'the preview is shown')
    checks.ok(await yes.isDisabled(), 'nobody answers on a preview')
    const before = await page.locator('figure.media').evaluate((f) => JSON.stringify(f.getBoundingClientRect()))
    await person.accessible('preview')
    await person.shot('preview')
    go()
    await page.locator('.media img[src^="blob:"]').waitFor()
    await checks.becomes(() => yes.isEnabled(), true, 'answerable with the picture itself')
    checks.equal(await preview.count(), 0, 'previews beside the picture')
    checks.equal(await page.locator('figure.media').evaluate((f) => JSON.stringify(f.getBoundingClientRect())), before, 'the box of the picture')
    await person.close()
  })

  await checks.step('my data: taken along, and erased after all was told', async () => {
    for (const [suffix, options] of [['', { also: ['.dark', '.320'] }], ['.gone', {}]]) {
      const person = await open(`data${suffix}`, options)
      const { page } = person
      await person.begin()
      const them = latest()
      them.yours = 320_000n
      await person.go('/key')
      await page.getByRole('link', { name: /^My data/ }).click()
      await page.getByText('You are owed 0.32 tUSD').first().waitFor()
      await page.getByText('You have no copy of the key yet.').waitFor()
      await page.getByText('What you typed as answers.').waitFor()
      await page.getByText('A verdict stays, even in your words').waitFor()
      await person.accessible(`data${suffix}`)
      await person.shot(`data${suffix}`, { full: true })
      const secret = await page.evaluate(async () => {
        const db = await new Promise((resolve) => (indexedDB.open('tasknet').onsuccess = (e) => resolve(e.target.result)))
        const get = (name) => new Promise((resolve) => (db.transaction('kept').objectStore('kept').get(name).onsuccess = (e) => resolve(e.target.result)))
        return [Array.from((await get('identity')).wallet.secret, (b) => b.toString(16).padStart(2, '0')).join(''), (await get('session')).token]
      })
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save my data' }).click()])
      const text = readFileSync(await file.path(), 'utf8')
      const saved = JSON.parse(text)
      checks.equal(saved.tables[0].rows[0].id, them.id, 'who is in the file')
      checks.ok(saved.device.kept.instance && Array.isArray(saved.device.unsent_answers), 'what the device keeps is in the file')
      checks.ok(secret.every((s) => s.length > 20 && !text.includes(s)), 'no key and no token is in the file')
      const erase = page.getByRole('button', { name: 'Erase my data' })
      await erase.click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('This cannot be taken back.').waitFor()
      await person.accessible(`data sure${suffix}`)
      await person.shot(`data-sure${suffix}`)
      await dialog.getByRole('button', { name: 'Keep everything' }).click()
      checks.equal(them.erased, undefined, 'erased without a yes')
      if (suffix) await page.getByLabel('Remove the key from this device, too').check()
      await erase.click()
      await page.getByRole('dialog').getByRole('button', { name: 'Erase', exact: true }).click()
      await page.getByRole('heading', { name: 'Your data is erased.' }).waitFor()
      checks.equal(them.erased, 1, 'erased')
      await person.accessible(`data erased${suffix}`)
      await person.shot(`data-erased${suffix}`)
      const left = await page.evaluate(async () => {
        const db = await new Promise((resolve) => (indexedDB.open('tasknet').onsuccess = (e) => resolve(e.target.result)))
        const keys = (name) => new Promise((resolve) => (db.transaction(name).objectStore(name).getAllKeys().onsuccess = (e) => resolve(e.target.result)))
        const caching = (await globalThis.caches?.keys()) ?? []
        return [await keys('kept'), await keys('answers'), await keys('receipts'), await keys('media'), Object.keys(localStorage), caching.filter((c) => !c.startsWith('shell-'))].map((list) => list.join(' '))
      })
      checks.equal(JSON.stringify(left), JSON.stringify([suffix ? '' : 'identity', '', '', '', '', '']), 'what is left on the device')
      await person.go('/')
      await page.getByRole('button', { name: 'Answer a first question' }).waitFor()
      await person.close()
    }
  })

  await checks.step('access: text, contrast, motion and hand, before anything is drawn', async () => {
    const person = await open('access', { also: ['.dark', '.320'] })
    const { page } = person
    await person.begin()
    await person.go('/key')
    const root = (read) => page.evaluate(read)
    const normal = await root(() => parseFloat(getComputedStyle(document.documentElement).fontSize))
    const choose = (group, name) => page.getByRole('group', { name: group, exact: true }).getByRole('button', { name, exact: true }).click()
    await choose('Text', 'Very large')
    await choose('Contrast', 'More')
    await choose('Motion', 'Reduced')
    await choose('Hand', 'Left')
    const shows = () => ({ ...document.documentElement.dataset, size: parseFloat(getComputedStyle(document.documentElement).fontSize), moves: getComputedStyle(document.documentElement).getPropertyValue('--m-state').trim() })
    await checks.becomes(() => root(() => document.documentElement.dataset.hand), 'left', 'the hand')
    const shown = await root(shows)
    checks.equal(shown.size, normal * 1.5, 'the text')
    checks.equal(shown.moves, '0s', 'motion')
    checks.equal(await root(() => getComputedStyle(document.querySelector('main .sec')).color === getComputedStyle(document.body).color), true, 'more contrast: secondary text is ink')
    checks.equal(await root(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing to scroll sideways for')
    await person.accessible('access')
    await person.shot('access', { full: true })
    await choose('Contrast', 'Less')
    await person.accessible('access less')
    await person.shot('access-less')
    await choose('Contrast', 'More')
    // The app itself is held back: what the page is by then is what is first drawn.
    const held = []
    await person.context.route(/\/assets\/.*\.js$/, (route) => void held.push(route))
    await page.goto(`${person.base}/`, { waitUntil: 'commit' })
    await checks.becomes(() => root(() => document.readyState !== 'loading' || document.body !== null), true, 'a page without the app')
    await checks.becomes(async () => JSON.stringify(await root(shows)), JSON.stringify(shown), 'what is drawn first')
    checks.equal(await root(() => document.querySelector('#app')?.childElementCount ?? 0), 0, 'drawn by the app so far')
    await person.context.unroute(/\/assets\/.*\.js$/)
    await Promise.all(held.map((route) => route.continue().catch(() => undefined)))
    await page.locator('nav.bar').waitFor()
    await person.accessible('access answering')
    await person.shot('access-answering')
    await person.close()
  })
}
