import type { Content } from '../../api/shared/wire'
import { split } from './text'
import { answering as t } from '../../../language/en/answering'

/**
 * What is said of an answer that came when its question was closed. A comparison is mostly one of a ranking, which
 * closes all of its open ones as soon as it is settled: that is nobody's fault, and no one was too slow.
 */
export function tooLate({ text, asked }: { text: string; asked?: Pick<Content, 'type'> }, next: boolean): string {
  const what = asked?.type === 'pair' ? t('latePair') : t('late', { text: brief(text) })
  return next ? `${what} ${t('next')}` : what
}

/** What is said of answers that were not taken while nobody looked, by the codes of the reasons: two or more. */
export function severalTooLate(codes: string[]): string {
  const closed = codes.filter((code) => code === 'question_closed').length
  const rest = codes.length - closed
  const late = t('lateClosed', { n: closed })
  const other = t('lateOther', { n: rest })
  return t('unpaid', { what: rest === 0 ? late : closed === 0 ? other : t('lateBoth', { closed: late, other }) })
}

function brief(text: string): string {
  const { ask } = split(text)
  return ask.length > 48 ? `${ask.slice(0, 46)}…` : ask || t('thePicture')
}
