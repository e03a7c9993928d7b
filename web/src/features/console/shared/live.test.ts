import { expect, it } from 'vitest'
import type { Question, Verdict } from '../../api/shared/wire'
import { checked, stopped } from './live'

const verdict = (v: Partial<Verdict>) => ({ label: 'cat', outcome: 'decided', claims: false, correction: 'discount/1', golds: 7, ...v }) as Verdict
const question = (policy: string, answers: number, v: Partial<Verdict>) => ({ quorum: { policy }, answers, verdict: verdict(v) }) as Question

it.each<[string, Question, string]>([
  ['of a fixed number', question('fixed:3', 3, { reason: 'quorum' }), 'All the answers that were asked for have come.'],
  ['that is sure', question('confidence:0.95', 3, { reason: 'quorum' }), 'The last one took “cat” past 0.95.'],
  ['at its maximum', question('confidence:0.95', 10, { reason: 'quorum', outcome: 'leaning' }), 'As many people answered as may be asked.'],
  ['that is unsettled', question('confidence:0.95', 6, { reason: 'unsettled', outcome: 'leaning' }), 'More answers would have cost more than they could settle.'],
  ['past its deadline', question('fixed:3', 2, { reason: 'deadline' }), 'The deadline came before the rule was met.'],
  ['that nobody answered', question('fixed:3', 0, { reason: 'deadline' }), 'The deadline came before anybody answered.'],
  ['that was cancelled', question('fixed:3', 1, { reason: 'cancelled' }), 'You cancelled it. Answers given before were paid.'],
])('a question %s says why it closed', (_, q, want) => expect(stopped(q)).toBe(want))

it('a verdict says how far its confidence was checked', () => {
  expect(checked(verdict({}))).toBe('not checked: 7 of 59 questions with a known answer')
  expect(checked(verdict({ correction: 'isotonic/1', golds: 81 }))).toBe('corrected by 81 questions with a known answer; the rule’s is not claimed')
  expect(checked(verdict({ correction: 'isotonic/1', golds: 81, claims: true }))).toBe('holds on 81 questions with a known answer')
  expect(checked(verdict({ correction: undefined }))).toBeUndefined()
})
