import { expect, test } from 'vitest'
import type { Estimate } from '../../api/shared/money'
import { foretold, refused } from './foretold'

const sure: Estimate = {
  tasks: 1000, price: '0.02', fee: '0.003', symbol: 'tUSD',
  each: { low: 2, expected: '3.250', high: 6, basis: 'organisation', questions: 80 },
  all: { low: 3100, expected: 3250, high: 3400 },
  cost: { low: '71.3', expected: '74.75', high: '78.2', most: '230' },
  pace: { known: true, answers_per_hour: '120.000', seconds: 97_500 },
  fair_pay: { basis: 'organisation', answers: 260, seconds_per_answer: '7.250', pays_per_hour: '9.931034', fair: true },
}

test('an estimate says on what it stands, and never more than it knows', () => {
  expect(foretold(sure)).toEqual([
    '1,000 tasks: about 3,250 answers, mostly 3,100 to 3,400 (as your closed questions of this kind took).',
    'About 74.75 tUSD with the fee, mostly 71.30 to 78.20, and never over 230.00.',
    'At the pace of the last days, done in about 27 h.',
    'It pays about 9.931034 tUSD for an hour’s work, at 7.3 s an answer.',
  ])
  const fixed = { ...sure, tasks: 1, each: { low: 3, expected: '3.000', high: 3, basis: 'policy', questions: 0 }, all: { low: 3, expected: 3, high: 3 }, cost: { ...sure.cost, most: sure.cost.expected }, pace: { known: false }, fair_pay: { basis: 'nothing', answers: 0, fair: true } } as Estimate
  expect(foretold(fixed)).toEqual([
    '1 task: 3 answers, as the rule asks for. That costs 74.75 tUSD with the fee.',
    'How long it takes is not known: too few questions of this kind have closed lately.',
  ])
  expect(foretold({ ...fixed, cost: sure.cost })[0]).toBe('1 task: 3 answers, as the rule asks for. That costs 74.75 tUSD with the fee, and never over 230.00.')
  expect(refused(fixed)).toBeUndefined()
  expect(foretold({ ...sure, tasks: 3, given: 1 }, true)[0]).toBe('3 open tasks: about 3,250 more answers, mostly 3,100 to 3,400 (as your closed questions of this kind took).')
  expect(foretold({ ...fixed, given: 2 }, true)[0]).toBe('1 open task: 3 more answers, as the rule asks for. That costs 74.75 tUSD with the fee.')
})

test('a price that would be refused is told with the least', () => {
  const low = { ...sure, fair_pay: { ...sure.fair_pay, floor_per_hour: '12', least_price: '0.024167', fair: false } }
  expect(refused(low)).toBe('This server takes no price that pays less than 12.00 tUSD for an hour’s work. For such an answer that is 0.024167 tUSD.')
})
