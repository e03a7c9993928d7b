import { Cell } from '../features/frame/shared/cell'
import type { Words } from './words'

/** The languages that the app speaks, each named in itself. */
export const languages = { en: 'English', es: 'Español', hi: 'हिन्दी', ar: 'العربية' } as const

export type Tag = keyof typeof languages

/** A language in which the app speaks now. */
export interface Spoken {
  tag: Tag
  dir: 'ltr' | 'rtl'
  /** What Intl writes numbers and amounts by: the person's own form of the language, such as es-MX. */
  locale: string
  /** Its messages; English has none here: each part brings its own. */
  words?: Partial<Words>
}

/** The language as it is kept for the service worker, with the messages that it shows. */
export interface Kept {
  tag: Tag
  notice?: Words['notice'] | undefined
}

export const dirOf = (tag: Tag): 'ltr' | 'rtl' => (tag === 'ar' ? 'rtl' : 'ltr')

/** The form of a language that somebody's browser asks for. */
export function localeOf(tag: Tag, browser: readonly string[]): string {
  return browser.find((b) => base(b) === tag) ?? tag
}

/** The language to speak: what the person chose, else what their browser asks for first, else English. */
export function wanted(chosen: string | undefined, browser: readonly string[]): Tag {
  const known = (tag: string): tag is Tag => Object.hasOwn(languages, tag)
  return [chosen ?? '', ...browser.map(base), 'en'].find(known)!
}

function base(tag: string): string {
  return tag.split('-')[0]!.toLowerCase()
}

export function english(browser: readonly string[] = typeof navigator === 'undefined' ? [] : navigator.languages): Spoken {
  return { tag: 'en', dir: 'ltr', locale: localeOf('en', browser) }
}

export const spoken = new Cell<Spoken>(english())
