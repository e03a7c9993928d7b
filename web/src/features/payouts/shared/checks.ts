import type { EpochTree } from '../../api/shared/wire'
import { micro } from '../../money/shared/amount'
import { hex } from '../../proof/shared/bytes'
import { payoutLeaf } from '../../proof/shared/merkle'
import { accountOf, headerHash, spendingLeaf, treeOf } from './tree'

export type CheckName = 'header' | 'payouts' | 'spending'

export interface Check {
  name: CheckName
  /** How much was checked. */
  found: string
  /** The first thing that does not fit; absent when all does. */
  fault?: string
}

/** Thrown by a check at the first thing that does not fit. */
class Fault extends Error {}

/** Recomputes an epoch's hashes and sums from its leaves. */
export function check(tree: EpochTree): Check[] {
  const { epoch, token } = tree
  const header = epoch.header
  if (!header) return []
  const unit = 10n ** BigInt(token.decimals - 6)
  const fits = (what: string, expected: string, got: string) => {
    if (bare(expected) !== bare(got)) throw new Fault(`The ${what} should be ${expected}, and is ${got}.`)
  }
  const run = (name: CheckName, found: string, body: () => void): Check => {
    try {
      body()
      return { name, found }
    } catch (e) {
      return { name, found: 'no', fault: e instanceof Fault ? e.message : 'What the server sent cannot be read.' }
    }
  }
  return [
    run('header', 'equal', () => fits('header’s hash', headerHash(epoch.number, header), header.hash)),
    run('payouts', String(tree.payouts.length), () => {
      const sums = tree.payouts.map((p) => micro(p.cumulative) * unit)
      const root = treeOf(tree.payouts.map((p, i) => payoutLeaf(p.address, sums[i]!)))[0]
      fits('root of all payouts', root ? hex(root) : zero, header.payouts)
      fits('sum of all payouts', total(sums), header.total)
      if (new Set(tree.payouts.map((p) => bare(p.address))).size !== tree.payouts.length) throw new Fault('An address stands in the tree twice.')
    }),
    run('spending', String(tree.accounts.length), () => {
      const sums = tree.accounts.map((a) => micro(a.spent) * unit)
      tree.accounts.forEach((a) => fits(`account of ${a.owner}`, hex(accountOf(a.owner, a.reference)), a.account))
      const root = treeOf(tree.accounts.map((a, i) => spendingLeaf(accountOf(a.owner, a.reference), sums[i]!)))[0]
      fits('root of what was spent', root ? hex(root) : zero, header.spending)
      fits('sum of what was spent', total(sums), header.spent)
      if (BigInt(header.total) > BigInt(header.spent)) throw new Fault('More is paid than was spent.')
    }),
  ]
}

const zero = '0'.repeat(64)

function total(sums: bigint[]): string {
  return sums.reduce((a, b) => a + b, 0n).toString()
}

/** A hash or an address without its prefix, in lower case. */
function bare(text: string): string {
  return text.replace(/^0x/, '').toLowerCase()
}
