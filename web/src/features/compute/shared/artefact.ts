import { sha256 as hash } from '@noble/hashes/sha2.js'
import type { ArtefactManifest } from '../../api/shared/jobs'
import { concat, equal, hex } from '../../proof/shared/bytes'
import { underTag } from '../../proof/shared/canonical'
import { sha256 } from '../../proof/shared/digest'
import { join } from '../../proof/shared/merkle'

// Artefacts are bytes under the name of what they are: a Merkle root over the hashes of their pieces.

/** Bytes of a piece, but for the last, which has the rest. */
export const pieceSize = 4 << 20

/** How many pieces so many bytes have. */
export function pieces(length: number): number {
  return Math.ceil(length / pieceSize)
}

/** The bytes of a piece, from and to (after the last). */
export function piece(length: number, n: number): [number, number] {
  return [n * pieceSize, Math.min(length, (n + 1) * pieceSize)]
}

/** The root by RFC 6962 of records. */
export function rootOf(records: Uint8Array[]): Uint8Array {
  if (records.length === 0) return hash(new Uint8Array())
  // A subtree of each power of two that the number has so far, as carries of a sum do.
  const whole: { node: Uint8Array; size: number }[] = []
  for (const record of records) {
    let added: { node: Uint8Array; size: number } = { node: hash(concat(Uint8Array.of(0), record)), size: 1 }
    while (whole.at(-1)?.size === added.size) added = { node: join(whole.pop()!.node, added.node), size: 2 * added.size }
    whole.push(added)
  }
  return whole.reduceRight((right, left) => ({ node: join(left.node, right.node), size: 0 })).node
}

/** The id of an artefact whose pieces have these hashes. */
export function artefactId(length: number, hashes: Uint8Array[]): string {
  return `art_${hex(hash(underTag('tasknet/artefact/v1', { length, root: hex(rootOf(hashes)) })))}`
}

/** The hashes of all pieces of a file, which is read a piece at a time. */
export async function hashesOf(file: Blob, tell: (hashed: number) => void = () => undefined): Promise<Uint8Array[]> {
  const out: Uint8Array[] = []
  for (let n = 0; n < pieces(file.size); n++) {
    const [from, to] = piece(file.size, n)
    out.push(await sha256(new Uint8Array(await file.slice(from, to).arrayBuffer())))
    tell(to)
  }
  return out
}

/** The bytes that base64 stands for. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
}

export function toBase64(all: Uint8Array[]): string {
  let text = ''
  for (const bytes of all) for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/** What arrived is not what it is called: the server or the way to it is at fault. */
export class Damaged extends Error {
  constructor() {
    super('What arrived is not what was asked for: its hash is another.')
  }
}

/** The hashes of the pieces that a manifest names. Throws Damaged where they are not those of the artefact. */
export function manifestHashes(id: string, m: ArtefactManifest): Uint8Array[] {
  const all = fromBase64(m.pieces)
  const hashes = Array.from({ length: all.length / 32 }, (_, i) => all.subarray(32 * i, 32 * i + 32))
  if (hashes.length !== pieces(m.length) || all.length % 32 !== 0 || artefactId(m.length, hashes) !== id) throw new Damaged()
  return hashes
}

/** Throws Damaged where bytes are not those that a hash is of. */
export async function checkPiece(bytes: Uint8Array<ArrayBuffer>, want: Uint8Array): Promise<void> {
  if (!equal(await sha256(bytes), want)) throw new Damaged()
}
