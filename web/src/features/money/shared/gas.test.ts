import { expect, it } from 'vitest'
import { whoPaysGas } from './gas'

it('the gas is the operator’s where all are relayed, and no more than a share of the sum elsewhere', () => {
  expect(whoPaysGas(0)).toBe('TaskNet pays the gas.')
  expect(whoPaysGas(250)).toMatch(/^TaskNet pays the gas when that costs at most 2\.5 % of the sum\. A smaller sum waits/)
})
