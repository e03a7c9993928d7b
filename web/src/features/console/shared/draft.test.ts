import { describe, expect, it } from 'vitest'
import type { Event } from '../../api/shared/sse'
import type { Image, Instance, Question } from '../../api/shared/wire'
import { blank, body, choicesOf, curl, holds, kinds, problems, retyped, type Draft } from './draft'
import { advance, leading, rule, target } from './live'

const limits: Instance['limits'] = { text_length: 20, choice_length: 5, choices: 20, answers: 11, values: 7, body_bytes: 1, media_bytes: 1, deadline_seconds_min: 10, deadline_seconds_max: 100 }
const picture: Image = { hash: 'p', url: '/media/p', type: 'image/png', width: 4, height: 3, bytes: 1 }
const good: Draft = { ...blank, text: 'Spam?', choices: ['yes', 'no'], price: '0.018' }

describe('a draft', () => {
  it('without faults has none', () => expect(problems(good, limits)).toEqual({}))
  it.each<[string, Partial<Draft>, string]>([
    ['no text', { text: ' ' }, 'text'],
    ['a long text', { text: 'x'.repeat(21) }, 'text'],
    ['an empty choice', { choices: ['yes', ' '] }, 'choices'],
    ['equal choices', { choices: ['yes', 'yes '] }, 'choices'],
    ['a long choice', { choices: ['yes', 'no way'] }, 'choices'],
    ['nobody', { people: '0' }, 'people'],
    ['too many people', { people: '12' }, 'people'],
    ['too many people for texts', { type: 'text', people: '8' }, 'people'],
    ['half a person', { people: '1.5' }, 'people'],
    ['bounds the wrong way round', { rule: 'confidence', least: '5', most: '3' }, 'bounds'],
    ['no price', { price: '' }, 'price'],
    ['a free answer', { price: '0' }, 'price'],
    ['a price under the smallest unit', { price: '0.0000001' }, 'price'],
  ])('with %s says so', (_, part, field) => expect(Object.keys(problems({ ...good, ...part }, limits))).toEqual([field]))
  it.each<[string, Partial<Draft>, string]>([
    ['no picture to draw on', { type: 'boxes', choices: ['car'] }, 'image'],
    ['no words to mark', { type: 'spans', choices: ['name'] }, 'passage'],
    ['a picture for one choice of two', { pictures: [picture] }, 'pictures'],
    ['a range the wrong way round', { type: 'number', from: '5', to: '5' }, 'number'],
    ['a range with too many digits', { type: 'number', from: '0.25', to: '5', decimals: '1' }, 'number'],
    ['a range of words', { type: 'number', from: 'none', to: '5' }, 'number'],
    ['more to choose than there is', { type: 'multiple', upto: '3' }, 'selection'],
    ['more at least than at most', { type: 'multiple', fewest: '2', upto: '1' }, 'selection'],
    ['a text of no length', { type: 'text', length: '0' }, 'length'],
  ])('with %s says so', (_, part, field) => expect(Object.keys(problems({ ...good, ...part }, limits))).toEqual([field]))
  it('of every type needs no more than that type has', () => {
    for (const [type] of kinds.flatMap(([, of]) => of)) {
      const draft = { ...good, image: picture, passage: 'It was Ada.', ...retyped(good, type) }
      expect([type, problems(draft, limits)]).toEqual([type, {}])
    }
  })
  it('becomes another type with what was written, and as many choices as that needs', () => {
    const marked = { ...good, ...retyped({ ...good, choices: ['roof', ' '] }, 'boxes') }
    expect(choicesOf(marked)).toEqual(['roof'])
    expect(retyped(marked, 'choice').choices).toEqual(['roof', ''])
    expect(choicesOf({ ...good, choices: ['a', 'b', 'c'], type: 'pair' })).toEqual(['a', 'b'])
    expect(retyped({ ...good, rule: 'confidence' }, 'number').rule).toBe('fixed')
    expect(retyped({ ...good, rule: 'confidence' }, 'scale').rule).toBeUndefined()
  })
  it('asks with what its type has, and nothing else', () => {
    const all: Draft = { ...good, image: picture, alt: 'A roof', audio: { hash: 'c', url: '', type: 'audio/wav', bytes: 1 }, pictures: [picture, picture], passage: 'Ada.', from: '-02.50', to: '7,0', decimals: '1', unit: 'm', fewest: '1', upto: '1', length: '30' }
    const asked = (type: Draft['type']) => {
      const every = ['text', 'passage', 'image', 'image_alt', 'audio', 'quorum', 'price', 'deadline_seconds']
      return Object.fromEntries(Object.entries(body({ ...all, type })).filter(([name]) => !every.includes(name)))
    }
    expect(asked('yes_no')).toEqual({ type: 'yes_no' })
    expect(asked('number')).toEqual({ type: 'number', number: { min: '-2.5', max: '7', decimals: 1, unit: 'm' } })
    expect(asked('text')).toEqual({ type: 'text', length: 30 })
    expect(asked('multiple')).toEqual({ type: 'multiple', choices: ['yes', 'no'], least: 1, most: 1, choice_images: [{ image: 'p' }, { image: 'p' }] })
    expect(asked('boxes')).toEqual({ type: 'boxes', choices: ['yes', 'no'] })
    expect(body(all)).toMatchObject({ image: 'p', image_alt: 'A roof', audio: 'c', passage: 'Ada.' })
  })
  it('counts characters and not code units', () => expect(problems({ ...good, text: '🏠'.repeat(20) }, limits)).toEqual({}))
  it('becomes the body that the API takes', () => {
    expect(body(good)).toEqual({ type: 'choice', text: 'Spam?', choices: ['yes', 'no'], quorum: { policy: 'fixed:3' }, price: '0.018', deadline_seconds: 86400 })
    expect(body({ ...good, rule: 'confidence', price: '0,02' })).toMatchObject({ quorum: { policy: 'confidence:0.95', min: 2, max: 10 }, price: '0.02' })
  })
  it('falls back to a number within its bounds, or to the model', () => {
    const sure = { ...good, rule: 'confidence' as const }
    const asked = (fallback: string) => [problems({ ...sure, fallback }, limits).fallback, body({ ...sure, fallback }).quorum?.policy]
    expect([asked(''), asked('2'), asked('10'), asked('model')]).toEqual([[undefined, 'confidence:0.95'], [undefined, 'confidence:0.95,fixed:2'], [undefined, 'confidence:0.95,fixed:10'], [undefined, 'confidence:0.95,model']])
    for (const wrong of ['1', '11', '-3', '2.5', 'x']) expect(asked(wrong)[0]).toBe('Between 2 and 10, or nothing for half of the most, and no fewer than 3.')
  })
  it('holds its most, with fee', () => {
    expect(holds(good, 1500)).toBe(62_100n)
    expect(holds({ ...good, rule: 'confidence' }, 1500)).toBe(207_000n)
    expect(holds({ ...good, people: '' }, 1500)).toBeUndefined()
  })
  it('survives the shell, and needs no other program', () => {
    const command = curl('http://h', body({ ...good, text: "It's $HOME" }), 'a1b2')
    expect(command).toContain(`"text": "It'\\''s $HOME"`)
    expect(command).toContain('"Idempotency-Key: a1b2"')
    expect(command).not.toContain('$(')
  })
})

describe('a live question', () => {
  const q = { id: 'q_1', status: 'open', answers: 2, counts: [2, 0], wanted: 1 } as Question
  const event = (type: string, data: object): Event => ({ id: '1', type, data: JSON.stringify(data) })
  const progress = { question: 'q_1', status: 'open', answers: 3, counts: [2, 1], wanted: 1 }
  it('moves on', () => expect(advance(q, event('question.progress', progress))).toEqual({ ...q, answers: 3, counts: [2, 1] }))
  it('does not go back, or follow another question', () => {
    expect(advance(q, event('question.progress', { ...progress, answers: 1 }))).toBe(q)
    expect(advance(q, event('question.progress', { ...progress, question: 'q_2' }))).toBe(q)
    expect(advance(q, event('question.closed', { id: 'q_2' }))).toBe(q)
  })
  it('stays closed', () => {
    const closed = advance(q, event('question.closed', { ...q, status: 'closed' }))
    expect(closed.status).toBe('closed')
    expect(advance(closed, event('question.progress', { ...progress, answers: 9 }))).toBe(closed)
  })
  it('leads only when one choice does', () => expect([[0, 0], [1, 1], [1, 2], [3, 1, 3]].map(leading)).toEqual([undefined, undefined, 1, undefined]))
  it('states its rule', () => {
    expect([target('fixed:3'), target('confidence:0.95'), target('confidence:0.95,fixed:5'), target('confidence:0.95,model')]).toEqual([undefined, 0.95, 0.95, 0.95])
    expect(rule({ policy: 'confidence:0.95,fixed:5', min: 3, max: 9 })).toBe('0.95 sure, 3 to 9 answers; 5 while too few known answers are in')
    expect(rule({ policy: 'confidence:0.95,model', min: 3, max: 9 })).toBe('0.95 sure, 3 to 9 answers')
    expect([rule({ policy: 'fixed:1' }), rule({ policy: 'fixed:3' }), rule({ policy: 'confidence:0.95', min: 3, max: 9 })]).toEqual(['1 answer', '3 answers', '0.95 sure, 3 to 9 answers'])
  })
})
