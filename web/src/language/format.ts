import { spoken } from './spoken'

// Numbers, dates and lists as the spoken language writes them. Intl's objects are dear to make and kept.

const kept = new Map<string, unknown>()

function keep<T>(kind: string, locale: string, options: object, make: (locale: string, options: object) => T): T {
  const name = `${kind} ${locale} ${JSON.stringify(options)}`
  if (!kept.has(name)) kept.set(name, make(locale, options))
  return kept.get(name) as T
}

/** English days are written 21 Nov everywhere, and times by 24 hours: the product's own way. */
const dates = () => (spoken.value.tag === 'en' ? 'en-GB' : spoken.value.locale)

export function plural(): Intl.PluralRules {
  return keep('plural', spoken.value.tag, {}, (l) => new Intl.PluralRules(l))
}

export function number(n: number | bigint, options: Intl.NumberFormatOptions = {}): string {
  return keep('number', spoken.value.locale, options, (l, o) => new Intl.NumberFormat(l, o)).format(n)
}

/** A decimal as the API writes it, digit for digit: nothing is rounded, and nothing grouped. */
export function decimal(text: string): string {
  const [whole = '', frac] = text.split('.')
  const digits = (part: string) => part.replace(/\d/g, (d) => number(Number(d)))
  return digits(whole) + (frac === undefined ? '' : point() + digits(frac))
}

/** What was typed with a language's own digits, in those that are computed with. */
export function latinDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, (d) => String((d.charCodeAt(0) - (d < '\u06f0' ? 0x660 : d < '\u0966' ? 0x6f0 : 0x966)) % 10)).replace('\u066b', '.')
}

function point(): string {
  return keep('number', spoken.value.locale, {}, (l) => new Intl.NumberFormat(l)).formatToParts(0.5).find((p) => p.type === 'decimal')!.value
}

export function date(at: Date, options: Intl.DateTimeFormatOptions): string {
  return keep('date', dates(), options, (l, o) => new Intl.DateTimeFormat(l, o)).format(at)
}

export type Unit = 'second' | 'minute' | 'hour' | 'day'

const shortUnit = { second: 's', minute: 'min', hour: 'h' } as const

/** A length of time: 41 s, 17 min, 3 h, 2 days. */
export function amountOf(n: number, unit: Unit): string {
  // The product's English is that of the units' signs, which is not Intl's.
  if (spoken.value.tag === 'en') return unit === 'day' ? `${n} day${n === 1 ? '' : 's'}` : `${n} ${shortUnit[unit]}`
  return number(n, { style: 'unit', unit, unitDisplay: unit === 'day' ? 'long' : 'short' })
}

/** How long ago something was. */
export function ago(n: number, unit: Unit): string {
  if (spoken.value.tag === 'en') return `${amountOf(n, unit)} ago`
  return keep('ago', spoken.value.locale, { style: 'short' }, (l, o) => new Intl.RelativeTimeFormat(l, o)).format(-n, unit)
}

/** One, two and three; as a unit without the and. */
export function list(items: string[], type: 'conjunction' | 'disjunction' | 'unit' = 'conjunction'): string {
  return keep('list', dates(), { type }, (l, o) => new Intl.ListFormat(l, o)).format(items)
}

/** A language's name in the spoken one; its tag where there is no name. */
export function languageName(tag: string): string {
  try {
    return keep('language', spoken.value.locale, { type: 'language' }, (l) => new Intl.DisplayNames(l, { type: 'language' })).of(tag) ?? tag
  } catch {
    return tag // not a tag
  }
}
