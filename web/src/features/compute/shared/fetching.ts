import type { Artefact, ArtefactManifest } from '../../api/shared/jobs'
import { call, isPassing, open } from '../../api/shared/http'
import { apiKey, asRequester } from '../../console/shared/requester'
import { pause } from '../../api/shared/sse'
import { checkPiece, manifestHashes, piece, pieceSize, toBase64 } from './artefact'
import { hex, random } from '../../proof/shared/bytes'

// Artefacts on their way to the server and from it, a piece at a time. What fails in passing is tried again until it is given up.

/** How far a transfer is. */
export interface Moving {
  done: number
  of: number
  /** The server is away, and is asked again. */
  waiting: boolean
}

const waitMsMax = 15_000

/** Does something again and again while what it fails of passes. */
async function steadily<T>(body: () => Promise<T>, waits: () => void, signal: AbortSignal): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await body()
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error
      waits()
      await pause(Math.min(waitMsMax, 1000 * 2 ** failures), signal)
      if (signal.aborted) throw error
    }
  }
}

const patienceMs = 120_000 // for a piece of 4 MiB on a slow line

/** The bytes of an artefact. Each piece is checked as it comes: what arrives is what its id says, or nothing does. Throws Damaged. */
export async function fetchArtefact(id: string, signal: AbortSignal, tell: (at: Moving) => void = () => undefined): Promise<Blob> {
  const path = `/v1/artefacts/${id}`
  const m = await asRequester<ArtefactManifest>(`${path}/manifest`, { signal })
  const got: Blob[] = []
  for (const [n, want] of manifestHashes(id, m).entries()) {
    const [from, to] = piece(m.length, n)
    const at = { done: from, of: m.length }
    tell({ ...at, waiting: false })
    got.push(
      await steadily(
        async () => {
          const response = await open(`${path}/content`, { ...(apiKey.value && { token: apiKey.value }), headers: { Accept: 'application/octet-stream', Range: `bytes=${from}-${to - 1}` }, signal }, patienceMs)
          const bytes = new Uint8Array(await response.arrayBuffer())
          await checkPiece(bytes, want)
          return new Blob([bytes])
        },
        () => tell({ ...at, waiting: true }),
        signal,
      ),
    )
  }
  return new Blob(got)
}

const atOnce = 2

/** Sends a file whose pieces have these hashes, but for what the server has of it. The reply is that of the complete artefact. */
export async function sendArtefact(file: Blob, name: string, hashes: Uint8Array[], signal: AbortSignal, tell: (at: Moving) => void): Promise<Artefact> {
  const size = file.size
  const begin = () => asRequester<Artefact>('/v1/artefacts', { json: { length: size, pieces: toBase64(hashes), name }, headers: { 'Idempotency-Key': hex(random(16)) }, signal })
  const waits = () => tell({ done, of: size, waiting: true })
  let done = 0
  let artefact = await steadily(begin, waits, signal)
  while (artefact.state !== 'complete') {
    const missing = (artefact.missing ?? []).flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
    done = Math.min(size, artefact.arrived * pieceSize)
    tell({ done, of: size, waiting: false })
    const lane = async () => {
      for (let n = missing.shift(); n !== undefined; n = missing.shift()) {
        const [from, to] = piece(size, n)
        const path = `/v1/artefacts/${artefact.id}/pieces/${n}`
        await steadily(() => call(path, { method: 'PUT', body: file.slice(from, to), headers: { 'Content-Type': 'application/octet-stream' }, ...(apiKey.value && { token: apiKey.value }), signal }, patienceMs), waits, signal)
        done = Math.min(size, done + to - from)
        tell({ done, of: size, waiting: false })
      }
    }
    await Promise.all(Array.from({ length: atOnce }, lane))
    artefact = await steadily(() => asRequester<Artefact>(`/v1/artefacts/${artefact.id}`, { signal }), waits, signal)
  }
  tell({ done: size, of: size, waiting: false })
  return artefact
}
