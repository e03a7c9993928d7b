import { keep, kept } from '../../../outbox/database'
import { keepReceipt, receipts, type Logged, type Receipted } from '../../../outbox/answers'
import { open } from '../../api/shared/http'
import { bytes } from '../../proof/shared/bytes'
import { goodAt, serverKeys, type Stated } from '../../proof/shared/serverkeys'
import type { Anchor } from './anchor'
import { checkpoint, type Checkpoint } from './checkpoint'
import { consistent, Tree, type ReadFile } from './tree'

/** The newest checkpoint that this device has seen and found right, with the key that it was signed by: the first that it was told, or one that came after it by its word. */
export interface Seen {
  instance: string
  key: string
  raw: string
}

/** What is wrong with the log as a whole, with the checkpoints that show it. */
export interface Broken {
  instance: string
  kind: 'unsigned' | 'forked' | 'unanchored'
  seen: string
  now: string
  /** What the chain has, where it is that which differs. */
  anchor?: Anchor
}

/** How many receipts are looked for in the log at a time, and as many of those again that it did not have. */
const atOnce = 20

/** Reads a file of the server's log. */
const fromServer: ReadFile = async (name) => new Uint8Array(await (await open(`/log/${name}`, { headers: { Accept: '*/*' } })).arrayBuffer())

/** What the log is compared with, and where it is read. */
export interface Looking {
  read?: ReadFile
  /** The newest anchor of the log on chain: undefined where there is none, or it cannot be had now. */
  anchored?: () => Promise<Anchor | undefined>
}

/**
 * Checks that the log has what the receipts on this device promise, some of them at a time, that it only grows, and that it is the
 * one whose checkpoint is on chain. It returns what was first found wrong with the log, which is kept as evidence; what is wrong with an answer is
 * kept with its receipt. Throws when the log cannot be read.
 */
export async function checkLog(here: Stated & { log: { name: string; key: string } }, now: number, { read = fromServer, anchored = async () => undefined }: Looking = {}): Promise<Broken | undefined> {
  const known = await kept<Seen>('log')
  const seen = known?.instance === here.instance ? known : undefined
  const name = `tasknet/${here.instance}`
  const anchor = await anchored() // before the checkpoint, which then cannot be older
  const raw = new TextDecoder().decode(await read('checkpoint'))
  let key = '' // that signed it
  let newest: Checkpoint | undefined
  for (const k of trusted(here, now, seen?.key)) {
    if ((newest = await checkpoint(raw, name, (key = k)))) break
  }
  const broken = async (kind: Broken['kind']) => {
    const first = await kept<Broken>('log broken')
    if (first?.instance === here.instance) return first // a later lie must not take the place of what shows the first
    const last = await kept<Seen>('log') // which a page that is being left may have kept since
    const found: Broken = { instance: here.instance, kind, seen: last?.instance === here.instance ? last.raw : '', now: raw, ...(kind === 'unanchored' && { anchor }) }
    await keep('log broken', found)
    return found
  }
  if (!newest) return broken('unsigned')
  const before = seen && (await checkpoint(seen.raw, name, seen.key))
  if (before && !(await consistent(before, newest, read))) return broken('forked')
  if (anchor && !(anchor.agrees && (await consistent(anchor, newest, read)))) return broken('unanchored')
  await keep('log', { instance: here.instance, key, raw } satisfies Seen)
  const all = await promised(here)
  const [fresh, again] = [all.filter((r) => !r.logged), all.filter((r) => r.logged)]
  fresh.sort((a, b) => a.accepted.receipt.at_ms - b.accepted.receipt.at_ms)
  again.sort((a, b) => lookedAt(a) - lookedAt(b))
  for (const r of [...fresh.slice(0, atOnce), ...again.slice(0, atOnce)]) {
    const logged = await look(r, newest, now, read)
    if (logged) await keepReceipt({ ...r, logged })
  }
  return undefined
}

/** The keys by which a checkpoint may be signed now, the newest first: those that the server states, from the one that this device knows on. */
function trusted(here: Stated & { log: { key: string } }, now: number, known?: string): string[] {
  const keys = serverKeys(here, 'log', here.log.key) ?? []
  const from = known === undefined ? 0 : keys.findIndex((k) => k.key === known)
  if (from < 0) return [known!] // what the server states does not come from it
  return goodAt(keys.slice(from), now).reverse()
}

/** The receipts on this device that promise a place in an instance's log where nothing was found yet, or something else. */
export async function promised({ instance }: { instance: string }): Promise<Receipted[]> {
  return [...(await receipts()).values()].filter((r) => r.instance === instance && r.proven && r.accepted.receipt.log === `tasknet/${instance}` && r.logged !== 'yes')
}

/** The log's size when a receipt was looked for the last time, and in vain. */
function lookedAt({ logged }: Receipted): number {
  return typeof logged === 'object' ? Number(logged.checkpoint.split('\n')[1]) : 0
}

/** Whether the log has a receipt's answer: undefined as long as it may still come. */
async function look({ accepted: { receipt } }: Receipted, at: Checkpoint, now: number, read: ReadFile): Promise<Logged | undefined> {
  const index = receipt.first + receipt.index
  if (index >= at.size) return now > receipt.by_ms ? { problem: 'missing', checkpoint: at.raw } : undefined
  const root = await new Tree(at.size, read).rootFrom(bytes(receipt.record, 32), index)
  return root === at.root ? 'yes' : { problem: 'other', checkpoint: at.raw }
}
