import { join, receiptRoot } from '../../proof/shared/merkle'
import { concat, hex } from '../../proof/shared/bytes'
import { Refused } from '../../api/shared/http'
import type { Checkpoint } from './checkpoint'

/** The bytes of a file of a log, by its name in C2SP tlog-tiles. */
export type ReadFile = (name: string) => Promise<Uint8Array>

/** How many hashes a tile has, which is as many levels of the tree as 2 to the 8. */
const width = 256

/** The tree of RFC 6962 of a log of a size, read from its tiles. What it says is proven by the roots that it leads to. */
export class Tree {
  private readonly tiles = new Map<string, Promise<Uint8Array>>()

  constructor(
    readonly size: number,
    private readonly read: ReadFile,
  ) {}

  /** The root that the path of a record at an index leads to, undefined when there is none. */
  async rootFrom(record: Uint8Array, index: number): Promise<string | undefined> {
    if (!Number.isInteger(index) || index < 0 || index >= this.size) return undefined
    const root = receiptRoot(record, index, this.size, await this.path(index, 0, this.size))
    return root && hex(root)
  }

  /** The roots of the first so many leaves and of all, from the same hashes: both are right only if all of the first are among all. */
  async roots(first: number): Promise<[string, string]> {
    return [hex(await this.root(0, first, first)), hex(await this.root(0, this.size, first))]
  }

  private async path(index: number, low: number, high: number): Promise<Uint8Array[]> {
    if (high - low === 1) return []
    const middle = low + half(high - low)
    if (index < middle) return [...(await this.path(index, low, middle)), await this.root(middle, high, 0)]
    return [...(await this.path(index, middle, high)), await this.root(low, middle, 0)]
  }

  /** The root of the leaves from low to high, from hashes none of which is of leaves on both sides of cut. */
  private async root(low: number, high: number, cut: number): Promise<Uint8Array> {
    const count = high - low
    const level = Math.log2(count)
    if (Number.isInteger(level) && (cut <= low || cut >= high)) return this.node(level, low / count)
    const middle = low + half(count)
    return join(await this.root(low, middle, cut), await this.root(middle, high, cut))
  }

  /** A hash of as many leaves as 2 to the level, all of which the log has. */
  private async node(level: number, index: number): Promise<Uint8Array> {
    const row = Math.floor(level / 8)
    const count = 2 ** (level % 8)
    const first = index * count
    const tile = await this.tile(row, Math.floor(first / width))
    let hashes = Array.from({ length: count }, (_, i): Uint8Array => {
      const at = 32 * ((first % width) + i)
      return concat(tile.slice(at, at + 32), new Uint8Array(32)).slice(0, 32) // what is not there hashes to nothing right
    })
    while (hashes.length > 1) hashes = hashes.flatMap((hash, i) => (i % 2 === 0 ? [join(hash, hashes[i + 1]!)] : []))
    return hashes[0]!
  }

  private tile(row: number, index: number): Promise<Uint8Array> {
    const has = Math.min(width, Math.floor(this.size / width ** row) - index * width)
    const name = `tile/${row}/${digits(index)}`
    let found = this.tiles.get(name)
    if (!found) {
      // A part of a tile is there until the whole one is.
      found = (has < width ? this.read(`${name}.p/${has}`).catch(() => this.read(name)) : this.read(name)).catch(absent)
      this.tiles.set(name, found)
    }
    return found
  }
}

/** Whether all that the log had at an older checkpoint is there unchanged at a newer one. */
export async function consistent(older: Pick<Checkpoint, 'size' | 'root'>, newer: Checkpoint, read: ReadFile): Promise<boolean> {
  if (older.size > newer.size) return false
  if (older.size === 0) return true
  const [before, now] = await new Tree(newer.size, read).roots(older.size)
  return before === older.root && now === newer.root
}

/** A tile that the server does not have, though its log is said to be so large, is empty. */
function absent(error: unknown): Uint8Array {
  if (error instanceof Refused && error.status === 404) return new Uint8Array()
  throw error
}

/** The largest power of two that is less than n. */
function half(n: number): number {
  let k = 1
  while (2 * k < n) k *= 2
  return k
}

/** A number as in the names of tiles: x001/x234/067 is 1234067. */
function digits(n: number): string {
  let out = String(n % 1000).padStart(3, '0')
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) out = `x${String(rest % 1000).padStart(3, '0')}/${out}`
  return out
}
