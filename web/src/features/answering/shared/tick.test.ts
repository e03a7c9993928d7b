import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { change } from '../../frame/shared/settings'
import { tick } from './tick'

let ticks: number
let still: boolean

beforeEach(() => {
  ticks = 0
  still = false
  vi.stubGlobal('navigator', { vibrate: () => ticks++ })
  vi.stubGlobal('matchMedia', () => ({ matches: still }))
  change({ tick: true })
})
afterEach(() => vi.unstubAllGlobals())

it('ticks once', () => {
  tick()
  expect(ticks).toBe(1)
})
it('is still when the person wants it so', () => {
  change({ tick: false })
  tick()
  expect(ticks).toBe(0)
})
it('is still where nothing is to move', () => {
  still = true
  tick()
  expect(ticks).toBe(0)
})
it('is still on a device that cannot', () => {
  vi.stubGlobal('navigator', {})
  tick()
  expect(ticks).toBe(0)
})
