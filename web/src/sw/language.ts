import { dirOf, localeOf, spoken, type Kept } from '../language/spoken'
import { kept } from '../outbox/database'

/** Speaks, from now on, the language that the pages of the app speak: they leave here what the worker says in it. */
export async function speak(): Promise<void> {
  const language = await kept<Kept>('language').catch(() => undefined)
  if (!language) return
  const { tag, notice } = language
  spoken.set({ tag, dir: dirOf(tag), locale: localeOf(tag, navigator.languages), ...(notice && { words: { notice } }) })
}
