import type { Instance } from '../../api/shared/wire'
import { erasureDigest, walletSign } from '../../proof/shared/signatures'
import type { Holder } from '../shared/identity'

/** What asks the server to erase a person, signed by their wallet: where it goes, and its body. Seconds are the server's. */
export function erasure(who: Holder, at: Instance, seconds: number): { path: string; body: { at: number; signature: string } } {
  const { respondent } = who.registration!
  const digest = erasureDigest(at.chain_id, at.instance, { respondent, wallet: who.wallet.address, at: seconds })
  return { path: `/v1/respondents/${respondent}/erasure`, body: { at: seconds, signature: walletSign(who.wallet.secret, digest) } }
}
