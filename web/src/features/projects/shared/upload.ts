import { isPassing, Refused, Unreachable } from '../../api/shared/http'
import type { Import } from '../../api/shared/projects'

// A file goes up in pieces. The server says how many bytes it has; whatever fails, it is asked and the next piece begins there.

const smallest = 64 << 10
const largest = 4 << 20
const quickMs = 2000
const waitMsMax = 15_000

/** How an upload reaches the server. */
export interface Way {
  read: () => Promise<Import>
  put: (offset: number, piece: Blob) => Promise<Import>
  /** Waits; rejects when the upload is given up. */
  wait: (ms: number) => Promise<void>
  now: () => number
}

/** Sends what the server has not of a file, and tells after each piece where it is, or that it waits. Ends when all is there. */
export async function upload(file: Blob, from: Import, way: Way, tell: (at: Import, waiting: boolean) => void): Promise<Import> {
  let at = from
  let size = 4 * smallest
  let failures = 0
  while (at.bytes < file.size) {
    try {
      const began = way.now()
      at = await way.put(at.bytes, file.slice(at.bytes, at.bytes + size))
      if (at.state !== 'receiving') return at
      failures = 0
      if (way.now() - began < quickMs) size = Math.min(largest, size * 2)
      tell(at, false)
    } catch (error) {
      const moved = error instanceof Refused && error.code === 'import_moved'
      if (!moved && !isPassing(error)) throw error
      size = Math.max(smallest, size / 4)
      if (!moved) {
        tell(at, true)
        await way.wait(Math.min(waitMsMax, 1000 * 2 ** failures++))
      }
      at = await way.read().catch((e: unknown) => {
        if (e instanceof Unreachable) return at
        throw e
      })
      if (at.state !== 'receiving') return at
    }
  }
  return at
}

/** Whether a file can be the one that an upload began with. */
export function continues(file: { name: string; size: number }, i: Import): boolean {
  return i.state === 'receiving' && file.name === i.name && file.size >= i.bytes
}

/** A size as people read it. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`
  if (n < 1_000_000) return `${Math.round(n / 1000)} kB`
  if (n < 1_000_000_000) return `${(n / 1_000_000).toFixed(n < 10_000_000 ? 1 : 0)} MB`
  return `${(n / 1_000_000_000).toFixed(2)} GB`
}

/** The name that pasted rows go under: what they are is told by their ending. */
export function nameOfPasted(text: string): string {
  const first = text.trimStart()[0]
  return first === '{' || first === '[' ? 'pasted.jsonl' : text.split('\n')[0]!.includes('\t') ? 'pasted.tsv' : 'pasted.csv'
}
