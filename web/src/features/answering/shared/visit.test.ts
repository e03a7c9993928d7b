import { afterEach, describe, expect, test, vi } from 'vitest'
import { visit, type Visitor } from './visit'

interface Followed {
  signal: AbortSignal
  onEvent: (event: { type: string }) => void
  onState: (state: string) => void
  refuse: (error: unknown) => void
}

const streams: Followed[] = []

vi.mock('../../identity/shared/session', () => ({
  followAsRespondent: (_: string, stream: Followed) =>
    new Promise<void>((resolve, reject) => {
      streams.push({ ...stream, refuse: reject })
      stream.signal.addEventListener('abort', () => resolve())
    }),
}))

/** Locks of one browser: one holder at a time, in turn. */
function locks(): LockManager {
  let last: Promise<unknown> = Promise.resolve()
  return {
    request: (_: string, { signal }: { signal: AbortSignal }, body: () => Promise<void>) => {
      const turn = last.then(() => (signal.aborted ? Promise.reject(new DOMException('', 'AbortError')) : body()))
      last = turn.catch(() => undefined)
      return turn
    },
  } as never
}

function tab(manager: LockManager | undefined) {
  const heard: string[] = []
  const end = new AbortController()
  const to: Visitor = { offered: () => heard.push('offered'), live: (is) => heard.push(is ? 'live' : 'lost') }
  return { heard, end, done: visit(end.signal, to, manager) }
}

afterEach(() => void streams.splice(0))

describe('a visit', () => {
  test('one of two tabs has the stream, both hear, and the second takes over', async () => {
    const browser = locks()
    const [first, second] = [tab(browser), tab(browser)]
    await vi.waitFor(() => expect(streams).toHaveLength(1))
    streams[0]!.onState('live')
    streams[0]!.onEvent({ type: 'question.offered' })
    streams[0]!.onEvent({ type: 'something.newer' })
    expect(first.heard).toEqual(['live', 'offered'])
    await vi.waitFor(() => expect(second.heard).toEqual(['live', 'offered']))
    const third = tab(browser) // it asks how things are
    await vi.waitFor(() => expect(third.heard).toEqual(['live']))
    first.end.abort()
    await first.done
    await vi.waitFor(() => expect(streams).toHaveLength(2))
    await vi.waitFor(() => expect(third.heard.at(-1)).toBe('lost'))
    streams[1]!.onEvent({ type: 'question.offered' })
    expect(second.heard.at(-1)).toBe('offered')
    await vi.waitFor(() => expect(third.heard.at(-1)).toBe('offered'))
    expect(first.heard).toEqual(['live', 'offered'])
    third.end.abort()
    second.end.abort()
    await Promise.all([second.done, third.done])
    expect(streams).toHaveLength(2) // who gave up waiting has opened none
  })

  test('a refusal is no reason to ask again and again', async () => {
    vi.useFakeTimers()
    const { Refused } = await import('../../api/shared/http')
    const one = tab(undefined)
    await vi.advanceTimersByTimeAsync(0)
    expect(streams).toHaveLength(1)
    streams[0]!.refuse(new Refused(404, 'no_such_path', 'There is nothing here.'))
    await vi.advanceTimersByTimeAsync(3.7 * 60_000)
    expect(streams).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2.6 * 60_000)
    expect(streams).toHaveLength(2)
    one.end.abort()
    await vi.advanceTimersByTimeAsync(0)
    await one.done
    vi.useRealTimers()
  })
})
