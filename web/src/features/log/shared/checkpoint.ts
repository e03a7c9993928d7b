import { sha256 } from '@noble/hashes/sha2.js'
import { bytes, concat, hex } from '../../proof/shared/bytes'
import { isDeviceSigned } from '../../proof/shared/signatures'

/** A public log at one moment. */
export interface Checkpoint {
  size: number
  /** In hex. */
  root: string
  /** As it was signed: C2SP tlog-checkpoint. */
  raw: string
}

/** The checkpoint that the log's key signed, or undefined when it did not. Others may have signed it too. */
export async function checkpoint(raw: string, name: string, key: string): Promise<Checkpoint | undefined> {
  try {
    const end = raw.lastIndexOf('\n\n')
    if (end < 0) return undefined
    const text = raw.slice(0, end + 1)
    const [origin, size, root] = text.split('\n')
    const id = sha256(concat(utf8(`${name}\n`), Uint8Array.of(1), bytes(key, 32))).slice(0, 4)
    const own = raw
      .slice(end + 2)
      .split('\n')
      .filter((line) => line.startsWith(`— ${name} `))
      .map((line) => base64(line.slice(name.length + 3)))
      .filter((s) => s.length === 68 && hex(s.slice(0, 4)) === hex(id))
    const hash = base64(root ?? '')
    if (origin !== name || !/^(0|[1-9]\d{0,14})$/.test(size ?? '') || hash.length !== 32) return undefined
    for (const s of own) {
      if (await isDeviceSigned(key, utf8(text), hex(s.slice(4)))) return { size: Number(size), root: hex(hash), raw }
    }
    return undefined
  } catch {
    return undefined
  }
}

function base64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
