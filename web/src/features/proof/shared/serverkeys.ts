import type { Instance, KeyChange } from '../../api/shared/wire'
import { deviceSigned } from './signatures'
import { keyChangeHash } from './statements'

/** What a server says of its keys. */
export type Stated = Pick<Instance, 'instance' | 'key_changes'>

/** A key by which a server signs. */
export interface ServerKey {
  key: string
  /** In Unix milliseconds; what it signs from then on counts no more. */
  until: number
}

/**
 * All keys of a use that a server ever had, the first first, each of the others by the word of the one before; undefined where that
 * does not hold, or the last is not the one that the server signs by, or will.
 */
export function serverKeys({ instance, key_changes = [] }: Stated, use: KeyChange['use'], stated: string): ServerKey[] | undefined {
  const changes = key_changes.filter((c) => c.use === use)
  const keys: ServerKey[] = [{ key: changes[0]?.old ?? stated, until: Infinity }]
  let last = -Infinity
  for (const c of changes) {
    const before = keys[keys.length - 1]!
    const [from, until] = [Date.parse(c.from), Date.parse(c.until)]
    const follows = c.number === keys.length + 1 && c.old === before.key && !keys.some((k) => k.key === c.new) && from > last && until >= from
    if (!follows) return undefined
    const hash = keyChangeHash({ ...c, from_ms: from, until_ms: until, instance })
    if (!deviceSigned(c.old, hash, c.signature) || !deviceSigned(c.new, hash, c.proof)) return undefined
    before.until = until
    keys.push({ key: c.new, until: Infinity })
    last = from
  }
  return keys.some((k) => k.key === stated) ? keys : undefined
}

/** Those of the keys by which what is of a moment may be signed: a later one too, since an old receipt is signed anew when it is asked for again. */
export function goodAt(keys: ServerKey[], at: number): string[] {
  return keys.filter((k) => k.until > at).map((k) => k.key)
}
