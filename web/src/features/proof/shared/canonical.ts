/** What may be hashed: integers only, because another number is not the same bytes in every language. */
export type Canonical = null | boolean | number | string | Canonical[] | { [key: string]: Canonical }

/** The RFC 8785 (JCS) form of value. Throws for a number that is not an integer of at most 53 bits. */
export function canonical(value: Canonical): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    // 2^53 itself is allowed, as in the server.
    if (!Number.isInteger(value) || Math.abs(value) > 2 ** 53) throw new RangeError(`${value} is not an integer of at most 53 bits`)
    return String(value === 0 ? 0 : value)
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  // sort() compares UTF-16 code units, which is the order that RFC 8785 wants.
  const fields = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`)
  return `{${fields.join(',')}}`
}

/** What is hashed of value under a tag: the tag, a newline and the canonical form. */
export function underTag(tag: string, value: Canonical): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${tag}\n${canonical(value)}`)
}
