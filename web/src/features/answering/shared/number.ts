import { latinDigits } from '../../../language/format'
import type { NumberRange } from '../../api/shared/wire'
import { widgets as t } from '../../../language/en/widgets'

// Numbers as decimal strings: what is typed, what is signed. Counted in whole steps of the last decimal, never as floats.

/** What a typed number comes to: the value to sign, or why there is none yet. */
export type Reading = { value: string; problem?: undefined } | { value?: undefined; problem: string }

/** Reads a typed number. A comma is a point; spaces that group digits do not count. */
export function read(text: string, range: NumberRange): Reading {
  const match = /^([+-]?)(\d*)(?:[.,](\d*))?$/.exec(latinDigits(text).replace(/[\s'’_]/g, '').replace('−', '-'))
  if (text.trim() === '') return { problem: t('fromTo', { from: range.min, to: told(range) }) }
  if (!match || (!match[2] && !match[3])) return { problem: t('digitsOnly') }
  const decimals = (match[3] ?? '').replace(/0+$/, '')
  if (decimals.length > range.decimals) return { problem: range.decimals === 0 ? t('wholeNumber') : t('decimals', { n: range.decimals }) }
  const steps = stepsOf(`${match[1] === '-' ? '-' : ''}${match[2] || '0'}.${decimals}`, range.decimals)
  if (steps < stepsOf(range.min, range.decimals)) return { problem: t('notUnder', { value: withUnit(range.min, range) }) }
  if (steps > stepsOf(range.max, range.decimals)) return { problem: t('notOver', { value: withUnit(range.max, range) }) }
  return { value: written(steps, range.decimals) }
}

function told(range: NumberRange): string {
  return withUnit(range.max, range)
}

function withUnit(value: string, range: NumberRange): string {
  return range.unit ? `${value} ${range.unit}` : value
}

/** A decimal string in steps of the last decimal. */
function stepsOf(value: string, decimals: number): bigint {
  const [whole = '0', part = ''] = value.replace('-', '').split('.')
  const steps = BigInt(whole + part.padEnd(decimals, '0').slice(0, decimals))
  return value.startsWith('-') ? -steps : steps
}

/** Steps as a decimal string without needless zeros. */
function written(steps: bigint, decimals: number): string {
  const digits = (steps < 0n ? -steps : steps).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const part = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${steps < 0n ? '-' : ''}${whole}${part ? `.${part}` : ''}`
}

/** What one press adds: a hundredth of the range, as 1, 2 or 5 with zeros, and at least the last decimal. */
export function stride(range: NumberRange): string {
  return written(strideSteps(range), range.decimals)
}

function strideSteps({ min, max, decimals }: NumberRange): bigint {
  const target = (stepsOf(max, decimals) - stepsOf(min, decimals)) / 100n
  for (let ten = 1n; ; ten *= 10n) {
    for (const of of [1n, 2n, 5n]) if (of * ten >= target) return of * ten
  }
}

/** The number after so many presses, on multiples of the stride and within the range. From nothing, it begins in the middle. */
export function step(text: string, range: NumberRange, presses: number): string {
  const { decimals } = range
  const [low, high] = [stepsOf(range.min, decimals), stepsOf(range.max, decimals)]
  const size = strideSteps(range)
  const down = (n: bigint) => (n >= 0n ? n / size : -((-n + size - 1n) / size)) * size
  const reading = read(text, range)
  if (reading.value === undefined) {
    const middle = down((low + high) / 2n)
    return written(middle < low ? low : middle, decimals)
  }
  const now = stepsOf(reading.value, decimals)
  const onGrid = presses < 0 && down(now) !== now ? down(now) + size : down(now)
  const then = onGrid + BigInt(presses) * size
  return written(then < low ? low : then > high ? high : then, decimals)
}
