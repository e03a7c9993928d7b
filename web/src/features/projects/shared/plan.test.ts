import { expect, it } from 'vitest'
import type { Instance } from '../../api/shared/wire'
import type { Project } from '../../api/shared/projects'
import { blank, body, change, cost, covered, planOf, problems, type Plan } from './plan'

const limits: Instance['limits'] = { text_length: 1000, choice_length: 500, choices: 20, answers: 1000, values: 100, body_bytes: 65536, media_bytes: 8 << 20, deadline_seconds_min: 10, deadline_seconds_max: 2592000 }
const plan: Plan = { ...blank, text: ' Is it spam? ', choices: ['Spam', ' Fine ', ''], name: ' Mails ', price: '0,018' }

it('makes the body of a project, without what is empty', () => {
  expect(body(plan)).toEqual({ type: 'choice', text: 'Is it spam?', choices: ['Spam', 'Fine'], name: 'Mails', instructions: '', examples: [], languages: [], warnings: [], topics: [], quorum: { policy: 'fixed:3' }, price: '0.018', deadline_seconds: 2592000, gold_rate: '0.1', difficulty_rate: '0', most_per_person: 0 })
})

it('says what only a type has', () => {
  expect(body({ ...plan, type: 'number', min: '-0.50', max: '007', decimals: '1', unit: ' kg ' })).toMatchObject({ number: { min: '-0.5', max: '7', decimals: 1, unit: 'kg' } })
  expect(body({ ...plan, type: 'number' }).choices).toBeUndefined()
  expect(body({ ...plan, type: 'yes_no' }).choices).toBeUndefined()
  expect(body({ ...plan, type: 'multiple', least: '1', most: '2' })).toMatchObject({ least: 1, most: 2 })
  expect(body({ ...plan, type: 'multiple' })).not.toHaveProperty('most')
  expect(body({ ...plan, type: 'text', length: '40' })).toMatchObject({ length: 40 })
  expect(body({ ...plan, type: 'pair', choices: ['', ''] }).choices).toBeUndefined()
})

it('leaves to a label configuration what it says', () => {
  const configured: Plan = { ...plan, config: ' <View/> ', type: 'number', min: '7', max: '7', choices: [] }
  expect(problems(configured, 'question', limits)).toEqual({})
  const { name, label_config, text, type, choices, number } = body(configured)
  expect({ name, label_config, text, type, choices, number }).toEqual({ name: 'Mails', label_config: '<View/>', text: 'Is it spam?', type: undefined, choices: undefined, number: undefined })
  expect(problems({ ...configured, config: 'x'.repeat(65_537) }, 'question', limits)).toHaveProperty('config')
})

it('stops by confidence only where answers are choices', () => {
  const sure: Plan = { ...plan, rule: 'confidence', target: '0.95', fewest: '2', highest: '9' }
  expect(body(sure).quorum).toEqual({ policy: 'confidence:0.95', min: 2, max: 9 })
  for (const [fallback, policy] of [['4', 'confidence:0.95,fixed:4'], ['model', 'confidence:0.95,model']] as const) {
    const quorum = body({ ...sure, fallback }).quorum!
    expect(quorum.policy).toBe(policy)
    expect(planOf({ ...change(sure), id: 'prj_1', choices: [], type: 'choice', quorum } as unknown as Project)).toMatchObject({ rule: 'confidence', target: '0.95', fewest: '2', highest: '9', fallback })
  }
  expect(problems({ ...sure, fallback: '10' }, 'answers', limits).fallback).toBe('Between 2 and 9, or nothing for half of the most, and no fewer than 3.')
  expect(body({ ...sure, type: 'boxes' }).quorum).toEqual({ policy: 'fixed:3' })
})

it('writes a percentage as the share that it is', () => {
  for (const [typed, share] of [['10', '0.1'], ['12.5', '0.125'], ['2,25', '0.0225'], ['0', '0'], ['50', '0.5']] as const) expect(change({ ...plan, gold: typed }).gold_rate).toBe(share)
})

it.each<[string, Partial<Plan>, 'question' | 'guide' | 'answers', string]>([
  ['one choice', { choices: ['Spam', ''] }, 'question', 'choices'],
  ['two equal choices', { choices: ['Spam', 'Spam '] }, 'question', 'choices'],
  ['a choice that is too long', { choices: ['Spam', 'x'.repeat(501)] }, 'question', 'choices'],
  ['three items of a pair', { type: 'pair', choices: ['a', 'b', 'c'] }, 'question', 'choices'],
  ['one item of a pair', { type: 'pair', choices: ['a'] }, 'question', 'choices'],
  ['no class', { type: 'boxes', choices: [''] }, 'question', 'choices'],
  ['a range upside down', { type: 'number', min: '7', max: '7' }, 'question', 'number'],
  ['a range finer than answers', { type: 'number', min: '0.5', max: '7', decimals: '0' }, 'question', 'number'],
  ['more to select than there is', { type: 'multiple', most: '3' }, 'question', 'several'],
  ['a least above the most', { type: 'multiple', least: '2', most: '1' }, 'question', 'several'],
  ['a text of nothing', { type: 'text', length: '0' }, 'question', 'length'],
  ['no name', { name: ' ' }, 'guide', 'name'],
  ['a name of 121 characters', { name: 'n'.repeat(121) }, 'guide', 'name'],
  ['an example without an answer', { examples: [{ good: true, text: 't', image: '', answer: ' ', why: '' }] }, 'guide', 'examples'],
  ['an example of nothing', { examples: [{ good: true, text: '', image: '', answer: 'a', why: '' }] }, 'guide', 'examples'],
  ['a language that is none', { languages: 'en, e' }, 'guide', 'languages'],
  ['a price that more than doubles', { rise: '100.5' }, 'answers', 'rise'],
  ['a price that falls', { rise: '-1' }, 'answers', 'rise'],
  ['no people', { people: '0' }, 'answers', 'people'],
  ['more people than may be', { people: '1001' }, 'answers', 'people'],
  ['more people than may mark regions', { type: 'boxes', people: '101' }, 'answers', 'people'],
  ['the same, when another type was to stop when sure', { type: 'boxes', rule: 'confidence', people: '101' }, 'answers', 'people'],
  ['bounds that cross', { rule: 'confidence', fewest: '5', highest: '4' }, 'answers', 'bounds'],
  ['no pay', { price: '0' }, 'answers', 'price'],
  ['fewer than one task for a person', { each: '0' }, 'answers', 'each'],
  ['more tasks for a person than may be', { each: '1000001' }, 'answers', 'each'],
  ['more than half known', { gold: '50.5' }, 'answers', 'gold'],
])('refuses %s at its field', (_, part, step, field) => {
  expect(Object.keys(problems({ ...plan, ...part }, step, limits))).toEqual([field])
})

it('limits what one person may answer, or does not', () => {
  expect(change({ ...plan, each: ' 1000000 ' }).most_per_person).toBe(1_000_000)
  expect(planOf({ ...body(plan), id: 'prj_1' } as unknown as Project).each).toBe('')
})

it('takes what is fine', () => {
  for (const step of ['question', 'guide', 'answers'] as const) expect(problems({ ...plan, languages: 'en, pt-BR', examples: [{ good: false, text: '', image: 'ab', answer: 'a', why: '' }] }, step, limits)).toEqual({})
  expect(problems({ ...plan, type: 'ranking', choices: ['', ''] }, 'question', limits)).toEqual({})
})

it('tells what a task costs, and how many a balance covers', () => {
  expect(cost(plan, 1500)).toEqual({ least: 62_100n, most: 62_100n })
  expect(cost({ ...plan, rule: 'confidence', fewest: '2', highest: '10' }, 1500)).toEqual({ least: 41_400n, most: 207_000n })
  expect(cost({ ...plan, price: '' }, 1500)).toBeUndefined()
  expect(cost({ ...plan, people: '' }, 1500)).toBeUndefined()
  expect(covered('100', 62_100n)).toBe(1610)
  expect(covered('0.0621', 62_100n)).toBe(1)
  expect(covered('0.0620', 62_100n)).toBe(0)
})

it('shows a project in its form as it is', () => {
  const project = { ...body({ ...plan, gold: '12.5', each: '40', languages: 'en', rule: 'confidence', examples: [{ good: true, text: 't', image: '', answer: 'a', why: 'w' }] }), id: 'prj_1' } as unknown as Project
  expect(change(planOf(project))).toEqual(change({ ...plan, gold: '12.5', each: '40', languages: 'en', rule: 'confidence', examples: [{ good: true, text: 't', image: '', answer: 'a', why: 'w' }] }))
})
