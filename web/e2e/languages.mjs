// The app in other languages than English: right-to-left, narrow, dark, and from a cold start without a network.
import { crowd } from './crowd.mjs'
import { narrow, until } from './drive.mjs'

/** What a person sees whose browser asks for another language, or who chooses one. */
export async function languageSteps({ checks, server, open, image }) {
  // First: of answers that the other steps give, the made-up server pays out what no closed question has spent.
  await checks.step('the public record in other languages', async () => {
    const q = server.ask({ text: 'هل هذا سقف؟', choices: ['نعم', 'لا'], quorum: { policy: 'fixed:3' }, price: '0.018', deadline_seconds: 86_400 }, { asked_by: 'مسح' })
    const three = await crowd(server.url, 3)
    await three.answer((question, who) => (question.id === q.id ? { choice: who === 2 ? 1 : 0 } : undefined))
    checks.equal(q.status, 'closed', 'the question')
    await until(() => server.world.epochs.length > 0, 'an epoch')
    for (const [name, locale, hold, any, paid, adds, options] of [
      ['ar.320', 'ar', 'صحّت الفحوص الأربعة.', 'يمكن لأي أحد أن يتحقق من أي حكم.', 'كل دفعة علنية، والحساب مطابق.', 'صحّت الفحوص الثلاثة.', { size: narrow, also: ['.dark'] }],
      ['hi', 'hi-IN', 'चारों जाँच सही हैं।', 'कोई भी किसी भी फ़ैसले को जाँच सकता है।', 'हर भुगतान सार्वजनिक है, और हिसाब मिलता है।', 'तीनों जाँच सही हैं।', {}],
      ['es.320', 'es', 'Se cumplen las cuatro comprobaciones.', 'Cualquiera puede comprobar cualquier veredicto.', 'Todos los pagos son públicos, y cuadran.', 'Se cumplen las tres comprobaciones.', { size: narrow }],
    ]) {
      const person = await open(`record-${name}`, { ...options, more: { locale } })
      const { page } = person
      for (const [path, says] of [[`/verify/${q.id}`, hold], ['/verify', any], ['/payouts', paid], ['/payouts/1', adds]]) {
        await person.go(path)
        await page.getByText(says).waitFor()
        await person.settled()
        // Hashes, commands and what others asked are as they are.
        const left = await page.evaluate(() => {
          const copy = document.querySelector('#app').cloneNode(true)
          copy.querySelectorAll('code, pre, .fact, .q, td:first-child, .hash').forEach((each) => each.remove())
          return copy.textContent.match(/[a-z]{4,}( [a-z]+)+/g)
        })
        checks.equal(locale === 'es' ? null : left, null, `${name} ${path}: what is left in English`)
        await person.accessible(`record ${name} ${path}`)
        await person.shot(`record-${name}${path.replace(q.id, 'one').replaceAll('/', '-')}`, { full: true })
      }
      await person.close()
    }
  })

  await checks.step('onboarding speaks as the browser asks, or as the person chooses', async () => {
    for (const [name, locale, dir, begin, options] of [
      ['onboarding-ar', 'ar', 'rtl', 'أجب عن أول سؤال', {}],
      ['onboarding-ar.320', 'ar', 'rtl', 'أجب عن أول سؤال', { size: narrow, dark: true }],
      ['onboarding-hi', 'hi-IN', 'ltr', 'पहले सवाल का जवाब दें', {}],
      ['onboarding-es.320', 'es-MX', 'ltr', 'Responder una primera pregunta', { size: narrow }],
    ]) {
      const person = await open(name, { ...options, more: { locale } })
      await person.go('/')
      await person.page.getByRole('button', { name: begin }).waitFor()
      checks.equal(await person.page.evaluate(() => `${document.documentElement.lang} ${document.documentElement.dir}`), `${locale.slice(0, 2)} ${dir}`, `${name}: the page's language`)
      await person.accessible(name)
      await person.shot(name)
      await person.close()
    }
    const person = await open('onboarding-chosen')
    await person.go('/')
    await person.page.getByLabel('Language').selectOption('العربية')
    await person.page.getByRole('button', { name: 'أجب عن أول سؤال' }).waitFor()
    checks.equal(await person.page.evaluate(() => document.documentElement.dir), 'rtl', 'the direction of a chosen language')
    await person.page.reload()
    await person.page.getByRole('button', { name: 'أجب عن أول سؤال' }).waitFor()
    await person.page.getByLabel('اللغة').selectOption('English')
    await person.page.getByRole('button', { name: 'Answer a first question' }).waitFor()
    await person.close()
  })

  await checks.step('a chosen language is there from a cold start without a network', async () => {
    const person = await open('language-offline', { worker: true, more: { locale: 'ar' } })
    await person.go('/')
    await person.installed()
    const cached = async () => {
      for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) if (/language\/ar-/.test(url)) return true
      return false
    }
    await until(() => person.page.evaluate(cached), 'the language is cached')
    await person.page.close()
    await person.context.setOffline(true)
    person.page = await person.context.newPage()
    await person.go('/')
    await person.page.getByRole('button', { name: 'أجب عن أول سؤال' }).waitFor()
    checks.equal(await person.page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat().filter((url) => /language\/(es|hi)-/.test(url)).length), 0, 'languages kept that nobody chose')
    await person.close()
  })

  await checks.step('a question, answered and earned in other languages', async () => {
    server.ask({ text: 'What happened to this roof?', choices: ['Missing tiles', 'Fallen tree', 'Water damage', 'No damage'], image: image.hash, image_alt: 'A house.', quorum: { policy: 'fixed:9' }, price: '0.018', deadline_seconds: 86_400 })
    for (const [name, locale, words, options] of [
      ['ar', 'ar', { begin: 'أجب عن أول سؤال', did: 'أجبت', earned: 'المكتسب', key: 'المفتاح والإعدادات' }, {}],
      ['ar.320.dark', 'ar', { begin: 'أجب عن أول سؤال', did: 'أجبت', earned: 'المكتسب', key: 'المفتاح والإعدادات' }, { size: narrow, dark: true }],
      ['hi', 'hi-IN', { begin: 'पहले सवाल का जवाब दें', did: 'आपका जवाब', earned: 'कमाई', key: 'कुंजी और सेटिंग' }, {}],
      ['es.320', 'es', { begin: 'Responder una primera pregunta', did: 'Respondiste', earned: 'Ganado', key: 'Clave y ajustes' }, { size: narrow }],
    ]) {
      const person = await open(`language-${name}`, { ...options, more: { locale } })
      const { page } = person
      await person.go('/')
      await page.getByRole('button', { name: words.begin }).click()
      await person.shows('What happened to this roof?')
      await page.locator('.media img').waitFor()
      checks.equal(await page.locator('main h1').getAttribute('dir'), 'auto', `${name}: the direction of what is asked`)
      checks.equal(await page.locator('.top .amt').evaluate((node) => getComputedStyle(node).direction), 'ltr', `${name}: the direction of an amount`)
      await person.accessible(`question ${name}`)
      await person.shot(`question-${name}`)
      await page.locator('.answers .answer').first().click()
      await page.getByRole('status').filter({ hasText: words.did }).waitFor()
      await person.shot(`toast-${name}`)
      await page.locator('.bar a').nth(2).click()
      await page.locator('.rows .mine').first().waitFor()
      await person.sent()
      await person.settled()
      await page.locator('.rows .mine button').first().click()
      await person.accessible(`answered ${name}`)
      await person.shot(`answered-${name}`)
      await page.locator('.bar a').nth(1).click()
      await page.getByRole('heading', { name: words.earned, level: 1 }).waitFor()
      await person.settled()
      await person.accessible(`earned ${name}`)
      await person.shot(`earned-${name}`)
      await person.go('/key')
      await page.getByRole('heading', { name: words.key, level: 1 }).waitFor()
      await person.accessible(`key ${name}`)
      await person.shot(`key-${name}`, { full: true })
      await person.go('/console')
      await page.waitForFunction(() => document.documentElement.lang === 'en' && document.documentElement.dir === 'ltr')
      await person.close()
    }
  })

  await checks.step('profile, accuracy and data in a language from right to left', async () => {
    const person = await open('language-profile', { size: narrow, more: { locale: 'ar' } })
    const { page } = person
    await person.go('/')
    await page.getByRole('button', { name: 'أجب عن أول سؤال' }).click()
    await page.locator('nav.bar').waitFor()
    const them = [...server.world.people.values()].at(-1)
    them.yours = 320_000n
    them.accuracy = { known: 15, right: 12, low: '0.5481', high: '0.9295', weeks: [['2026-09-28', 3, 2, '0.2077', '0.9385'], ['2026-10-05', 12, 10, '0.5520', '0.9530']].map(([week, known, right, low, high]) => ({ week, known, right, low, high })) }
    for (const [name, title, last] of [
      ['profile', 'ما أجيب عنه', () => page.getByRole('button', { name: 'دم وإصابات' })],
      ['accuracy', 'ما مدى صوابك', () => page.getByText('في جدول')],
      ['data', 'بياناتي', () => page.getByText('لك مستحق قدره').first()],
    ]) {
      await person.go(`/key/${name}`)
      await page.getByRole('heading', { name: title, level: 1 }).waitFor()
      await last().waitFor()
      if (name === 'accuracy') await last().click()
      checks.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${name}: nothing to scroll sideways for`)
      checks.equal((await page.locator('main').innerText()).match(/[a-z]{4,}( [a-z]+)+/g), null, `${name}: what is left in English`)
      await person.accessible(`${name} ar.320`)
      await person.shot(`${name}-ar.320`, { full: true })
    }
    await person.close()
  })
}
