import type { Event } from '../../api/shared/sse'
import type { Progress, Question, Verdict } from '../../api/shared/wire'
import { frame } from '../../../language/en/frame'
import { record as t } from '../../../language/en/record'
import { decimal } from '../../../language/format'

/** The question after an event of its stream; the same one when the event is not for it. */
export function advance(question: Question, event: Event): Question {
  if (event.type === 'question.closed') {
    const closed = JSON.parse(event.data) as Question
    return closed.id === question.id ? closed : question
  }
  if (event.type !== 'question.progress') return question
  const progress = JSON.parse(event.data) as Progress
  // After a reconnect, events may come again or late: a closed question never reopens, and none loses answers but to those
  // that do not count.
  const given = (q: Pick<Progress, 'answers' | 'struck'>) => q.answers + (q.struck ?? 0)
  if (progress.question !== question.id || question.status === 'closed' || given(progress) < given(question) || (progress.struck ?? 0) < (question.struck ?? 0)) return question
  return { ...question, status: progress.status, answers: progress.answers, struck: progress.struck, counts: progress.counts, wanted: progress.wanted }
}

/** The index of the choice that leads, or undefined while none has an answer or two are level. */
export function leading(counts: number[]): number | undefined {
  const top = Math.max(0, ...counts)
  const at = counts.indexOf(top)
  return top === 0 || counts.lastIndexOf(top) !== at ? undefined : at
}

/** The stop of a confidence policy, undefined for others. */
export function target(policy: string): number | undefined {
  const match = /^confidence:(0?\.\d+)(?:,|$)/.exec(policy)
  return match ? Number(match[1]) : undefined
}

/** How many answers a confidence policy asks for while too little is known, undefined where that is not a number. */
export function fallback(policy: string): number | undefined {
  const match = /^confidence:.+,fixed:(\d+)$/.exec(policy)
  return match ? Number(match[1]) : undefined
}

/** The rule in words. */
export function rule(quorum: Question['quorum']): string {
  const sureness = target(quorum.policy)
  if (sureness !== undefined) {
    const values = { sure: decimal(String(sureness)), least: quorum.min ?? 2, most: quorum.max ?? 10 }
    const n = fallback(quorum.policy)
    return n === undefined ? t('ruleSure', values) : t('ruleSureElse', { ...values, n })
  }
  return frame('answers', { n: Number(quorum.policy.split(':')[1]) })
}

/** How far the confidence of a verdict was checked, or undefined where answers are values. */
export function checked({ claims, correction, golds }: Verdict): string | undefined {
  if (correction === undefined) return undefined
  return t(correction === 'discount/1' ? 'unchecked' : claims ? 'holds' : 'corrected', { golds })
}

/** Why a question closed, in a sentence. */
export function stopped(q: Question): string {
  const { verdict } = q
  const sureness = target(q.quorum.policy)
  switch (verdict?.reason) {
    case 'quorum':
      if (sureness === undefined) return 'All the answers that were asked for have come.'
      if (fallback(q.quorum.policy) !== undefined && verdict.correction === 'discount/1') return 'All the answers that were asked for have come. Too few known answers are in to stop when sure.'
      return verdict.outcome === 'decided' ? `The last one took “${verdict.label}” past ${sureness}.` : 'As many people answered as may be asked.'
    case 'unsettled':
      return 'More answers would have cost more than they could settle.'
    case 'deadline':
      return q.answers === 0 ? 'The deadline came before anybody answered.' : 'The deadline came before the rule was met.'
    default:
      return q.answers === 0 ? 'You cancelled it before anybody answered.' : 'You cancelled it. Answers given before were paid.'
  }
}
