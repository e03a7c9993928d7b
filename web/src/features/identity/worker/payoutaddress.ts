import type { ChangeAddress, Instance, PayoutPlace } from '../../api/shared/wire'
import { checksummed, payoutAddressDigest, recover, walletSign, type PayoutAddressStatement } from '../../proof/shared/signatures'
import type { Holder } from '../shared/identity'
import { identity as t } from '../../../language/en/identity'

// Sending one's pay to another address. The wallet on this device always signs; the new address, where its key can.

/** A wallet of the browser's, by EIP-1193. */
export interface Provider {
  request(call: { method: string; params?: unknown[] }): Promise<unknown>
}

/** Why a wallet did not sign, in words for its owner. */
export class NotSigned extends Error {}

/** An address that somebody typed, undefined when it is none or has a wrong letter: in mixed case it carries a checksum. */
export function typedAddress(text: string): string | undefined {
  const digits = text.trim()
  if (!/^0x[0-9a-fA-F]{40}$/.test(digits)) return undefined
  const address = checksummed(digits)
  const body = digits.slice(2)
  return digits === address || body === body.toLowerCase() || body === body.toUpperCase() ? address : undefined
}

/** The statement by this device's wallet alone, for an address whose key nobody shows; for the wallet itself that is proof enough. */
export function byWallet(who: Holder, at: Instance, place: PayoutPlace, to: string): ChangeAddress {
  const signature = walletSign(who.wallet.secret, payoutAddressDigest(at.chain_id, at.instance, statement(who, place, to)))
  return { to, number: place.next, signature, ...(same(to, who.wallet.address) && { proof: signature }) }
}

/** The account of a browser's wallet. */
export async function accountOf(wallet: Provider): Promise<string> {
  const accounts = await asked(wallet, 'eth_requestAccounts')
  const first = Array.isArray(accounts) && typeof accounts[0] === 'string' ? typedAddress(accounts[0]) : undefined
  if (!first) throw new NotSigned(t('noAccount'))
  return first
}

/** The statement signed by both keys: this device's wallet and an account of the browser's wallet. */
export async function byBoth(who: Holder, at: Instance, place: PayoutPlace, wallet: Provider, account: string): Promise<ChangeAddress> {
  const said = statement(who, place, account)
  await onChain(wallet, at.chain_id)
  const given = await asked(wallet, 'eth_signTypedData_v4', [account, JSON.stringify(typedData(at, said))])
  const proof = normal(typeof given === 'string' ? given : '')
  const digest = payoutAddressDigest(at.chain_id, at.instance, said)
  if (recover(digest, proof) !== account) throw new NotSigned(t('notItsSignature'))
  return { to: account, number: place.next, signature: walletSign(who.wallet.secret, digest), proof }
}

/** What a wallet shows before it signs. */
export function typedData(at: Instance, said: PayoutAddressStatement): object {
  const field = (type: string, name: string) => ({ name, type })
  return {
    types: {
      EIP712Domain: [field('string', 'name'), field('string', 'version'), field('uint256', 'chainId'), field('bytes32', 'salt')],
      PayoutAddress: [field('string', 'respondent'), field('address', 'wallet'), field('address', 'to'), field('uint64', 'number')],
    },
    primaryType: 'PayoutAddress',
    domain: { name: 'TaskNet', version: '1', chainId: at.chain_id, salt: `0x${at.instance}` },
    message: said,
  }
}

function statement(who: Holder, place: PayoutPlace, to: string): PayoutAddressStatement {
  return { respondent: who.registration!.respondent, wallet: who.wallet.address, to, number: place.next }
}

/** Wallets sign for the chain only that they are on. */
async function onChain(wallet: Provider, chain: number): Promise<void> {
  const id = `0x${chain.toString(16)}`
  if (Number(await asked(wallet, 'eth_chainId')) === chain) return
  await asked(wallet, 'wallet_switchEthereumChain', [{ chainId: id }])
}

const declined = 4001
const unknownChain = 4902

async function asked(wallet: Provider, method: string, params?: unknown[]): Promise<unknown> {
  try {
    return await wallet.request({ method, params })
  } catch (error) {
    const code = (error as { code?: number } | undefined)?.code
    if (code === declined) throw new NotSigned(t('declined'))
    if (code === unknownChain) throw new NotSigned(t('unknownChain'))
    throw new NotSigned(t('walletFailed'))
  }
}

/** Some wallets write the last byte as 0 or 1. */
function normal(signature: string): string {
  const digits = signature.replace(/^0x/, '').toLowerCase()
  const v = parseInt(digits.slice(128), 16)
  return v < 27 ? digits.slice(0, 128) + (27 + v).toString(16) : digits
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
