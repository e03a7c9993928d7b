import { describe, expect, it } from 'vitest'
import type { Payout } from '../../api/shared/wire'
import { hex } from './bytes'
import { payoutLeaf, payoutRoot } from './merkle'
import { isPayoutUnderRoot } from './payout'

const address = '0x1111111111111111111111111111111111111111'
const other = '0x2222222222222222222222222222222222222222'

describe('payout proofs', () => {
  it('have the leaf and the root of the example in OpenZeppelin’s merkle-tree', () => {
    // Two leaves, [address, 5e18] and [address, 2.5e18]: the root is the one printed in that package's documentation.
    const a = payoutLeaf(address, 5_000_000_000_000_000_000n)
    const b = payoutLeaf(other, 2_500_000_000_000_000_000n)
    expect(`0x${hex(payoutRoot(a, [b]))}`).toBe('0xd4dee0beab2d53f2cc83e567171bd2820e49898130a22622b10ead383e90bd77')
    expect(hex(payoutRoot(b, [a]))).toBe(hex(payoutRoot(a, [b])))
  })
  const sibling = payoutLeaf(other, 7_000_000n)
  const root = payoutRoot(payoutLeaf(address, 54_000n), [sibling])
  const payout: Payout = { epoch: 1, state: 'settled', address, amount: '0.018', cumulative: '0.054', claimed: true, root: `0x${hex(root)}`, proof: [`0x${hex(sibling)}`], at: '' }
  it('hold in the token’s base units', () => {
    expect(isPayoutUnderRoot(payout, 6)).toBe(true)
    expect(isPayoutUnderRoot(payout, 18)).toBe(false)
  })
  it.each([
    ['amount', { cumulative: '0.055' }],
    ['address', { address: other }],
    ['proof', { proof: [] }],
    ['proof’s form', { proof: ['0xzz'] }],
    ['root', { root: `0x${'0'.repeat(64)}` }],
  ])('fail with another %s', (_, change) => expect(isPayoutUnderRoot({ ...payout, ...change }, 6)).toBe(false))
})
