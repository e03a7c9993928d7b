import { describe, expect, it } from 'vitest'
import { fee, hold, micro, plain, shown, sum, typed } from './amount'

describe('amounts', () => {
  it.each([
    ['0', 0n],
    ['0.018', 18_000n],
    ['-0.0027', -2_700n],
    ['9223372036854.775807', 9_223_372_036_854_775_807n],
  ])('reads and writes %s', (text, value) => {
    expect(micro(text)).toBe(value)
    expect(plain(value)).toBe(text)
  })
  it.each(['', '.5', '1.', '1e3', '0.0000001', '1,5', ' 1', '--1', '0x1'])('refuses %j', (text) => expect(() => micro(text)).toThrow(RangeError))
  it.each([
    ['0.02', '0.02'],
    ['0.018', '0.018'],
    ['5', '5.00'],
    ['0.5', '0.50'],
    ['0', '0.00'],
    ['0.1242', '0.1242'],
    ['1.159200', '1.1592'],
    ['498.999999', '498.999999'],
    ['-0.0027', '-0.0027'],
  ])('shows %s as %s', (text, want) => expect(shown(text)).toBe(want))
  it('reads what people type', () => {
    expect([' 0,018', '.5', '3.', '-1', '1.2.3', 'x', ''].map(typed)).toEqual([18_000n, 500_000n, 3_000_000n, undefined, undefined, undefined, undefined])
  })
  it('holds the most that a question can cost, its fee rounded down on each answer', () => {
    expect(fee(18_000n, 1500)).toBe(2_700n)
    expect(fee(7n, 1500)).toBe(1n)
    expect(hold(18_000n, 1500, 9)).toBe(186_300n)
    expect(hold(7n, 1500, 11)).toBe(88n)
  })
  it('adds', () => expect(sum('0.1', '0.2', '0.003')).toBe(303_000n))
})
