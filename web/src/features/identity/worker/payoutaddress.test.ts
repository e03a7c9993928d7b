import { describe, expect, it } from 'vitest'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { Instance, PayoutPlace } from '../../api/shared/wire'
import { addressOf, payoutAddressDigest, recover, walletSign } from '../../proof/shared/signatures'
import { bytes } from '../../proof/shared/bytes'
import type { Identity } from '../shared/identity'
import { accountOf, byBoth, byWallet, NotSigned, typedAddress, typedData, type Provider } from './payoutaddress'

const secret = secp256k1.utils.randomSecretKey()
const own = secp256k1.utils.randomSecretKey()
const who: Identity = { device: { key: '', secret: own }, wallet: { address: addressOf(secret), secret }, registration: { instance: '', respondent: 'rsp_a', expires: 0 } }
const at = { chain_id: 31337, instance: 'c1'.repeat(32) } as Instance
const place = { next: 3 } as PayoutPlace

/** A wallet that signs with a real key what it is given as typed data, and notes what it was asked. */
function wallet(change: { chain?: number; code?: (method: string) => number | undefined; sign?: (digest: Uint8Array) => string } = {}): Provider & { asked: string[] } {
  let chain = change.chain ?? at.chain_id
  const asked: string[] = []
  return {
    asked,
    request: ({ method, params = [] }) => {
      asked.push(method)
      const code = change.code?.(method)
      if (code !== undefined) return Promise.reject(Object.assign(new Error('no'), { code }))
      if (method === 'eth_requestAccounts') return Promise.resolve([addressOf(own).toLowerCase()])
      if (method === 'eth_chainId') return Promise.resolve(`0x${chain.toString(16)}`)
      if (method === 'wallet_switchEthereumChain') return Promise.resolve(((chain = Number((params[0] as { chainId: string }).chainId)), null))
      const { domain, message } = JSON.parse(params[1] as string) as { domain: { chainId: number; salt: string }; message: Parameters<typeof payoutAddressDigest>[2] }
      const digest = payoutAddressDigest(domain.chainId, domain.salt.slice(2), message)
      return Promise.resolve((change.sign ?? ((d) => `0x${walletSign(own, d)}`))(digest))
    },
  }
}

const digest = (to: string) => payoutAddressDigest(at.chain_id, at.instance, { respondent: 'rsp_a', wallet: who.wallet.address, to, number: 3 })

describe('a payout address', () => {
  it('is signed by the wallet, and proven when it is the wallet itself', () => {
    const to = addressOf(own)
    const change = byWallet(who, at, place, to)
    expect(change).toEqual({ to, number: 3, signature: walletSign(secret, digest(to)) })
    const back = byWallet(who, at, place, who.wallet.address)
    expect(back.proof).toBe(back.signature)
    expect(recover(digest(back.to), back.signature)).toBe(who.wallet.address)
  })
  it('is signed by a wallet of the browser’s too, on the right chain', async () => {
    const theirs = wallet({ chain: 1 })
    const account = await accountOf(theirs)
    expect(account).toBe(addressOf(own))
    const change = await byBoth(who, at, place, theirs, account)
    expect(recover(digest(account), change.proof!)).toBe(account)
    expect(recover(digest(account), change.signature)).toBe(who.wallet.address)
    expect(theirs.asked).toEqual(['eth_requestAccounts', 'eth_chainId', 'wallet_switchEthereumChain', 'eth_signTypedData_v4'])
    const low = wallet({ sign: (d) => `0x${walletSign(own, d).replace(/1b$/, '00').replace(/1c$/, '01').toUpperCase()}` })
    expect((await byBoth(who, at, place, low, account)).proof).toBe(walletSign(own, digest(account)))
    expect(low.asked).not.toContain('wallet_switchEthereumChain')
  })
  it('is not taken when the wallet declines, or signs something else', async () => {
    const account = addressOf(own)
    const words = (p: Promise<unknown>) => p.then(() => 'signed', (e: unknown) => (e instanceof NotSigned ? e.message : 'another error'))
    const refuses = (method: string, code: number) => wallet({ chain: 1, code: (m) => (m === method ? code : undefined) })
    expect(await words(accountOf(refuses('eth_requestAccounts', 4001)))).toContain('You declined')
    expect(await words(accountOf({ request: () => Promise.resolve([]) }))).toContain('gave no account')
    expect(await words(byBoth(who, at, place, refuses('wallet_switchEthereumChain', 4902), account))).toContain('does not know the chain')
    expect(await words(byBoth(who, at, place, refuses('eth_signTypedData_v4', -32603), account))).toContain('did not do it')
    for (const sign of [() => '0x', (d: Uint8Array) => walletSign(secret, d), () => walletSign(own, bytes('00'.repeat(32)))]) {
      expect(await words(byBoth(who, at, place, wallet({ sign }), account))).toContain('not its signature')
    }
  })
  it('is shown to the wallet as what is hashed', () => {
    expect(typedData(at, { respondent: 'rsp_a', wallet: '0x1', to: '0x2', number: 3 })).toMatchObject({
      primaryType: 'PayoutAddress', domain: { name: 'TaskNet', version: '1', chainId: 31337, salt: `0x${at.instance}` }, message: { respondent: 'rsp_a', number: 3 },
    })
  })
  it('is read as people write it, but not with a wrong letter', () => {
    const good = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
    for (const text of [good, ` ${good} `, good.toLowerCase(), `0x${good.slice(2).toUpperCase()}`]) expect(typedAddress(text)).toBe(good)
    for (const text of ['', '0x', good.slice(0, -1), good.slice(2), good.replace('5aAe', '5AAe'), `${good}0`]) expect(typedAddress(text)).toBeUndefined()
  })
})
