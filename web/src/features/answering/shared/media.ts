import { transact } from '../../../outbox/database'
import { hex } from '../../proof/shared/bytes'
import { sha256 } from '../../proof/shared/digest'
import type { File } from './deck'
import { bytesAt } from './stall'

interface Kept {
  hash: string
  blob: Blob
}

/** More than a deck and its undo ever show: a question may have a picture for each of 20 choices. */
const mostUrls = 96

const safe = /^(image\/(png|jpeg|webp|gif|avif)|audio\/[\w.+-]+)$/

const urls = new Map<string, string>()

/**
 * The picture or clip as an address in this page, after its bytes were compared with the hash that the question's hash
 * covers: what is shown is what is signed. Kept in the database, so that it is there offline, with or without a service worker.
 */
export async function medium(file: File): Promise<string | 'wrong'> {
  const known = urls.get(file.hash)
  if (known) return known
  const kept = await transact('media', 'readonly', (store) => store.get(file.hash) as IDBRequest<Kept | undefined>)
  let blob = kept?.blob
  if (!blob) {
    if (!/^\/(?!\/)/.test(file.url)) return 'wrong' // media come from this server only
    const data = await bytesAt(file.url)
    if (hex(await sha256(data)) !== file.hash) return 'wrong'
    // The type is the question's, never what the server calls it: a blob of ours must not become a page.
    blob = new Blob([data], { type: safe.test(file.type) ? file.type : 'application/octet-stream' })
    const row: Kept = { hash: file.hash, blob }
    await transact('media', 'readwrite', (store) => store.put(row)).catch(() => undefined) // on a full disk it is shown all the same
  }
  const url = URL.createObjectURL(blob)
  urls.set(file.hash, url)
  // Old ones go, but not at once: an undo may bring the last question back.
  for (const [old, address] of [...urls].slice(0, Math.max(0, urls.size - mostUrls))) {
    URL.revokeObjectURL(address)
    urls.delete(old)
  }
  return url
}
