import { expect, it } from 'vitest'
import { choiceOf, noticeOf, pathOf, pushedOf, type Pushed } from './notice'

const two: Pushed = { wake: 'wak_1', question: 'q_1', type: 'yes_no', text: 'Is it spam?', choices: ['Yes', 'No'], pays: '0.018', symbol: 'TST', until_ms: 1000 }

it('shows the question, what it pays, and its two choices as buttons', () => {
  const { title, options } = noticeOf(two, 999)
  expect(title).toBe('0.018 TST for an answer')
  expect(options).toMatchObject({ body: 'Is it spam?', tag: 'work', data: two, actions: [{ action: '0', title: 'Yes' }, { action: '1', title: 'No' }] })
})

it('shows no buttons where a push has none, and no question of a project', () => {
  expect(noticeOf({ ...two, choices: undefined }, 0).options.actions).toEqual([])
  expect(noticeOf({ ...two, choices: ['a', 'b', 'c'] }, 0).options.actions).toEqual([])
  expect(noticeOf({ wake: 'w', pays: '1', symbol: 'TST', until_ms: 9 }, 0).options.body).toBe('There are questions for you.')
})

it.each([['too late', two, 1000], ['unreadable', undefined, 0]])('shows of one that is %s that there may be something', (_, pushed, now) => {
  expect(noticeOf(pushed, now)).toMatchObject({ title: 'TaskNet', options: { tag: 'work', silent: true, data: {} } })
})

it('reads what the server writes, and nothing else', () => {
  expect(pushedOf(JSON.stringify(two))).toEqual(two)
  for (const text of [undefined, '', 'null', '7', '{}', '{"wake":1,"until_ms":2}']) expect(pushedOf(text)).toBeUndefined()
})

it('tells of an address that changes beside the notification of questions, and leads there', () => {
  const moves = pushedOf('{"wake":"wak_1","notice":"address","until_ms":9}')
  const { title, options } = noticeOf(moves, 8)
  expect(title).toBe('Your pay goes to another address.')
  expect(options).toMatchObject({ body: 'Was it not you? Tap, and cancel it or change it back.', tag: 'address', data: moves })
  expect(pathOf(moves!)).toBe('/key/payout')
})

it('leads to the question', () => {
  expect(pathOf(two)).toBe('/?question=q_1')
  expect(pathOf({})).toBe('/')
})

it.each([['0', 0], ['1', 1], ['', undefined], ['2', undefined]])('button %j is choice %j', (action, want) => expect(choiceOf(two, action)).toBe(want))
it('has no choice where there are no buttons', () => expect(choiceOf({ wake: 'w' }, '0')).toBeUndefined())
