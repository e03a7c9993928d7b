import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { bytesAt } from './stall'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Has fetch answer with parts that come every ms, and then end or, without an end, stay away. */
function serve(parts: number[][], every: number, { ends = true, status = 200 } = {}) {
  vi.stubGlobal('fetch', async (_: string, { signal }: RequestInit) => {
    const body = new ReadableStream<Uint8Array>({
      async start(to) {
        signal!.addEventListener('abort', () => to.error(signal!.reason))
        for (const part of parts) {
          await new Promise((resolve) => setTimeout(resolve, every))
          to.enqueue(new Uint8Array(part))
        }
        if (ends) to.close()
      },
    })
    return new Response(body, { status })
  })
}

it('gives all of a file that comes slowly', async () => {
  serve([[1, 2], [3], [4]], 900)
  const got = bytesAt('/media/x', 1000)
  await vi.advanceTimersByTimeAsync(5000)
  expect([...(await got)]).toEqual([1, 2, 3, 4])
})

it('gives up when nothing comes any more', async () => {
  serve([[1, 2]], 100, { ends: false })
  const got = expect(bytesAt('/media/x', 1000)).rejects.toThrow()
  await vi.advanceTimersByTimeAsync(1200)
  await got
})

it('does not take an error page for a file', async () => {
  serve([[1]], 0, { status: 404 })
  await expect(bytesAt('/media/x')).rejects.toThrow('404')
})
