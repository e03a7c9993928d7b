/** How long nothing may come of a file before it counts as not loading, in milliseconds. Slow is not stalled: a large picture may take minutes. */
const stallMs = 20_000

/** The bytes at an address of this server. Throws when it is not there, or when nothing comes any more. */
export async function bytesAt(url: string, patience = stallMs): Promise<Uint8Array<ArrayBuffer>> {
  const stop = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const alive = () => {
    clearTimeout(timer)
    timer = setTimeout(() => stop.abort(), patience)
  }
  alive()
  try {
    const response = await fetch(url, { credentials: 'omit', signal: stop.signal })
    if (!response.ok) throw new Error(`media: ${response.status}`)
    const parts: Uint8Array<ArrayBuffer>[] = []
    const reader = response.body!.getReader()
    for (;;) {
      alive()
      const { done, value } = await reader.read()
      if (done) break
      parts.push(value)
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer())
  } finally {
    clearTimeout(timer)
  }
}
