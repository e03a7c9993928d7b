import type { EpochTree } from '../../api/shared/wire'
import { headerHash } from '../../payouts/shared/tree'
import { day, clock } from '../../frame/shared/words'
import { Told } from './told'
import type { Vault } from './vault'

const address = /^0x[0-9a-fA-F]{40}$/

/** Reads an epoch's file: what `tasknet exit save` writes, and GET /v1/records/epochs/N/tree gives. */
export function readFile(name: string, text: string): EpochTree {
  let tree: Partial<EpochTree> | null
  try {
    tree = JSON.parse(text) as Partial<EpochTree> | null
  } catch {
    throw new Told(`${name} is not the file of an epoch. Those that are wanted are named epoch-N.json.`)
  }
  const { chain_id, vault, token, epoch, payouts, accounts } = tree ?? {}
  const whole = Number.isSafeInteger(chain_id) && address.test(vault ?? '') && Number.isInteger(token?.decimals) && token!.decimals >= 6 && token!.decimals <= 18
  if (!whole || !Number.isSafeInteger(epoch?.number) || !Array.isArray(payouts) || !Array.isArray(accounts)) {
    throw new Told(`${name} is not the file of an epoch. Those that are wanted are named epoch-N.json.`)
  }
  if (!epoch!.header) throw new Told(`${name} is of epoch ${epoch!.number}, which had no root yet when it was saved.`)
  return tree as EpochTree
}

/** Reads several files, by epoch: those that are of one, and what is wrong with each of the others. */
export async function readFiles(files: { name: string; text: () => Promise<string> }[]): Promise<{ trees: EpochTree[]; faults: string[] }> {
  const read = await Promise.all(
    files.map(async (f) => {
      const text = await f.text().catch(() => undefined)
      if (text === undefined) return `${f.name} could not be read. Choose it again.`
      try {
        return readFile(f.name, text)
      } catch (error) {
        if (error instanceof Told) return error.message
        throw error
      }
    }),
  )
  return { trees: read.filter((r) => typeof r !== 'string').sort((a, b) => a.epoch.number - b.epoch.number), faults: read.filter((r) => typeof r === 'string') }
}

/** The file of the root in force; undefined before the first. Told what is to be done when it is not among the files. */
export function inForce(files: EpochTree[], { address, chain, epoch, header, pending }: Vault): EpochTree | undefined {
  const ours = files.filter((f) => f.chain_id === chain && f.vault.toLowerCase() === address.toLowerCase())
  if (files.length > 0 && ours.length === 0) throw new Told(`The files are of the vault ${files[0]!.vault} on chain ${files[0]!.chain_id}, not of this one on chain ${chain}.`)
  if (epoch === 0) return undefined
  const found = ours.find((f) => f.epoch.number === epoch)
  if (found) {
    const hash = hashOf(found)
    if (hash === header) return found
    throw new Told(`The header in the file of epoch ${epoch} is not the one in force: its hash is ${hash}, the vault’s is ${header}. Get the file from somebody else.`)
  }
  const waiting = ours.find((f) => f.epoch.number === pending?.epoch)
  if (waiting && pending) {
    const when = pending.blocked ? 'It is blocked, and has to be judged first.' : `It is in force from ${moment(pending.from)} on, if nobody blocks it.`
    throw new Told(`The root of epoch ${pending.epoch} is not in force yet. ${when} Until then the file of epoch ${epoch} is wanted: epoch-${epoch}.json.`)
  }
  throw new Told(`The root in force is of epoch ${epoch}: its file is wanted, epoch-${epoch}.json. Whoever keeps the public records has it.`)
}

function hashOf({ epoch }: EpochTree): string {
  try {
    return headerHash(epoch.number, epoch.header!)
  } catch {
    return 'none'
  }
}

/** A time on the chain as people read it, in seconds. */
export function moment(seconds: number): string {
  const at = new Date(seconds * 1000)
  return `${day(at)} ${at.getFullYear()}, ${clock(at)}`
}

/** A reference as the vault has it: an organisation's id in ASCII, filled up with zeros; or 32 bytes in hex. */
export function referenceOf(typed: string): Uint8Array | undefined {
  const text = typed.trim()
  const digits = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text)?.[1]
  if (digits) return Uint8Array.from({ length: 32 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16))
  if (!/^org_[0-9a-z]{1,28}$/.test(text)) return undefined
  const reference = new Uint8Array(32)
  new TextEncoder().encodeInto(text, reference)
  return reference
}
