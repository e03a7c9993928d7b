import { decimal, latinDigits } from '../../../language/format'
import type { Amount } from '../../api/shared/wire'

const microPerToken = 1_000_000n

/** An amount of the API, "0.018", in micro-units. Throws RangeError for anything else. */
export function micro(amount: Amount): bigint {
  const parts = /^(-?)(\d{1,13})(?:\.(\d{1,6}))?$/.exec(amount)
  if (!parts) throw new RangeError(`not an amount: ${amount}`)
  const value = BigInt(parts[2]!) * microPerToken + BigInt((parts[3] ?? '').padEnd(6, '0'))
  return parts[1] ? -value : value
}

/** What a person typed, in micro-units, or undefined. A comma is a decimal point for half of the world. */
export function typed(text: string): bigint | undefined {
  try {
    const value = micro(latinDigits(text.trim()).replace(',', '.').replace(/^\./, '0.').replace(/\.$/, ''))
    return value < 0n ? undefined : value
  } catch {
    return undefined
  }
}

/** The amount as the API writes it: no trailing zeros, no point without digits after it. */
export function plain(value: bigint): Amount {
  const digits = (value < 0n ? -value : value).toString().padStart(7, '0')
  const frac = digits.slice(-6).replace(/0+$/, '')
  return (value < 0n ? '-' : '') + digits.slice(0, -6) + (frac && `.${frac}`)
}

/** The amount as people read it, everywhere: all of it, with at least two decimals. Nothing is rounded, so sums add up by eye. */
export function shown(value: bigint | Amount): string {
  const text = plain(typeof value === 'bigint' ? value : micro(value))
  const [whole, frac = ''] = text.split('.')
  return decimal(`${whole}.${frac.padEnd(2, '0')}`)
}

/** The sum of amounts. */
export function sum(...amounts: Amount[]): bigint {
  return amounts.reduce((total, amount) => total + micro(amount), 0n)
}

/** The operator's fee on one answer, rounded down to the micro-unit. */
export function fee(price: bigint, basisPoints: number): bigint {
  return (price * BigInt(basisPoints)) / 10_000n
}

/** What is set aside for a question of at most max answers. */
export function hold(price: bigint, basisPoints: number, max: number): bigint {
  return BigInt(max) * (price + fee(price, basisPoints))
}
