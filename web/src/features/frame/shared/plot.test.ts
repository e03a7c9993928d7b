import { expect, it } from 'vitest'
import { plotBars } from './plot'

it('draws days to the height of the highest', () => {
  expect(plotBars([0n, 50n, 100n])).toEqual([
    { x: 0, y: 120, height: 2 },
    { x: 171.5, y: 73, height: 49 },
    { x: 343, y: 24, height: 98 },
  ])
})
it('draws nothing earned as dashes', () => expect(plotBars([0n, 0n]).map((b) => b.height)).toEqual([2, 2]))
it('draws one day, and none', () => {
  expect(plotBars([7n])).toEqual([{ x: 0, y: 24, height: 98 }])
  expect(plotBars([])).toEqual([])
})
