import { Refused, Unreachable } from '../../api/shared/http'
import type { Time } from '../../api/shared/wire'
import { frame as t } from '../../../language/en/frame'
import { ago, amountOf, date as written } from '../../../language/format'
import { spoken } from '../../../language/spoken'
import { serverNow } from './clock'

// How the app says numbers, times and errors, everywhere the same.

/** A time as people read it: relative up to an hour, then the clock, then the day. */
export function when(time: Time, now = serverNow()): string {
  const then = new Date(time)
  const s = Math.max(0, Math.round((now - then.getTime()) / 1000))
  if (s < 5) return t('now')
  if (s < 60) return ago(s, 'second')
  if (s < 3600) return ago(Math.floor(s / 60), 'minute')
  return asOf(then.getTime(), now)
}

export function clock(date: Date): string {
  return written(date, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

/** The time of what is shown: the clock of today, a day before that. */
export function asOf(ms: number, now = Date.now()): string {
  const then = new Date(ms)
  return new Date(now).toDateString() === then.toDateString() ? clock(then) : day(then)
}

/** 21 Nov. */
export function day(date: Date): string {
  return written(date, { day: 'numeric', month: 'short' })
}

/** The day of UTC that a time of the API is on, or a date is: 3 Nov everywhere on earth. */
export function utcDay(at: string): string {
  return day(new Date(`${at.slice(0, 10)}T12:00`))
}

/** A duration in its largest unit: 41 s, 17 min, 3 h, 2 days. */
export function span(seconds: number): string {
  if (seconds < 60) return amountOf(Math.max(0, Math.round(seconds)), 'second')
  if (seconds < 3600) return amountOf(Math.round(seconds / 60), 'minute')
  if (seconds < 48 * 3600) return amountOf(Math.round(seconds / 3600), 'hour')
  return amountOf(Math.round(seconds / 86400), 'day')
}

/** A confidence: two digits under 0.99, three above, cut and not rounded, so that it is never overstated. */
export function sure(confidence: string): string {
  return confidence.slice(0, confidence >= '0.99' ? 5 : 4)
}

/** 1 answer, 2 answers: on pages that speak English only. */
export function count(n: number, noun: string, many = `${noun}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? noun : many}`
}

/** What a problem's code says in the spoken language; the server's own sentence in English, and where the code is not known here. */
export function problemText(code: string, detail: string): string {
  const { words } = spoken.value
  const status = /^http_(\d+)$/.exec(code)?.[1]
  if (status) return t('unclear', { status })
  return (words?.problem as { [code: string]: string } | undefined)?.[code] ?? detail
}

/** What went wrong and what to do, with the code where there is one. */
export function trouble(error: unknown): { text: string; code?: string } {
  if (error instanceof Refused) return { text: problemText(error.code, error.message), code: error.code }
  if (error instanceof Unreachable) return { text: t('noAnswer') }
  if (error instanceof Error && error.name === 'QuotaExceededError') return { text: t('full'), code: 'storage_full' }
  return { text: t('failed'), code: error instanceof Error ? error.name : 'unknown' }
}

/** 6 and 4 characters of a hash. */
export function short(hash: string): string {
  const body = hash.replace(/^0x/, '')
  return body.length <= 12 ? hash : `${body.slice(0, 6)}…${body.slice(-4)}`
}

/** 6 and 4 characters of an id, after its prefix. */
export function shortId(id: string): string {
  const cut = id.indexOf('_') + 1
  return id.length - cut <= 12 ? id : `${id.slice(0, cut)}…${id.slice(-6)}`
}
