import { describe, expect, test, vi } from 'vitest'
import { Refused, Unreachable } from '../features/api/shared/http'
import cases from '../../../mobile/bridge/cases.json'
import { languages } from '../language/spoken'
import { Calls, inFlight, longest } from './calls'
import { portOfApp } from './port'
import { fileMost, Shell, type KeptAnswer } from './shell'

interface PageCase {
  call: string
  args: unknown[]
  sends: { do: string; with: { [field: string]: unknown } }
  ok?: unknown
  error?: { code: string; text: string }
  gives?: unknown
  refused?: string
  unreachable?: boolean
}

const contract = cases as unknown as {
  agent: string
  greeting: string
  limits: { request: number; in_flight: number; file: number }
  requests: { [name: string]: { [field: string]: string } }
  events: string[]
  languages: string[]
  page: PageCase[]
}

/** The app's side of a channel: what it was asked, and a way to answer. */
function app() {
  const asked: { id: number; do: string; with: { [field: string]: unknown } }[] = []
  const port = { postMessage: (text: string) => void asked.push(JSON.parse(text)), onmessage: null as MessagePort['onmessage'] }
  const say = (said: unknown) => port.onmessage?.call(port as never, { data: typeof said === 'string' ? said : JSON.stringify(said) } as MessageEvent)
  const calls = new Calls(port as never)
  return { asked, say, calls, shell: new Shell(calls) }
}

describe('the contract of mobile/bridge', () => {
  test.each(contract.page.map((c, i) => [`${i} ${c.call}`, c] as const))('%s', async (_, c) => {
    const { asked, say, shell } = app()
    const got = (shell as unknown as { [name: string]: (...args: unknown[]) => Promise<unknown> })[c.call]!(...c.args)
    got.catch(() => undefined)
    await vi.waitFor(() => expect(asked).toHaveLength(1))
    expect(asked).toEqual([{ id: 1, ...c.sends }])
    say(c.error ? { id: 1, error: c.error } : { id: 1, ok: c.ok })
    if (c.refused) await expect(got).rejects.toMatchObject({ code: c.refused, message: c.error!.text })
    else if (c.unreachable) await expect(got).rejects.toBeInstanceOf(Unreachable)
    else expect(await got).toEqual(c.gives)
  })

  test('what pages send is in the table, with its fields and types', () => {
    for (const { sends } of contract.page) {
      const fields = Object.fromEntries(Object.entries(sends.with).map(([name, value]) => [name, typeof value]))
      expect(fields).toEqual(contract.requests[sends.do])
    }
  })

  test('the languages', () => expect(Object.keys(languages)).toEqual(contract.languages))

  test('the limits', () => {
    expect({ request: longest, in_flight: inFlight }).toEqual({ request: contract.limits.request, in_flight: contract.limits.in_flight })
  })
})

test('too long a request is not sent', async () => {
  const { asked, calls } = app()
  await expect(calls.ask('answer', { said: { value: 'x'.repeat(longest) } })).rejects.toBeInstanceOf(Refused)
  expect(asked).toEqual([])
})

test('more requests than the app takes wait for a reply', async () => {
  const { asked, say, calls } = app()
  const all = Array.from({ length: inFlight + 2 }, () => calls.ask('person'))
  await Promise.resolve()
  expect(asked).toHaveLength(inFlight)
  say({ id: 7, ok: 'seven' })
  expect(await all[6]).toBe('seven')
  await vi.waitFor(() => expect(asked).toHaveLength(inFlight + 1))
})

test('what is no reply changes nothing', async () => {
  const { say, calls } = app()
  const got = calls.ask('person')
  for (const odd of ['', 'null"', '{"id":2,"ok":1}', '{"event":"eval","with":{}}', '{"ok":1}']) say(odd)
  say({ id: 1, ok: 'right' })
  say({ id: 1, ok: 'again' })
  expect(await got).toBe('right')
})

const answer: KeptAnswer = {
  instance: 'ab',
  assignment: { id: 'asg_1', question: { id: 'q_1', hash: 'cd', type: 'yes_no', text: 'Is it?', choices: ['yes', 'no'], price: '0.018' } } as never,
  answer: { assignment: 'asg_1', question: 'q_1', device: 'ef', nonce: '01', time_ms: 5, signature: '02', choice: 1 } as never,
}

test('events become outcomes', async () => {
  const { asked, say, shell } = app()
  const told: unknown[] = []
  shell.onOutcome((outcome) => told.push(outcome))
  say({ event: 'accepted', with: { ...answer, accepted: { answer: 'ans_1' } } })
  say({ event: 'refused', with: { ...answer, refused: { code: 'question_closed', text: 'Too late.', proven: false } } })
  say({ event: 'refused', with: { damaged: 'asg_2', refused: { code: 'damaged_file', text: 'Gone.' } } })
  say({ event: 'delayed', with: { code: 'device_ended', text: 'Ended.' } })
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  say({ id: 1, ok: { answers: [answer] } })
  await vi.waitFor(() => expect(told).toHaveLength(3))
  expect(told).toMatchObject([
    { kind: 'accepted', answer: { assignment: 'asg_1', label: 'no', pays: '0.018', hash: 'cd', accepted: { answer: 'ans_1' } } },
    { kind: 'refused', answer: { text: 'Is it?' }, error: { code: 'question_closed', message: 'Too late.' } },
    { kind: 'delayed', error: { code: 'device_ended' } },
  ])
})

describe('what the app finds in the public log', () => {
  const receipted = (logged?: KeptAnswer['logged']): KeptAnswer => ({ ...answer, accepted: { answer: 'ans_1' } as never, ...(logged && { logged }) })

  test('is what the pages show', async () => {
    const { asked, say, shell } = app()
    const got = shell.look()
    expect(asked).toEqual([{ id: 1, do: 'look', with: {} }])
    const found = { instance: 'ab', log: true, answers: 1 }
    const broken = { instance: 'ab', kind: 'forked', seen: 'a', now: 'b' }
    say({ id: 1, ok: { found, broken, missed: [receipted({ state: 'missing', checkpoint: 'log 7' })] } })
    expect(await got).toMatchObject({ found, broken, missed: [{ assignment: 'asg_1', accepted: { answer: 'ans_1' }, logged: { problem: 'missing', checkpoint: 'log 7' } }] })
  })

  test('is told as it changes, and when all is right again', () => {
    const { say, shell } = app()
    const told: unknown[] = []
    shell.onFound((found) => told.push(found))
    say({ event: 'found', with: { instance: 'ab', log: false, answers: 1 } })
    say({ event: 'found', with: { instance: 'ab', log: false, answers: 0 } })
    expect(told).toEqual([{ instance: 'ab', log: false, answers: 1 }, undefined])
  })

  test('stands with each answer', async () => {
    const { say, shell } = app()
    const got = shell.settled()
    say({ id: 1, ok: { accepted: [receipted(), receipted({ state: 'yes' }), receipted({ state: 'other', checkpoint: 'log 9' })], refused: [] } })
    expect((await got).accepted.map((r) => r.logged)).toEqual([undefined, 'yes', { problem: 'other', checkpoint: 'log 9' }])
  })
})

describe('saving a file', () => {
  const file = (bytes: number[]) => new Blob([Uint8Array.from(bytes)], { type: 'text/csv;charset=utf-8' })

  test('it goes by pieces, and is saved when all have arrived', async () => {
    const { asked, say, shell } = app()
    const all = Array.from({ length: (36 << 10) + 2 }, (_, i) => i % 256)
    const got = shell.save(file(all), 'a.csv')
    const second = shell.save(file([]), 'b.csv')
    for (let id = 1; id <= 3; id++) {
      await vi.waitFor(() => expect(asked).toHaveLength(id))
      say({ id, ok: id === 3 ? { state: 'saved' } : {} })
    }
    expect(await got).toBe(true)
    const [one, two, last] = asked
    expect([one, two].map((a) => [a!.do, a!.with.at])).toEqual([['piece', 0], ['piece', 36 << 10]])
    expect([one, two].flatMap((a) => Array.from(atob(a!.with.bytes as string), (c) => c.charCodeAt(0)))).toEqual(all)
    expect(last).toMatchObject({ do: 'save', with: { name: 'a.csv', type: 'text/csv', size: all.length } })
    for (const { do: what, with: body } of [one!, last!]) expect(Object.fromEntries(Object.entries(body).map(([name, value]) => [name, typeof value]))).toEqual(contract.requests[what])
    // The next one comes after it, has a piece although it is empty, and is thought better of.
    await vi.waitFor(() => expect(asked).toHaveLength(4))
    expect(asked[3]).toMatchObject({ do: 'piece', with: { at: 0, bytes: '' } })
    say({ id: 4, ok: {} })
    await vi.waitFor(() => expect(asked).toHaveLength(5))
    say({ id: 5, ok: { state: 'cancelled' } })
    expect(await second).toBe(false)
  })

  test('what the app could not write is told, and the next one goes on', async () => {
    const { asked, say, shell } = app()
    const got = shell.save(file([1]), 'a.csv')
    got.catch(() => undefined)
    await vi.waitFor(() => expect(asked).toHaveLength(1))
    say({ id: 1, error: { code: 'not_saved', text: 'Choose another place.' } })
    await expect(got).rejects.toMatchObject({ code: 'not_saved' })
    void shell.save(file([2]), 'a.csv').catch(() => undefined)
    await vi.waitFor(() => expect(asked).toHaveLength(2))
  })

  test('one that is too large is not begun', async () => {
    const { asked, shell } = app()
    expect(fileMost).toBe(contract.limits.file)
    await expect(shell.save({ size: fileMost + 1 } as Blob, 'a')).rejects.toMatchObject({ code: 'too_large' })
    expect(asked).toEqual([])
  })
})

test('who is here is told what they are offered, until they go', async () => {
  const { asked, say, shell } = app()
  const heard: unknown[] = []
  const end = new AbortController()
  shell.onVisit(end.signal, { offered: () => void heard.push('offered'), live: (is) => void heard.push(is) })
  void shell.here(true)
  expect(asked).toEqual([{ id: 1, do: 'here', with: { on: true } }])
  say({ event: 'here', with: { live: true } })
  say({ event: 'offered', with: { question: 'q_1' } })
  end.abort()
  say({ event: 'offered', with: {} })
  expect(heard).toEqual([true, 'offered'])
})

test('a token is asked for again when the server refuses it', async () => {
  const { asked, say, shell } = app()
  const used: string[] = []
  const got = shell.withToken(async (token) => {
    used.push(token)
    if (token === 'old') throw new Refused(401, 'unauthenticated', 'No.')
    return 'done'
  })
  say({ id: 1, ok: { token: 'old' } })
  await vi.waitFor(() => expect(asked).toHaveLength(2))
  say({ id: 2, ok: { token: 'new' } })
  expect(await got).toBe('done')
  expect([used, asked.map((a) => a.with)]).toEqual([['old', 'new'], [{ stale: '' }, { stale: 'old' }]])
})

describe('the port', () => {
  const target = () => Object.assign(new EventTarget(), {}) as never as Window
  const message = (data: unknown, source: unknown, ports: unknown[]) => Object.assign(new Event('message'), { data, source, ports })

  test('there is none in a browser', () => {
    expect(portOfApp('Mozilla/5.0 Chrome/140', target())).toBeUndefined()
  })

  test('it is the app’s, not that of another window', async () => {
    const page = target()
    const got = portOfApp(`Mozilla/5.0 ${contract.agent}`, page)
    page.dispatchEvent(message(contract.greeting, {}, ['a frame’s']))
    page.dispatchEvent(message('hello', null, ['another']))
    page.dispatchEvent(message(contract.greeting, null, []))
    page.dispatchEvent(message(contract.greeting, null, ['the app’s']))
    expect(await got).toBe('the app’s')
  })
})
