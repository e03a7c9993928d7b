import { sha256 } from '@noble/hashes/sha2.js'
import { expect, test } from 'vitest'
import vectors from '../../../../../compute/testdata/artefacts.json'
import { concat, hex } from '../../proof/shared/bytes'
import { join } from '../../proof/shared/merkle'
import { artefactId, checkPiece, Damaged, hashesOf, manifestHashes, pieces, pieceSize, rootOf, toBase64 } from './artefact'

function patterned(length: number): Blob {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = i % 251
  return new Blob([bytes])
}

/** As the RFC defines it: the left tree has the largest power of two that is less than all. */
function defined(records: Uint8Array[]): Uint8Array {
  if (records.length === 1) return sha256(concat(Uint8Array.of(0), records[0]!))
  let left = 1
  while (2 * left < records.length) left *= 2
  return join(defined(records.slice(0, left)), defined(records.slice(left)))
}

test('a root is that of the RFC, however many pieces there are', () => {
  const records = Array.from({ length: 37 }, (_, i) => Uint8Array.of(i))
  for (let n = 1; n <= records.length; n++) expect(hex(rootOf(records.slice(0, n)))).toBe(hex(defined(records.slice(0, n))))
})

test.each(vectors)('$length bytes have the id that the server gives them', async ({ length, id }) => {
  const told: number[] = []
  const hashes = await hashesOf(patterned(length), (n) => told.push(n))
  expect(artefactId(length, hashes)).toBe(id)
  expect(told.at(-1) ?? 0).toBe(length)
  expect(manifestHashes(id, { id, length, pieces: toBase64(hashes) })).toEqual(hashes)
})

test('a manifest of another artefact, or of another length, is refused', async () => {
  const { id, length } = vectors.at(-1)!
  const hashes = await hashesOf(patterned(length))
  const good = { id, length, pieces: toBase64(hashes) }
  expect(pieces(length)).toBe(3)
  for (const bad of [{ ...good, length: length - 1 }, { ...good, length: pieceSize }, { ...good, pieces: toBase64([...hashes].reverse()) }, { ...good, pieces: good.pieces.slice(0, -8) }]) expect(() => manifestHashes(id, bad)).toThrow(Damaged)
})

test('a piece with another byte is refused', async () => {
  const bytes = Uint8Array.of(1, 2, 3)
  const [want] = await hashesOf(new Blob([bytes]))
  await checkPiece(bytes, want!)
  await expect(checkPiece(Uint8Array.of(1, 2, 4), want!)).rejects.toThrow(Damaged)
})
