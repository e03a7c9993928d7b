import { micro } from '../../money/shared/amount'
import type { Payout } from '../../api/shared/wire'
import { bytes, hex } from './bytes'
import { payoutLeaf, payoutRoot } from './merkle'

/** Whether a payout's proof leads from its address and cumulative amount to its root. */
export function isPayoutUnderRoot(payout: Payout, decimals: number): boolean {
  try {
    const units = micro(payout.cumulative) * 10n ** BigInt(decimals - 6)
    const root = payoutRoot(payoutLeaf(payout.address, units), payout.proof.map((h) => bytes(h, 32)))
    return hex(root) === payout.root.replace(/^0x/, '').toLowerCase()
  } catch {
    return false
  }
}
