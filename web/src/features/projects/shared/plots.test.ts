import { expect, it } from 'vitest'
import { interval, placeOf, scale, shares, span, ticks } from './plots'

it('draws lines at round values, the last at or past the largest', () => {
  expect(ticks(875)).toEqual([0, 500, 1000])
  expect(ticks(900)).toEqual([0, 500, 1000])
  expect(ticks(3)).toEqual([0, 1, 2, 3])
  expect(ticks(7)).toEqual([0, 5, 10])
  expect(ticks(1)).toEqual([0, 1])
  for (const largest of [1, 4, 7, 11, 23, 49, 51, 999]) expect(ticks(largest).at(-1)).toBeGreaterThanOrEqual(largest)
  expect(ticks(0)).toEqual([0, 1])
})

it('knows how little few say (Wilson 1927, by Brown, Cai and DasGupta 2001)', () => {
  const near = (got: { low: number; high: number }, low: number, high: number) => expect([got.low.toFixed(3), got.high.toFixed(3)]).toEqual([low.toFixed(3), high.toFixed(3)])
  near(interval(0, 10), 0, 0.278)
  near(interval(8, 10), 0.49, 0.943)
  near(interval(10, 10), 0.722, 1)
  expect(interval(0, 0)).toEqual({ low: 0, high: 1 })
})

it('puts values where they belong', () => {
  const at = scale([0.5, 1], [188, 18])
  expect([at(0.5), at(0.75), at(1)]).toEqual([188, 103, 18])
  expect(shares([1, 3])).toEqual([0.25, 0.75])
  expect(shares([0, 0])).toEqual([0, 0])
})

it('finds the place of a value among bars of different reach', () => {
  const bars = [
    { from: 0, to: 1, count: 3 },
    { from: 1, to: 2, count: 0 },
    { from: 2, to: 600, count: 9 },
  ]
  expect([0, 0.5, 1, 1.5, 301, 600, 900].map((v) => placeOf(bars, v))).toEqual([0, 0.5, 1, 1.5, 2.5, 3, 3])
  expect([span(bars[1]!), span({ from: 41, to: 82, count: 0 })]).toEqual(['1', '41–81'])
})
