import { afterEach, expect, it } from 'vitest'
import { ago, amountOf, date, decimal, list, number } from './format'
import { onboarding } from './en/onboarding'
import { fill, type Plural } from './message'
import { dirOf, english, localeOf, spoken, wanted, type Tag } from './spoken'

const speak = (tag: Tag, locale: string = tag) => spoken.set({ tag, dir: dirOf(tag), locale })
afterEach(() => spoken.set(english(['en'])))

const rules = (locale: string, rtl = false) => {
  const plural = new Intl.PluralRules(locale)
  return { category: (n: number) => plural.select(n), number: (n: number) => new Intl.NumberFormat(locale).format(n), rtl }
}
const said = (message: string | Plural, values: Record<string, string | number>, locale = 'en', rtl = false) => fill<string>(message, values, rules(locale, rtl)).join('')

it('fills places, and leaves the order to the sentence', () => expect(said('{b} before {a}, {b}', { a: 'x', b: 7000 })).toBe('7,000 before x, 7,000'))
it('hands out tags with what is in them', () => expect(fill('a <b>{n} c</b> d', { n: 2 }, rules('en'))).toEqual(['a ', { tag: 'b', inner: ['2', ' c'] }, ' d']))
it('keeps the direction of a text that is inserted', () => {
  expect(said('“{answer}” it is.', { answer: 'نعم' })).toBe('“\u2068نعم\u2069” it is.')
  expect(said('إجابتك {answer}', { answer: 'Yes' }, 'ar', true)).toBe('إجابتك \u2068Yes\u2069')
  expect(said('“{answer}” it is.', { answer: 'Yes' })).toBe('“Yes” it is.')
})

const answers: Plural = { zero: 'بلا إجابات', one: 'إجابة واحدة', two: 'إجابتان', few: '{n} إجابات', many: '{n} إجابة', other: '{n} إجابة واحدة من' }
it.each([[0, 'zero'], [1, 'one'], [2, 'two'], [3, 'few'], [10, 'few'], [11, 'many'], [99, 'many'], [100, 'other'], [102, 'other'], [103, 'few']] as const)('says %i in Arabic by the form %s', (n, form) => {
  expect(said(answers, { n }, 'ar', true)).toBe(answers[form]!.replace('{n}', new Intl.NumberFormat('ar').format(n)))
})

it.each([
  [undefined, ['ar-EG', 'en'], 'ar'],
  [undefined, ['de', 'hi-IN'], 'hi'],
  [undefined, ['de'], 'en'],
  [undefined, [], 'en'],
  ['es', ['ar'], 'es'],
  ['tlh', ['ar'], 'ar'],
  ['toString', [], 'en'],
] as const)('speaks for the choice %s and the browser’s %j %s', (chosen, browser, want) => expect(wanted(chosen, browser)).toBe(want))

it('takes the person’s own form of a language for numbers', () => {
  expect(localeOf('es', ['en', 'es-MX'])).toBe('es-MX')
  expect(localeOf('es', ['en'])).toBe('es')
})

it('writes numbers, amounts, times and lists as the language does', () => {
  const at = new Date(2026, 10, 21, 18, 42)
  expect([number(1234.5), decimal('-1234.05'), amountOf(41, 'second'), amountOf(1, 'day'), ago(5, 'minute'), date(at, { day: 'numeric', month: 'short' }), list(['a', 'b', 'c'])]).toEqual(['1,234.5', '-1234.05', '41 s', '1 day', '5 min ago', '21 Nov', 'a, b and c'])
  speak('es', 'es-ES')
  expect([decimal('0.018'), date(at, { day: 'numeric', month: 'short' }), list(['a', 'b'])]).toEqual(['0,018', '21 nov', 'a y b'])
  expect(ago(5, 'minute')).toMatch(/^hace 5 min/)
  speak('ar', 'ar-EG')
  expect([decimal('0.018'), number(12)]).toEqual(['٠٫٠١٨', '١٢'])
})

it('has types that know the places of a message', () => {
  // @ts-expect-error: its places are missing
  onboarding('takes')
  // @ts-expect-error: there is no such message
  void (() => onboarding('nothing'))
  // @ts-expect-error: there is no such place
  onboarding('takes', { from: 1, to: 2, by: 3 })
  expect(onboarding('takes', { from: 1, to: 2 })).toBe('1 to 2 s')
})
