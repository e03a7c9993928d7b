import { frame as t } from '../../../language/en/frame'
import { spoken } from '../../../language/spoken'
import type { Rate } from '../../api/shared/wire'

const digits = 12
const staleMs = 3600_000

/** What micro-units of the token are worth, as people read sums of the currency, rounded down; "under" for less than the smallest coin. */
export function worth(micros: bigint, rate: Rate, locale = spoken.value.locale): string {
  const [whole, frac = ''] = rate.per_token.split('.')
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: rate.currency })
  const places = format.resolvedOptions().maximumFractionDigits ?? 2
  const coins = (micros * BigInt(whole! + frac.padEnd(digits, '0')) * 10n ** BigInt(places)) / 10n ** BigInt(digits + 6)
  const shown = (n: bigint) => format.format(Number(n) / 10 ** places)
  return coins === 0n && micros > 0n ? t('under', { sum: shown(1n) }) : t('about', { sum: shown(coins) })
}

/** When an old rate was read; undefined for one that is new, or was set. */
export function oldSince(rate: Rate, now = Date.now()): Date | undefined {
  if (!rate.at) return undefined
  const at = new Date(rate.at)
  return rate.stale || now - at.getTime() > staleMs ? at : undefined
}
