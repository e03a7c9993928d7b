import { expect, it } from 'vitest'
import { oldSince, worth } from './worth'

it('says what an amount is worth, never more', () => {
  const worthOf = (micros: bigint, per_token: string, currency = 'EUR') => worth(micros, { currency, per_token }, 'en')
  expect(worthOf(4_820_000n, '0.93')).toBe('about €4.48') // 4.4826
  expect(worthOf(1_000_000n, '0.999999')).toBe('about €0.99')
  expect(worthOf(1_000_000n, '155', 'JPY')).toBe('about ¥155')
  expect(worthOf(900_000n, '1.1', 'JPY')).toBe('under ¥1')
  expect(worthOf(10_000n, '0.93')).toBe('under €0.01')
  expect(worthOf(0n, '0.93')).toBe('about €0.00')
  expect(worthOf(9_000_000_000_000n, '0.000000000001')).toBe('under €0.01')
  expect(worthOf(123_456_789_000_000n, '2')).toBe('about €246,913,578.00')
})

it('knows an old rate by the server’s word or by its time', () => {
  const at = '2026-11-22T09:00:00.000Z'
  const now = Date.parse(at)
  const rate = { currency: 'EUR', per_token: '0.93', at }
  expect(oldSince(rate, now + 3600_000)).toBeUndefined()
  expect(oldSince(rate, now + 3600_001)).toEqual(new Date(at))
  expect(oldSince({ ...rate, stale: true }, now)).toEqual(new Date(at))
  expect(oldSince({ currency: 'EUR', per_token: '0.93' }, now)).toBeUndefined()
})
