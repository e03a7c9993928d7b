import type { Earnings } from '../../api/shared/wire'
import { shown, sum } from '../../money/shared/amount'
import { asRespondent } from './session'

/** What the key on this device stands for, with its unit; nothing where that is nothing, or not known now. */
export async function worthHere(): Promise<string> {
  const money = await asRespondent<Earnings>('/v1/me/earnings').catch(() => undefined)
  const total = money ? sum(money.held, money.yours, money.in_epoch, money.on_chain) : 0n
  return total > 0n ? `${shown(total)} ${money!.symbol}` : ''
}
