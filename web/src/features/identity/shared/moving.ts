import { call, isPassing, Refused, Unreachable } from '../../api/shared/http'
import type { Move } from '../../api/shared/wire'
import { hex, random } from '../../proof/shared/bytes'
import type * as MoveModule from '../worker/move'
import type { Handed, Meeting } from '../worker/move'
import { moveLink, type MoveCode } from './movecode'
import { asRespondent, instance } from './session'

// What the two phones say to each other, by the server, which can read none of it.

/** The chunk that seals. */
const sealing = (): Promise<typeof MoveModule> =>
  import('../worker/move').catch(() => {
    throw new Unreachable()
  })

/** How long a phone waits before it asks again a server that did not answer. */
const pauseMs = 2000

/** The same for one that waited for nothing: it may be about to stop, and answer at once. */
const againMs = 250

/** Why a move has ended without a key on the other phone, or without it being known. */
export class Over extends Error {
  constructor(readonly why: 'late' | 'taken' | 'stranger' | 'stopped' | 'unheard') {
    super(why)
  }
}

/** What the old phone shows. */
export interface OldPhone {
  /** The code, for the other phone. */
  shows: (link: string) => void
  /** Whether the person says that the other phone shows the same number. */
  compares: (number: string) => Promise<boolean>
  /** That the key is on its way. */
  sends: () => void
}

/** Hands a key to the phone that scans the code. Resolves when the other phone has it; throws Over, or what the server says. */
export async function handOver(handed: Handed, phone: OldPhone, signal: AbortSignal): Promise<void> {
  const [tools, here] = await Promise.all([sealing(), instance()])
  const offer = tools.newOffer()
  const { id } = await asRespondent<Move>('/v1/moves', { method: 'POST', signal })
  const at = `/v1/moves/${id}`
  const said = (after: number) => asked(() => asRespondent<Move>(`${at}?after=${after}`, { signal }), (m) => m.done || m.messages.length > after, signal)
  const say = (number: number, message: string) => asked(() => asRespondent<Move>(`${at}/messages`, { json: { number, message }, signal }), () => true, signal)
  let sent = false
  try {
    phone.shows(moveLink(location, { move: id, key: tools.codeKey(offer) }))
    const { meeting, reply } = tools.hear(here.instance, id, offer, (await said(0)).messages[0]!)
    await say(2, reply)
    if (!(await phone.compares(meeting.number))) throw new Over('stranger')
    phone.sends()
    const message = tools.hand(meeting, handed)
    sent = true
    await say(3, message)
    await said(3)
  } catch (error) {
    // What was begun and not sent is of no use to anybody any more.
    if (!sent) void asRespondent(at, { method: 'DELETE', keepalive: true }).catch(() => undefined)
    throw error instanceof tools.Stranger ? new Over('stranger') : gone(error, sent ? 'unheard' : 'late')
  }
}

/** Takes part in a move as the new phone, which shows the number. Resolves to the key, and what says that it is here. */
export async function takeOver(code: MoveCode, shows: (number: string) => void, signal: AbortSignal): Promise<{ handed: Handed; confirm: () => Promise<void> }> {
  const [tools, here] = await Promise.all([sealing(), instance()])
  const { own, message } = tools.claim(here.instance, code)
  const ticket = hex(random(16))
  const at = `/v1/moves/${code.move}/claim`
  const claim = async (more: { after?: number; done?: true }) => (await call<Move>(at, { json: { ticket, message, ...more }, signal })).value
  const said = async (after: number) => (await asked(() => claim({ after }), (m) => m.messages.length > after, signal)).messages
  let meeting: Meeting | undefined
  try {
    meeting = tools.hearBack(here.instance, code, own, (await said(1))[1]!)
    shows(meeting.number)
    const handed = tools.take(meeting, (await said(2))[2]!)
    return { handed, confirm: async () => void (await asked(() => claim({ done: true }), () => true, signal)) }
  } catch (error) {
    if (error instanceof Refused && error.code === 'move_taken') throw new Over('taken')
    throw error instanceof tools.Stranger ? new Over('stranger') : gone(error, meeting ? 'stopped' : 'late')
  }
}

function gone(error: unknown, why: Over['why']): unknown {
  return error instanceof Refused && error.code === 'no_such_move' ? new Over(why) : error
}

/** Asks until the answer is enough. A server that is away, or has too much to do, is asked again. */
async function asked(ask: () => Promise<Move>, enough: (move: Move) => boolean, signal: AbortSignal): Promise<Move> {
  for (;;) {
    try {
      const move = await ask()
      if (enough(move)) return move
      await pause(againMs, signal)
    } catch (error) {
      if (!isPassing(error)) throw error
      await pause(Math.max(pauseMs, error instanceof Refused ? error.retryAfterMs : 0), signal)
    }
    signal.throwIfAborted()
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
