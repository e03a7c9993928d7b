import { said as saidOf } from '../features/api/shared/said'
import { reachable, Refused, type Unreachable } from '../features/api/shared/http'
import type { Accepted, Answer, Assignment, Assignments, Problem, Said, Session, SkipReason } from '../features/api/shared/wire'
import { words } from '../features/answering/shared/said'
import type { Visitor } from '../features/answering/shared/visit'
import { keepShared, sharedIn } from '../features/console/shared/shared'
import { go } from '../features/frame/shared/route'
import type { Taste } from '../features/frame/shared/taste'
import { bytes, hex } from '../features/proof/shared/bytes'
import type { Holder, Person } from '../features/identity/shared/identity'
import type { Evidence } from '../features/log/shared/evidence'
import type { Found } from '../features/log/shared/found'
import { contentOf } from '../features/identity/worker/signer'
import type { Logged, Receipted, RefusedAnswer, Waiting } from '../outbox/answers'
import { keep, kept } from '../outbox/database'
import type { Outcome } from '../outbox/sender'
import { Calls, failure } from './calls'

/** An answer as the app keeps it: mobile/sdk has the form. */
export interface KeptAnswer {
  instance: string
  assignment: Assignment
  answer: Answer
  accepted?: Accepted
  refused?: { code: string; text: string; statement?: Problem['refusal']; proven: boolean }
  logged?: { state: 'yes' | 'missing' | 'other'; checkpoint?: string }
  damaged?: string
}

/** What the app's looks into the public log have found: mobile/sdk has the form. */
interface LogFound {
  found: Found
  broken?: Evidence['broken']
  missed: KeptAnswer[]
}

/** Whether the app is told when a question waits. */
export type Waking = 'on' | 'off' | 'denied' | 'never'

interface Shared {
  text: string
  type?: string
  /** A picture, in base64. */
  picture?: string
}

/** The largest file that the app saves, and how much of one goes into a message. */
export const fileMost = 16 << 20
const pieceBytes = 36 << 10

/** What the app does in place of the pages: it holds the keys, signs, keeps the answers and sends them. */
export class Shell {
  private token = ''

  constructor(private readonly app: Calls) {
    app.on<{ path: string }>('go', ({ path }) => path.startsWith('/') && go(path))
    app.on('shared', () => void this.takeShared())
  }

  async person(): Promise<Person | undefined> {
    const { device, wallet, instance, respondent, registered_until } = await this.app.ask<{ device: string; wallet: string; instance: string; respondent: string; registered_until: string }>('person')
    if (!respondent) return undefined
    const copied = await kept<{ wallet: string; at: number }>('copied')
    return {
      device: { key: device },
      wallet: { address: wallet },
      registration: { instance, respondent, expires: Date.parse(registered_until) / 1000 },
      ...(copied?.wallet === wallet && { backedUpAt: copied.at }),
    }
  }

  async holder(): Promise<Holder | undefined> {
    const who = await this.person()
    if (!who) return undefined
    const { wallet } = await this.app.ask<{ wallet: string }>('backup')
    return { ...who, wallet: { ...who.wallet, secret: bytes(wallet, 32) } }
  }

  async registered(): Promise<Person> {
    this.token = (await this.app.ask<Session>('token', { stale: '' })).token
    return (await this.person())!
  }

  async comeBack(): Promise<void> {
    await this.app.ask('register')
  }

  async adopt(key: Uint8Array): Promise<void> {
    await this.app.ask('restore', { wallet: hex(key) })
    await this.registered()
  }

  async noteBackup(at: number): Promise<void> {
    const who = await this.person()
    if (who) await keep('copied', { wallet: who.wallet.address, at })
  }

  /** Sends a request of the page's own, with another token when the first is not taken. */
  async withToken<T>(send: (token: string) => Promise<T>): Promise<T> {
    this.token ||= (await this.app.ask<Session>('token', { stale: '' })).token
    try {
      return await send(this.token)
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error
      this.token = (await this.app.ask<Session>('token', { stale: this.token })).token
      return send(this.token)
    }
  }

  take(count: number, taste: Taste): Promise<Assignments> {
    return this.app.ask('assignments', { count, taste })
  }

  async takeThis(question: string): Promise<Assignments> {
    return { assignments: [await this.app.ask<Assignment>('take', { question })] }
  }

  async skip(assignment: string, reason: SkipReason): Promise<void> {
    await this.app.ask('skip', { assignment, reason })
  }

  /** Has the app sign an answer. It is on the disk when this resolves. */
  async give(assignment: string, said: Said, hold_ms: number): Promise<void> {
    await this.app.ask('answer', { assignment, said: saidOf(said), hold_ms })
  }

  undo(assignment: string): Promise<boolean> {
    return this.app.ask('undo', { assignment }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Refused && error.code === 'too_late') return false
        throw error
      },
    )
  }

  async release(): Promise<void> {
    await this.app.ask('release')
  }

  /** Has what waits sent now: the server answers again. */
  async hurry(): Promise<void> {
    await this.app.ask('online')
  }

  async unsent(): Promise<Waiting[]> {
    return (await this.app.ask<{ answers: KeptAnswer[] }>('unsent')).answers.map(waitingOf)
  }

  /** The newest answers that the server has taken and that it has not, newest first. */
  async settled(): Promise<{ accepted: Receipted[]; refused: RefusedAnswer[] }> {
    const { accepted, refused } = await this.app.ask<{ accepted: KeptAnswer[]; refused: KeptAnswer[] }>('settled')
    return { accepted: accepted.map(receiptedOf), refused: refused.map(refusedOf) }
  }

  /** What the app's own looks into the public log have found wrong, with the evidence. */
  async found(): Promise<Evidence & { found?: Found }> {
    return evidenceOf(await this.app.ask<LogFound>('found'))
  }

  /** The same after a look. */
  async look(): Promise<Evidence & { found?: Found }> {
    return evidenceOf(await this.app.ask<LogFound>('look'))
  }

  onFound(tell: (found: Found | undefined) => void): void {
    this.app.on<Found>('found', (found) => tell(wrong(found)))
  }

  onOutcome(tell: (outcome: Outcome) => void): void {
    this.app.on<KeptAnswer>('accepted', (k) => tell({ kind: 'accepted', answer: receiptedOf(k) }))
    this.app.on<KeptAnswer>('refused', (k) => !k.damaged && tell({ kind: 'refused', answer: waitingOf(k), error: new Refused(409, k.refused!.code, k.refused!.text) }))
    this.app.on<{ code: string; text: string }>('delayed', (error) => {
      const why: Refused | Unreachable = failure({ error })
      if (!(why instanceof Refused)) reachable.set(false)
      void this.unsent().then(([answer]) => answer && tell({ kind: 'delayed', answer, error: why }), () => undefined)
    })
  }

  /** Has the person erased: the server forgets what it can, and the app all but the wallet's key, and that as well if so wanted. */
  async erase(wallet: boolean): Promise<void> {
    await this.app.ask('erase', { wallet })
    this.token = ''
  }

  /** Says that the person has the page before them, or not any more. */
  async here(on: boolean): Promise<void> {
    await this.app.ask('here', { on })
  }

  /** Has what the person is offered told while they are here, until the signal aborts. */
  onVisit(signal: AbortSignal, to: Visitor): void {
    this.app.on<{ live: boolean }>('here', ({ live }) => signal.aborted || to.live(live))
    this.app.on('offered', () => signal.aborted || to.offered())
  }

  private saving: Promise<unknown> = Promise.resolve()

  /** Has the app save a file where the person says. False when they do not. One after the other: the app takes one at a time. */
  save(file: Blob, name: string): Promise<boolean> {
    const saved = this.saving.then(() => this.saveNow(file, name))
    this.saving = saved.catch(() => undefined)
    return saved
  }

  private async saveNow(file: Blob, name: string): Promise<boolean> {
    if (file.size > fileMost) throw new Refused(413, 'too_large', 'The app saves files of 16 MB at most. Open the page in a browser for this one.')
    for (let at = 0; at === 0 || at < file.size; at += pieceBytes) {
      const piece = new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer())
      await this.app.ask('piece', { at, bytes: btoa(Array.from(piece, (byte) => String.fromCharCode(byte)).join('')) })
    }
    const { state } = await this.app.ask<{ state: 'saved' | 'cancelled' }>('save', { name, type: file.type.split(';')[0] || 'application/octet-stream', size: file.size })
    return state === 'saved'
  }

  /** Has the app speak a language in what it says itself; an empty tag is the phone's. */
  async speak(tag: string): Promise<void> {
    await this.app.ask('language', { tag })
  }

  tick(): void {
    void this.app.ask('tick').catch(() => undefined)
  }

  async waking(): Promise<Waking> {
    return (await this.app.ask<{ state: Waking }>('waking')).state
  }

  /** Turns pushes to this phone on or off. The platform may ask the person for permission. */
  async wake(on: boolean): Promise<Waking> {
    return (await this.app.ask<{ state: Waking }>('wake', { on })).state
  }

  /** Opens the form about what another app has given to this one. */
  async takeShared(): Promise<void> {
    const { text, type, picture } = await this.app.ask<Shared>('shared')
    if (!text && !picture) return
    const form = new FormData()
    form.set('text', text)
    if (picture && type) form.set('picture', new File([Uint8Array.from(atob(picture), (c) => c.charCodeAt(0))], 'picture', { type }))
    await keepShared(sharedIn(form))
    go('/ask')
  }
}

/** The app behind a port. */
export function shellAt(port: MessagePort): Shell {
  const shell = new Shell(new Calls(port))
  void shell.takeShared().catch(() => undefined) // what was shared while there was no page
  return shell
}

function waitingOf({ instance, assignment, answer }: KeptAnswer): Waiting {
  const { question } = assignment
  return {
    ...answer,
    instance,
    hash: question.hash,
    respondent: '',
    text: question.text,
    label: words(question, saidOf(answer)),
    asked: contentOf(question),
    pays: question.price,
    release_ms: 0,
    sending: true,
    tries: 0,
    next_ms: 0,
  }
}

function receiptedOf(k: KeptAnswer): Receipted {
  const { state, checkpoint = '' } = k.logged ?? {}
  const logged: Logged | undefined = state === 'yes' || !state ? state : { problem: state, checkpoint }
  return { ...waitingOf(k), accepted: k.accepted!, proven: true, ...(logged && { logged }) } // the app settles no answer before its receipt is right
}

function evidenceOf({ found, broken, missed }: LogFound): Evidence & { found?: Found } {
  const now = wrong(found)
  return { ...(now && { found: now }), ...(broken && { broken }), missed: missed.map(receiptedOf) }
}

function wrong(found: Found): Found | undefined {
  return found.log || found.answers > 0 ? found : undefined
}

function refusedOf(k: KeptAnswer): RefusedAnswer {
  const { code, text: detail, statement, proven } = k.refused!
  return { ...waitingOf(k), refused: { code, detail, at_ms: k.answer.time_ms, ...(statement && { statement, proven }) } }
}
