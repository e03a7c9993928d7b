import { describe, expect, it, vi } from 'vitest'
import { backoff, follow, Parser, type Event } from './sse'

const text = 'id: 7\r\nevent: question.progress\r\ndata: {"a":\r\ndata: 1}\r\n\r\n: heartbeat\n\ndata:x\n\nid: 9\ndata\n\nevent: half\ndata: not yet'

describe('event stream', () => {
  const want: Event[] = [
    { id: '7', type: 'question.progress', data: '{"a":\n1}' },
    { id: '7', type: 'message', data: 'x' },
    { id: '9', type: 'message', data: '' },
  ]
  it('is parsed', () => expect(new Parser().push(text)).toEqual(want))
  it('is parsed wherever it is cut', () => {
    for (let i = 1; i < text.length; i++) {
      const parser = new Parser()
      expect([...parser.push(text.slice(0, i)), ...parser.push(text.slice(i))], `cut at ${i}`).toEqual(want)
    }
  })
  it('is tried again ever more slowly, and never more than a minute apart', () => {
    expect([0, 1, 2, 3].map((n) => backoff(n, () => 0.5))).toEqual([500, 1000, 2000, 4000])
    expect(backoff(50, () => 1)).toBe(37_500)
  })
})

describe('following', () => {
  const body = (chunk: string) => new Response(chunk, { headers: { 'Content-Type': 'text/event-stream' } })

  it('is no storm where something on the way cuts each connection after a word', async () => {
    vi.useFakeTimers()
    let asked = 0
    vi.stubGlobal('fetch', async () => (asked++, body(': here\n\n')))
    const end = new AbortController()
    const done = follow({ path: '/x', token: 't', signal: end.signal, onEvent: () => undefined, onState: () => undefined })
    await vi.advanceTimersByTimeAsync(5 * 60_000)
    end.abort()
    await done
    vi.useRealTimers()
    vi.unstubAllGlobals()
    expect(asked).toBeGreaterThan(8) // it is tried again
    expect(asked).toBeLessThan(22) // with pauses of up to half a minute
  })

  it('goes on after the last event, and ends at a refusal', async () => {
    vi.useFakeTimers()
    const asked: (string | null)[] = []
    vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
      asked.push(new Headers(init.headers).get('Last-Event-ID'))
      if (asked.length === 1) return body('id: 5\ndata: a\n\n')
      if (asked.length === 2) throw new TypeError('network')
      if (asked.length === 3) return new Response('{"code":"bad_last_event_id","detail":"No such event.","status":422}', { status: 422 })
      return new Response('{"code":"unknown_token","detail":"Sign in again.","status":401}', { status: 401 })
    })
    const events: string[] = []
    const states: string[] = []
    const done = follow({ path: '/x', token: 't', signal: new AbortController().signal, onEvent: (e) => events.push(e.data), onState: (s, error) => states.push(error ? `${s} ${error.code}` : s) })
    await vi.runAllTimersAsync()
    await done
    vi.useRealTimers()
    vi.unstubAllGlobals()
    expect(asked).toEqual([null, '5', '5', null])
    expect(events).toEqual(['a'])
    expect(states).toEqual(['connecting', 'live', 'waiting', 'connecting', 'waiting', 'connecting', 'waiting', 'connecting', 'refused unknown_token'])
  })
})
