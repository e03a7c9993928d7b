import { expect, it } from 'vitest'
import type { Question, Verdict } from '../../api/shared/wire'
import { advance, checked, stopped } from './live'

const verdict = (v: Partial<Verdict>) => ({ label: 'cat', outcome: 'decided', claims: false, correction: 'discount/1', golds: 7, ...v }) as Verdict
const question = (policy: string, answers: number, v: Partial<Verdict>) => ({ quorum: { policy }, answers, verdict: verdict(v) }) as Question

it.each<[string, Question, string]>([
  ['of a fixed number', question('fixed:3', 3, { reason: 'quorum' }), 'All the answers that were asked for have come.'],
  ['that is sure', question('confidence:0.95', 3, { reason: 'quorum' }), 'The last one took “cat” past 0.95.'],
  ['at its maximum', question('confidence:0.95', 10, { reason: 'quorum', outcome: 'leaning' }), 'As many people answered as may be asked.'],
  ['that fell back to a number', question('confidence:0.95,fixed:5', 5, { reason: 'quorum' }), 'All the answers that were asked for have come. Too few known answers are in to stop when sure.'],
  ['that need not fall back', question('confidence:0.95,fixed:5', 3, { reason: 'quorum', correction: 'isotonic/1' }), 'The last one took “cat” past 0.95.'],
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

it('a question follows its progress, and goes back by answers that do not count alone', () => {
  const q = { id: 'q_1', status: 'closing', answers: 3, counts: [1, 2], wanted: 0 } as unknown as Question
  const event = (data: object) => ({ type: 'question.progress', data: JSON.stringify({ question: 'q_1', status: 'open', counts: [0, 2], wanted: 1, ...data }), id: '' })
  const opened = advance(q, event({ answers: 2, struck: 1 }))
  expect(opened).toMatchObject({ status: 'open', answers: 2, struck: 1, counts: [0, 2], wanted: 1 })
  expect(advance(q, event({ answers: 2 }))).toBe(q)
  expect(advance(opened, event({ answers: 3, status: 'closing' }))).toBe(opened)
  expect(advance(opened, event({ answers: 3, struck: 1 }))).toMatchObject({ answers: 3 })
})
