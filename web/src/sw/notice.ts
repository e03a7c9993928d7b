import { decimal } from '../language/format'
import { notice } from '../language/en/notice'
import { spoken } from '../language/spoken'
import type { Amount, QuestionType } from '../features/api/shared/wire'

/** What a push says, as server/push writes it. Of a project it names no question, and a notice has none, nor pay. */
export interface Pushed {
  wake: string
  /** That the pay goes to another address. */
  notice?: 'address'
  question?: string
  type?: QuestionType
  text?: string
  /** Two choices that the notification's buttons can answer by. */
  choices?: string[]
  pays: Amount
  symbol: string
  until_ms: number
}

/** A notification that is still to be shown. `actions` is not in the DOM's types. */
export interface Notice {
  title: string
  options: NotificationOptions & { actions?: { action: string; title: string }[]; renotify?: boolean }
}

/** The one notification of questions: a newer one takes its place. */
export const tag = 'work'

/** Reads a push. What cannot be read says nothing. */
export function pushedOf(text: string | undefined): Pushed | undefined {
  try {
    const p = JSON.parse(text ?? '') as Pushed
    return typeof p.wake === 'string' && typeof p.until_ms === 'number' ? p : undefined
  } catch {
    return undefined
  }
}

/** Who reads it aloud needs its language; the question in it may be in another. */
const looks = () => ({ lang: spoken.value.tag, dir: 'auto' as const,  icon: '/icon-192.png', badge: '/icon-192.png' })

/** What to show of a push. Something must be shown of each, also of one that comes too late. */
export function noticeOf(p: Pushed | undefined, now: number): Notice {
  if (!p || p.until_ms <= now) return { title: 'TaskNet', options: { ...looks(), tag, body: notice('some'), silent: true, data: {} } }
  if (p.notice) return { title: notice('moves'), options: { ...looks(), tag: p.notice, body: notice('movesBody'), data: p } }
  const choices = p.choices?.length === 2 ? p.choices : []
  return {
    title: notice('pays', { amount: decimal(p.pays), symbol: p.symbol }),
    options: { ...looks(), tag, body: p.text ?? notice('there'), data: p, actions: choices.map((title, i) => ({ action: String(i), title })) },
  }
}

/** Where a tap leads: to the question itself, or to where the change can be cancelled. */
export function pathOf(p: Partial<Pushed>): string {
  if (p.notice) return '/key/payout'
  return p.question ? `/?question=${encodeURIComponent(p.question)}` : '/'
}

/** The choice that a button stands for, undefined when it was the notification that was tapped. */
export function choiceOf(p: Partial<Pushed>, action: string): number | undefined {
  const i = p.choices?.length === 2 ? ['0', '1'].indexOf(action) : -1
  return i < 0 ? undefined : i
}
