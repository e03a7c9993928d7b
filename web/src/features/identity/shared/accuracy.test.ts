import { expect, it } from 'vitest'
import { marks, percent } from './accuracy'

const week = (week: string, right: number, known: number, low: string, high: string) => ({ week, right, known, low, high })

it('puts weeks at their times, and shares and what they may really be at their heights', () => {
  expect(marks([week('2026-11-02', 4, 4, '0.5', '1'), week('2026-11-09', 0, 2, '0', '0.6576'), week('2026-11-30', 1, 2, '0.0945', '0.9055')])).toEqual([
    { x: 8, y: 14, top: 14, bottom: 74 },
    { x: 91.5, y: 134, top: 55.1, bottom: 134 },
    { x: 342, y: 74, top: 25.3, bottom: 122.7 },
  ])
})

it('draws a single week in the middle, and nothing of none', () => {
  expect(marks([week('2026-11-02', 1, 2, '0', '1')])).toEqual([{ x: 175, y: 74, top: 14, bottom: 134 }])
  expect(marks([])).toEqual([])
})

it('writes whole percents', () => expect([percent('0.8549'), percent(1)]).toEqual(['85%', '100%']))
