import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { noteServerTime, serverNow, skew } from './clock'

const day = 86_400_000
const here = Date.parse('2026-11-22T12:00:00Z')
const at = (ms: number) => new Date(ms).toUTCString()

beforeEach(() => {
  vi.useFakeTimers({ now: here })
  skew.set(0)
})
afterEach(() => vi.useRealTimers())

it.each([
  ['a day ahead', day],
  ['a day behind', -day],
])('gives the time of a server that is %s', (_, by) => {
  noteServerTime(at(here + by), here - 500, here + 500)
  expect(Math.abs(serverNow() - here - by)).toBeLessThan(1000)
})

it.each([
  ['a second', 1000, 0],
  ['what a slow network explains', 25_000, 20_000],
])('trusts this clock when it differs by %s', (_, by, took) => {
  noteServerTime(at(here + by), here - took, here)
  expect(serverNow()).toBe(here)
})

it('does not move with every response', () => {
  noteServerTime(at(here + day), here, here)
  const first = skew.value
  noteServerTime(at(here + day + 1000), here, here)
  expect(skew.value).toBe(first)
})

it('follows a clock that was set right', () => {
  noteServerTime(at(here + day), here, here)
  noteServerTime(at(here), here, here)
  expect(skew.value).toBe(0)
})

it.each([null, '', 'tomorrow'])('learns nothing from %j', (date) => {
  noteServerTime(date, here, here)
  expect(skew.value).toBe(0)
})
