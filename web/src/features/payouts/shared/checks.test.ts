import { describe, expect, it } from 'vitest'
import type { EpochTree } from '../../api/shared/wire'
import headers from '../../../../../rewards/merkle/testdata/header.json'
import spending from '../../../../../rewards/merkle/testdata/spending.json'
import { bytes, hex } from '../../proof/shared/bytes'
import { payoutLeaf, payoutRoot } from '../../proof/shared/merkle'
import { check } from './checks'
import { find } from './find'
import { accountOf, headerHash, proofOf, spendingLeaf, treeOf } from './tree'

const address = (i: number) => `0x${i.toString(16).padStart(40, '0')}`

describe('trees of an epoch', () => {
  it.each(headers)('hash the header “$name” as the vault does', ({ epoch, payouts, spending, verdicts, total, spent, through, logRoot, logSize, hash }) => {
    expect(`0x${headerHash(epoch, { hash: '', payouts, spending, verdicts, total, spent, through, log_root: logRoot, log_size: logSize })}`).toBe(hash)
  })
  it('hash what accounts have spent as the vault does', () => {
    const leaves = spending.leaves.map((l) => {
      expect(`0x${hex(accountOf(l.owner, l.ref))}`).toBe(l.account)
      const leaf = spendingLeaf(bytes(l.account, 32), BigInt(l.cumulative))
      expect(`0x${hex(leaf)}`).toBe(l.leaf)
      return leaf
    })
    expect(`0x${hex(treeOf(leaves)[0]!)}`).toBe(spending.root)
  })
  it.each([1, 2, 3, 7, 8, 33])('prove each of %d leaves', (n) => {
    const leaves = Array.from({ length: n }, (_, i) => payoutLeaf(address(i + 1), BigInt(i)))
    const nodes = treeOf(leaves)
    leaves.forEach((leaf, i) => expect(hex(payoutRoot(leaf, proofOf(nodes, i)))).toBe(hex(nodes[0]!)))
  })
})

/** An epoch of three people that two accounts paid. */
function epoch(): EpochTree {
  const payouts = ['0.018', '0.036', '2'].map((cumulative, i) => ({ address: address(i + 1), cumulative }))
  const reference = `0x${'6f'.repeat(32)}`
  const accounts = ['2', '0.1'].map((spent, i) => {
    const owner = address(100 + i)
    return { account: `0x${hex(accountOf(owner, reference))}`, owner, reference, deposited: '5', withdrawn: '0', spent }
  })
  const unit = 10n ** 12n
  const header = {
    hash: '',
    payouts: hex(treeOf([18_000n, 36_000n, 2_000_000n].map((n, i) => payoutLeaf(address(i + 1), n * unit)))[0]!),
    spending: hex(treeOf([2_000_000n, 100_000n].map((n, i) => spendingLeaf(accountOf(address(100 + i), reference), n * unit)))[0]!),
    verdicts: '0'.repeat(64),
    total: String(2_054_000n * unit),
    spent: String(2_100_000n * unit),
    through: 7,
    log_root: '0'.repeat(64),
    log_size: 0,
  }
  header.hash = headerHash(3, header)
  return {
    chain_id: 1,
    vault: address(9),
    token: { address: address(8), symbol: 'T', decimals: 18 },
    epoch: { number: 3, state: 'settled', root: header.payouts, amount: '1', cumulative: '2.054', payees: 3, header, gas: 0, at: '' },
    payouts,
    accounts,
  }
}

describe('the checks of an epoch', () => {
  it('hold', () => expect(check(epoch()).map((c) => [c.name, c.found, c.fault])).toEqual([['header', 'equal', undefined], ['payouts', '3', undefined], ['spending', '2', undefined]]))
  it.each<[string, string, (t: EpochTree) => void]>([
    ['a sum', 'payouts', (t) => (t.payouts[1]!.cumulative = '0.037')],
    ['an address', 'payouts', (t) => (t.payouts[1]!.address = address(77))],
    ['a missing person', 'payouts', (t) => t.payouts.pop()],
    ['nobody', 'payouts', (t) => (t.payouts = [])],
    ['an amount that is none', 'payouts', (t) => (t.payouts[0]!.cumulative = 'much')],
    ['the total', 'payouts', (t) => (t.epoch.header!.total = '1')],
    ['what was spent', 'spending', (t) => (t.accounts[0]!.spent = '1.9')],
    ['an owner', 'spending', (t) => (t.accounts[0]!.owner = address(5))],
    ['the sum of it', 'spending', (t) => (t.epoch.header!.spent = '1')],
    ['the checkpoint', 'header', (t) => (t.epoch.header!.log_size = 1)],
    ['the number', 'header', (t) => (t.epoch.number = 4)],
  ])('find another %s', (_, name, change) => {
    const tree = epoch()
    change(tree)
    expect(check(tree).find((c) => c.name === name)?.fault).toBeTruthy()
  })
  it('find more pay than was spent, though all hashes are right', () => {
    const tree = epoch()
    const header = tree.epoch.header!
    tree.accounts = tree.accounts.slice(0, 1)
    header.spending = hex(treeOf([spendingLeaf(bytes(tree.accounts[0]!.account, 32), 2_000_000n * 10n ** 12n)])[0]!)
    header.spent = String(2_000_000n * 10n ** 12n)
    header.hash = headerHash(3, header)
    expect(check(tree).map((c) => c.fault)).toEqual([undefined, undefined, 'More is paid than was spent.'])
  })
  it('are none before there is a header', () => expect(check({ ...epoch(), epoch: { ...epoch().epoch, header: undefined } })).toEqual([]))
})

describe('a payout', () => {
  it('is found by its address, with a proof that holds', () => {
    const tree = epoch()
    const found = find(tree, ` ${address(2).toUpperCase().replace('0X', '0x')} `)!
    expect(found.cumulative).toBe('0.036')
    expect(hex(payoutRoot(payoutLeaf(found.address, found.baseUnits), found.proof.map((h) => bytes(h, 32))))).toBe(tree.epoch.header!.payouts)
  })
  it('is not found for a stranger', () => expect(find(epoch(), address(4))).toBeUndefined())
})
