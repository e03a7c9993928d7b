import { hex } from '../../proof/shared/bytes'
import { returned, selector } from './abi'
import { moment } from './files'
import { RpcError, type Provider } from './provider'
import { Told } from './told'
import type { Call } from './vault'

/** Sends a call from a wallet's account, after a try that costs nothing, and waits until it is in a block. Returns its transaction. */
export async function send(wallet: Provider, from: string, call: Call, pollMs = 1000): Promise<string> {
  const asked = { from, to: call.to, data: call.data }
  const said = async <T>(body: () => Promise<unknown>): Promise<T> => {
    try {
      return (await body()) as T
    } catch (error) {
      throw error instanceof RpcError ? new Told(explained(error)) : error
    }
  }
  await said(() => wallet.request({ method: 'eth_call', params: [asked, 'latest'] }))
  const tx = await said<string>(() => wallet.request({ method: 'eth_sendTransaction', params: [asked] }))
  for (;;) {
    const receipt = await said<{ status: string } | null>(() => wallet.request({ method: 'eth_getTransactionReceipt', params: [tx] }))
    if (receipt?.status === '0x1') return tx
    if (receipt) throw new Told(`The transaction ${tx} failed on chain; nothing was moved. Look at what the vault says now, and try again.`)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

// The errors of the vault that a person can meet, by their signatures; an argument is the word that the sentence needs.
const reverts: { [signature: string]: (first: bigint) => string } = {
  'VaultNotInForce(uint64)': () => 'Another root is in force by now. Its file is wanted.',
  'VaultBadProof()': () => 'The proof does not lead to the root in force. Get the file from somebody else.',
  'VaultNothingToClaim(address)': () => 'Nothing is left: all that the root gives was claimed.',
  'VaultOverpaid(uint256,uint256)': () => 'The root’s leaves are more than its total, so the vault pays none of them any more.',
  'VaultNoAccount(bytes32)': () => 'Nothing was ever deposited by this account under this reference.',
  'VaultNotice(uint64)': (given) => (given === 0n ? 'This needs a notice, and none stands.' : `Notice stands already, since ${moment(Number(given))}.`),
  'VaultTooEarly(uint256)': (until) => `The notice is not over. Withdraw from ${moment(Number(until))} on.`,
  'VaultNothingToWithdraw(uint256,uint256)': () => 'Nothing is left: all was spent or withdrawn.',
  'VaultUnderfunded(uint256,uint256)': () => 'A root that is not in force yet needs this money. Try again when it is in force or void.',
  'VaultBadAddress(address)': () => 'The vault does not pay to this address.',
}

/** What is wrong, and what to do, in words. */
export function wordsFor(error: unknown): string {
  if (error instanceof Told) return error.message
  if (error instanceof RpcError) return explained(error)
  return `This page failed at something that it should not have (${error instanceof Error ? error.message : 'unknown'}).`
}

/** What a refusal means. */
function explained({ code, message, data }: RpcError): string {
  if (code === 4001) return 'You refused it in the wallet. Nothing was sent.'
  const name = data?.slice(2, 10).toLowerCase()
  for (const [signature, sentence] of Object.entries(reverts)) {
    if (hex(selector(signature)) === name) return sentence(returned(`0x${data!.slice(10)}`)[0] ?? 0n)
  }
  return `The chain refused it: ${message}`
}
