import { describe, expect, it } from 'vitest'
import { severalTooLate, tooLate } from './late'

describe('an answer to a closed question', () => {
  it('names the question, and leads on where there is another', () => {
    expect(tooLate({ text: 'Is it too late?\nSome text.', asked: { type: 'yes_no' } }, true)).toBe('“Is it too late?” closed before your answer arrived, so it is not paid. Here is the next.')
    expect(tooLate({ text: '' }, false)).toBe('“The picture” closed before your answer arrived, so it is not paid.')
    expect(tooLate({ text: 'Which of these many, many words are the last that fit?' }, false)).toContain('“Which of these many, many words are the last t…” closed')
  })
  it('says of a comparison that it was settled', () => {
    const settled = 'This comparison was settled while you answered, so it is not paid. Nothing was lost of what you earned.'
    expect(tooLate({ text: 'Which is better?', asked: { type: 'pair' } }, false)).toBe(settled)
    expect(tooLate({ text: 'Which is better?', asked: { type: 'pair' } }, true)).toBe(`${settled} Here is the next.`)
  })
})

it.each([
  [['question_closed', 'question_closed'], '2 of your answers came after their questions had closed, so they are not paid. Answered lists them with the reasons.'],
  [['question_closed', 'bad_signature'], '1 of your answers came after its question had closed, and 1 was not taken for another reason, so they are not paid. Answered lists them with the reasons.'],
])('says of %j: %s', (codes, words) => expect(severalTooLate(codes)).toBe(words))
