import { describe, expect, it } from 'vitest'
import { reports } from './reasons'

const file = { hash: 'h', url: '/media/h', type: 'image/png', width: 1, height: 1, bytes: 1 }
const of = (question: Parameters<typeof reports>[0]) => reports(question).map(([reason, words]) => `${reason}: ${words}`)

describe('what can be wrong with a question', () => {
  it('is its picture and its choices, where it has them', () => {
    expect(of({ choices: ['a', 'b'], image: file })).toEqual([
      'broken: The picture or the text is broken',
      'unclear: It is unclear what is asked',
      'wrong_choices: The right answer is not among the choices',
      'offensive: It is offensive or upsetting',
      'other: Something else',
    ])
  })
  it('is no choice where none is made, and a clip where it is heard', () => {
    expect(of({ choices: [], audio: file })).toEqual(['broken: The clip or the text is broken', 'unclear: It is unclear what is asked', 'offensive: It is offensive or upsetting', 'other: Something else'])
    expect(of({ choices: [] })[0]).toBe('broken: The text is broken')
  })
})
