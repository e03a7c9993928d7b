// The app in other languages than English: right-to-left, narrow, dark, and from a cold start without a network.
import { narrow } from './drive.mjs'

/** What a person sees whose browser asks for another language, or who chooses one. */
export async function languageSteps({ checks, open }) {
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
    const person = await open('language-offline', { more: { locale: 'ar' } })
    await person.go('/')
    await person.installed()
    await person.page.waitForFunction(async () => {
      for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) if (/language\/ar-/.test(url)) return true
      return false
    })
    await person.page.close()
    await person.context.setOffline(true)
    person.page = await person.context.newPage()
    await person.go('/')
    await person.page.getByRole('button', { name: 'أجب عن أول سؤال' }).waitFor()
    checks.equal(await person.page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat().filter((url) => /language\/(es|hi)-/.test(url)).length), 0, 'languages kept that nobody chose')
    await person.close()
  })
}
