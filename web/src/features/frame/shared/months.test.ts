import { expect, it, test } from 'vitest'
import { lastMonths, monthName, monthOf, months } from './months'

it('is of UTC', () => {
  expect(monthOf(Date.UTC(2026, 10, 30, 23, 59, 59, 999))).toBe('2026-11')
  expect(monthOf(Date.UTC(2026, 11, 1))).toBe('2026-12')
  expect(monthName('2026-12')).toBe('December 2026')
})

it.each<[string, string, string[]]>([
  ['2026-11', '2026-11', ['2026-11']],
  ['2025-12', '2026-02', ['2026-02', '2026-01', '2025-12']],
  ['2027-01', '2026-11', ['2026-11']], // a phone whose clock is behind
])('from %s to %s', (since, until, want) => expect(months(since, until)).toEqual(want))

test('the last months go back over the turn of the year, by UTC', () => {
  expect(lastMonths(3, new Date('2026-01-31T23:30:00-05:00'))).toEqual(['2026-02', '2026-01', '2025-12'])
  expect(lastMonths(1, new Date('2026-11-30T12:00:00Z'))).toEqual(['2026-11'])
})
