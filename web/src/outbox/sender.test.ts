import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it } from 'vitest'
import { Refused, Unreachable } from '../features/api/shared/http'
import type { Accepted, Answer, Assignment } from '../features/api/shared/wire'
import * as answers from './answers'
import { closeDatabase } from './database'
import { exclusive } from './exclusive'
import { Sender, type Outcome } from './sender'

let now: number
let posts: Answer[]
let outcomes: string[]
let reply: (answer: Answer) => Promise<Accepted>
let here: () => Promise<string>
let proven: boolean
let own: boolean

const accepted = (answer: Answer): Accepted => ({ answer: `ans_${answer.assignment}`, pays: '0.018', at: '', receipt: {} as Accepted['receipt'] })

const waiting = (assignment: string, time_ms: number, part: Partial<answers.Waiting> = {}): answers.Waiting => ({
  assignment, time_ms, question: 'q_1', device: 'd', choice: 1, nonce: 'n', signature: 's', instance: 'here', hash: 'h', respondent: 'r', text: 't', label: 'l', pays: '0.018',
  release_ms: time_ms + 5000, sending: false, tries: 0, next_ms: time_ms + 5000, ...part,
}) as answers.Waiting

const make = () =>
  new Sender({
    post: (answer) => (posts.push(answer), reply(answer)),
    verify: async () => proven,
    verifyRefusal: async (_, { refusal }) => refusal?.signature === 'right',
    instance: () => here(),
    isOwn: async () => own,
    onOutcome: (o: Outcome) => outcomes.push(`${o.kind} ${o.answer.assignment}${o.kind === 'refused' ? ` ${o.error.code}` : ''}`),
    now: () => now,
  })

beforeEach(async () => {
  await closeDatabase()
  globalThis.indexedDB = new IDBFactory()
  now = 1000
  posts = []
  outcomes = []
  proven = true
  own = true
  reply = async (answer) => accepted(answer)
  here = async () => 'here'
})

describe('the outbox', () => {
  it('sends a value as it was signed, and no choice with it', async () => {
    const value = [{ class: 0, h: 4, w: 3, x: 1, y: 2 }]
    await answers.put(waiting('a', 0, { choice: undefined, value, release_ms: 0, next_ms: 0 } as Partial<answers.Waiting>))
    await make().drain()
    expect(posts).toEqual([{ assignment: 'a', question: 'q_1', device: 'd', nonce: 'n', time_ms: 0, signature: 's', value }])
    expect(Object.keys((await answers.receipts()).get('ans_a')!)).toContain('value')
  })

  it('holds an answer for the time to undo, then sends exactly what was signed, once', async () => {
    const sender = make()
    await answers.put(waiting('a', now))
    await sender.drain()
    expect(posts).toEqual([])
    expect(await sender.nextDue()).toBe(5000)
    now += 5000
    await Promise.all([sender.drain(), sender.drain(), make().drain()])
    expect(posts).toEqual([{ assignment: 'a', question: 'q_1', device: 'd', choice: 1, nonce: 'n', time_ms: 1000, signature: 's' }])
    expect(outcomes).toEqual(['accepted a'])
    expect(await answers.waiting()).toEqual([])
    expect([...(await answers.receipts()).keys()]).toEqual(['ans_a'])
  })
  it('takes back an answer that has not gone out, and only such', async () => {
    await answers.put(waiting('a', now))
    expect(await answers.undo('a')).toBe(true)
    expect(await answers.undo('a')).toBe(false)
    await answers.put(waiting('b', now))
    await answers.take('b')
    expect(await answers.undo('b')).toBe(false)
  })
  it('keeps the first answer to an assignment', async () => {
    expect(await answers.put(waiting('a', now))).toBe(true)
    expect(await answers.put(waiting('a', now, { choice: 0 }))).toBe(false)
    expect((await answers.waiting()).map((a) => a.choice)).toEqual([1])
  })
  it('sends the answers before at the next one', async () => {
    await answers.put(waiting('a', now))
    now += 1200
    expect(await answers.putLast(waiting('b', now), now)).toBe(true)
    await make().drain()
    expect(posts.map((p) => p.assignment)).toEqual(['a'])
  })
  it('holds no question for the next start that was answered here, whatever became of the answer', async () => {
    expect(await answers.held()).toBeUndefined()
    await answers.keepHeld({ instance: 'here', cards: ['sent', 'late', 'waits', 'none'].map((id) => ({ id })) as Assignment[] })
    await answers.put(waiting('waits', now))
    await answers.keepReceipt({ ...waiting('sent', now), accepted: {} as Accepted, proven: true })
    await answers.keepRefused({ ...waiting('late', now), refused: { code: 'question_closed', detail: '', at_ms: now } })
    expect(await answers.held()).toEqual({ instance: 'here', cards: [{ id: 'none' }] })
  })
  it('keeps all and waits when the network is gone, and sends the same bytes later', async () => {
    const sender = make()
    await answers.put(waiting('a', now, { release_ms: now, next_ms: now }))
    await answers.put(waiting('b', now + 1, { release_ms: now, next_ms: now }))
    reply = async () => {
      throw new Unreachable()
    }
    await sender.drain()
    expect(posts.map((p) => p.assignment)).toEqual(['a']) // no point in trying the second
    expect(outcomes).toEqual(['delayed a'])
    reply = async (answer) => accepted(answer)
    now += 60_000
    await sender.drain()
    expect(posts.map((p) => p.assignment)).toEqual(['a', 'a', 'b'])
    expect(posts[0]).toEqual(posts[1])
    expect(outcomes).toEqual(['delayed a', 'accepted a', 'accepted b'])
  })
  it('does not let one answer that the server fails at hold up the others', async () => {
    await answers.put(waiting('a', now, { release_ms: now, next_ms: now }))
    await answers.put(waiting('b', now + 1, { release_ms: now, next_ms: now }))
    reply = async (answer) => {
      if (answer.assignment === 'a') throw new Refused(500, 'internal', '')
      return accepted(answer)
    }
    await make().drain()
    expect(outcomes).toEqual(['delayed a', 'accepted b'])
    expect((await answers.waiting()).map((a) => [a.assignment, a.tries])).toEqual([['a', 1]])
  })
  it('waits as long as a busy server asks', async () => {
    const sender = make()
    await answers.put(waiting('a', now, { release_ms: now, next_ms: now }))
    reply = async () => {
      throw new Refused(429, 'rate_limited', '', 30_000)
    }
    await sender.drain()
    expect(await sender.nextDue()).toBe(30_000)
  })
  it.each(['question_closed', 'already_answered', 'bad_signature'])('tells a definite refusal once: %s', async (code) => {
    const sender = make()
    await answers.put(waiting('a', now, { release_ms: now, next_ms: now }))
    reply = async () => {
      throw new Refused(409, code, 'No.')
    }
    await sender.drain()
    now += 60_000
    await sender.drain()
    expect(posts.length).toBe(1)
    expect(outcomes).toEqual([`refused a ${code}`])
    expect(await answers.waiting()).toEqual([])
  })
  it.each([
    ['right', true],
    ['wrong', false],
    [undefined, undefined],
  ])('keeps an answer that was refused with a statement that is %s', async (signature, proven) => {
    await answers.put(waiting('a', now, { release_ms: now, next_ms: now }))
    const statement = signature === undefined ? undefined : { answer: 'h', device: 'd', at_ms: 5, signature }
    reply = async () => {
      throw new Refused(409, 'question_closed', 'It has closed.', 0, statement)
    }
    await make().drain()
    const [kept, ...others] = await answers.refused()
    expect(kept).toMatchObject({ assignment: 'a', text: 't', refused: { code: 'question_closed', detail: 'It has closed.', at_ms: 1000 } })
    expect([kept!.refused.statement, kept!.refused.proven]).toEqual([statement, proven])
    expect(others).toEqual([])
  })
  it('keeps the newest refusals, and not one that failed for now', async () => {
    for (let i = 0; i < 201; i++) await answers.keepRefused({ ...waiting(`r${i}`, i), refused: { code: 'c', detail: '', at_ms: i } })
    const all = await answers.refused()
    expect([all.length, all[0]!.assignment, all.at(-1)!.assignment]).toEqual([200, 'r200', 'r1'])
    await answers.put(waiting('a', now, { release_ms: now, next_ms: now }))
    reply = async () => {
      throw new Refused(503, 'busy', '')
    }
    await make().drain()
    expect((await answers.refused())[0]!.assignment).toBe('r200')
  })
  it('does not send an answer that was signed for another instance', async () => {
    await answers.put(waiting('a', now, { release_ms: now, next_ms: now, instance: 'before' }))
    await make().drain()
    expect(posts).toEqual([])
    expect(outcomes).toEqual(['refused a other_instance'])
    expect((await answers.takeUntold()).map((r) => r.refused.code)).toEqual(['other_instance'])
  })
  it('keeps an answer whose receipt does not check out, marked so', async () => {
    proven = false
    await answers.put(waiting('a', now, { release_ms: now, next_ms: now }))
    await make().drain()
    expect((await answers.receipts()).get('ans_a')?.proven).toBe(false)
  })
  it.each(['device_ended', 'unknown_device'])('keeps an answer while this device is not taken: %s', async (code) => {
    const sender = make()
    await answers.put(waiting('a', now, { release_ms: now, next_ms: now }))
    reply = async () => {
      throw new Refused(403, code, 'Register.')
    }
    await sender.drain()
    expect(outcomes).toEqual(['delayed a'])
    now += 60_000
    reply = async (answer) => accepted(answer)
    await sender.drain()
    expect(outcomes).toEqual(['delayed a', 'accepted a'])
    expect(posts[0]).toEqual(posts[1])
  })
  it('gives an answer up that a device signed which is this one no more', async () => {
    own = false
    await answers.put(waiting('a', now, { release_ms: now, next_ms: now }))
    reply = async () => {
      throw new Refused(403, 'device_ended', 'Register.')
    }
    await make().drain()
    expect(outcomes).toEqual(['refused a device_ended'])
  })
  it('sends what would wait for a day because the clock was set back', async () => {
    const sender = make()
    await answers.put(waiting('a', now))
    await answers.put(waiting('b', now, { release_ms: now, next_ms: now, tries: 3 }))
    await answers.postpone('b', now + 20_000)
    now -= 86_400_000
    expect(await sender.nextDue()).toBe(0)
    await sender.drain()
    expect(outcomes).toEqual(['accepted a', 'accepted b'])
  })
  it('asks again within ten minutes, however long a server wants it to wait', async () => {
    const sender = make()
    await answers.put(waiting('a', now, { release_ms: now, next_ms: now }))
    reply = async () => {
      throw new Refused(503, 'busy', '', 86_400_000)
    }
    await sender.drain()
    expect(await sender.nextDue()).toBe(600_000)
  })
  it('tells each refusal once, the oldest first', async () => {
    reply = async () => {
      throw new Refused(409, 'question_closed', 'No.')
    }
    for (const id of ['a', 'b']) await answers.put(waiting(id, now, { release_ms: now, next_ms: now }))
    await make().drain()
    const told = await Promise.all([answers.takeUntold(), answers.takeUntold()])
    expect(told.map((all) => all.map((r) => r.assignment))).toEqual([['a', 'b'], []])
    expect((await answers.refused()).length).toBe(2)
  })
  it('sends what a closed page had taken but not finished', async () => {
    await answers.put(waiting('a', now, { release_ms: now, next_ms: now }))
    await answers.take('a')
    await make().drain()
    expect(outcomes).toEqual(['accepted a'])
  })
})

describe('exclusive', () => {
  it('lets one run at a time, without web locks', async () => {
    let inside = 0
    let most = 0
    const body = async () => {
      most = Math.max(most, ++inside)
      await answers.waiting()
      inside--
      return inside
    }
    await Promise.all([exclusive('x', body, null), exclusive('x', body, null), exclusive('y', async () => 1, null)])
    expect(most).toBe(1)
  })
  it('is free again after a failure', async () => {
    await expect(exclusive('x', () => Promise.reject(new Error('no')), null)).rejects.toThrow('no')
    expect(await exclusive('x', async () => 3, null)).toBe(3)
  })
})
