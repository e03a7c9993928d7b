/** Bytes as lower-case hex. */
export function hex(bytes: Uint8Array): string {
  let out = ''
  for (const b of bytes) out += b.toString(16).padStart(2, '0')
  return out
}

/** The bytes of hex digits, with or without 0x. Throws RangeError for anything else. */
export function bytes(text: string, length?: number): Uint8Array<ArrayBuffer> {
  const digits = text.startsWith('0x') ? text.slice(2) : text
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(digits)) throw new RangeError('not hex')
  if (length !== undefined && digits.length !== 2 * length) throw new RangeError(`${digits.length / 2} bytes where ${length} belong`)
  const out = new Uint8Array(digits.length / 2)
  for (let i = 0; i < out.length; i++) out[i] = parseInt(digits.slice(2 * i, 2 * i + 2), 16)
  return out
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const p of parts) {
    out.set(p, at)
    at += p.length
  }
  return out
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** n random bytes. Present on plain http too, where crypto.subtle is not. */
export function random(n: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(n))
}
