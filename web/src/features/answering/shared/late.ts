import type { Content } from '../../api/shared/wire'
import { split } from './text'

/**
 * What is said of an answer that came when its question was closed. A comparison is mostly one of a ranking, which
 * closes all of its open ones as soon as it is settled: that is nobody's fault, and no one was too slow.
 */
export function tooLate({ text, asked }: { text: string; asked?: Pick<Content, 'type'> }, next: boolean): string {
  const what = asked?.type === 'pair' ? 'This comparison was settled while you answered, so it is not paid. Nothing was lost of what you earned.' : `“${brief(text)}” closed before your answer arrived, so it is not paid.`
  return next ? `${what} Here is the next.` : what
}

/** What is said of answers that were not taken while nobody looked, by the codes of the reasons. */
export function severalTooLate(codes: string[]): string {
  const closed = codes.filter((code) => code === 'question_closed').length
  const rest = codes.length - closed
  const late = closed > 0 && `${closed} of your answers came after ${closed === 1 ? 'its question' : 'their questions'} had closed`
  const other = rest > 0 && `${rest} ${rest === 1 ? 'was' : 'were'} not taken for another reason`
  return `${[late, other].filter(Boolean).join(', and ')}, so ${codes.length === 1 ? 'it is' : 'they are'} not paid. Answered lists them with the reasons.`
}

function brief(text: string): string {
  const { ask } = split(text)
  return ask.length > 48 ? `${ask.slice(0, 46)}…` : ask || 'The picture'
}
