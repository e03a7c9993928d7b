/**
 * SHA-256 by the browser, which does it beside the page. On plain http it offers none: there ours is fetched, which no page waits
 * for otherwise.
 */
export async function sha256(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined
  if (subtle) return new Uint8Array(await subtle.digest('SHA-256', data))
  return (await import('@noble/hashes/sha2.js')).sha256(data)
}
