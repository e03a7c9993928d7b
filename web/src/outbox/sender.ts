import { isPassing, Refused } from '../features/api/shared/http'
import { said } from '../features/api/shared/said'
import type { Accepted, Answer } from '../features/api/shared/wire'
import { backoff } from '../features/api/shared/sse'
import * as answers from './answers'
import type { Receipted, Waiting } from './answers'
import { exclusive } from './exclusive'

/** What happened to an answer. */
export type Outcome =
  | { kind: 'accepted'; answer: Receipted }
  | { kind: 'refused'; answer: Waiting; error: Refused }
  | { kind: 'delayed'; answer: Waiting; error: unknown }

export interface SenderNeeds {
  /** Sends one answer. */
  post: (answer: Answer) => Promise<Accepted>
  /** Whether the server's receipt proves that it has recorded the answer. */
  verify: (answer: Waiting, accepted: Accepted) => Promise<boolean>
  /** Whether the server signed its refusal of the answer. */
  verifyRefusal: (answer: Waiting, refused: Refused) => Promise<boolean>
  /** The instance of this server: answers signed for another one can never be taken here. */
  instance: () => Promise<string>
  /** Whether the device that signed the answer is still this one. */
  isOwn: (answer: Waiting) => Promise<boolean>
  onOutcome: (outcome: Outcome) => void
  now: () => number
}

const staleInstance = new Refused(409, 'other_instance', 'This server has been set up anew since you answered, so the answer does not count here.')

/** What the server says of a device that it does not take answers from, until it is registered again. */
const unregistered = ['device_ended', 'unknown_device']

/** No time to undo and no wait for a busy server is longer: what is due later than that was put off by a clock that has since been set back. */
const longestMs = 10 * 60_000

/**
 * Sends the answers that wait, oldest first. Each is sent until the server acknowledges it or refuses it for good;
 * the same bytes every time, so that the server records it once. A failure of one does not hold up the others, except
 * when the network is gone: then all wait.
 */
export class Sender {
  private running: Promise<void> | undefined
  private again = false

  constructor(private readonly needs: SenderNeeds) {}

  /** Sends what is due. Concurrent calls share one run, which looks again before it ends. */
  drain(): Promise<void> {
    if (this.running) {
      this.again = true
      return this.running
    }
    this.running = this.run().finally(() => (this.running = undefined))
    return this.running
  }

  private async run(): Promise<void> {
    do {
      this.again = false
      await exclusive('outbox', () => this.sendDue())
    } while (this.again)
  }

  /** When the next answer is due, in milliseconds from now, or undefined when none waits. */
  async nextDue(): Promise<number | undefined> {
    const all = await answers.waiting()
    if (all.length === 0) return undefined
    return Math.max(0, Math.min(...all.map((answer) => this.dueIn(answer))))
  }

  private async sendDue(): Promise<void> {
    for (const answer of await answers.waiting()) {
      if (this.dueIn(answer) > 0) continue
      const goOn = await this.sendOne(answer)
      if (!goOn) return
    }
  }

  /** False when there is no point in trying the others now. */
  private async sendOne(answer: Waiting): Promise<boolean> {
    let here: string
    try {
      here = await this.needs.instance()
    } catch (error) {
      await this.delay(answer, error)
      return false
    }
    if (!(await answers.take(answer.assignment))) return true
    if (here !== answer.instance) {
      await this.keepRefusal(answer, staleInstance)
      await this.refuse(answer, staleInstance)
      return true
    }
    try {
      const { assignment, question, device, nonce, time_ms, signature } = answer
      const accepted = await this.needs.post({ assignment, question, device, nonce, time_ms, signature, ...said(answer) })
      const proven = await this.needs.verify(answer, accepted)
      const receipted: Receipted = { ...answer, accepted, proven }
      await answers.keepReceipt(receipted)
      await answers.remove(answer.assignment)
      this.needs.onOutcome({ kind: 'accepted', answer: receipted })
      return true
    } catch (error) {
      if (error instanceof Refused && !isPassing(error) && !(unregistered.includes(error.code) && (await this.needs.isOwn(answer)))) {
        await this.keepRefusal(answer, error)
        await this.refuse(answer, error)
        return true
      }
      await this.delay(answer, error)
      return error instanceof Refused && error.status !== 429
    }
  }

  private async keepRefusal(answer: Waiting, error: Refused): Promise<void> {
    const { code, message: detail, refusal: statement } = error
    const proven = statement && (await this.needs.verifyRefusal(answer, error))
    await answers.keepRefused({ ...answer, refused: { code, detail, at_ms: this.needs.now(), statement, proven, told: false } })
  }

  private async refuse(answer: Waiting, error: Refused): Promise<void> {
    await answers.remove(answer.assignment)
    this.needs.onOutcome({ kind: 'refused', answer, error })
  }

  /** Milliseconds until the answer is due. */
  private dueIn(answer: Waiting): number {
    const ms = Math.max(answer.release_ms, answer.next_ms) - this.needs.now()
    return ms > longestMs ? 0 : ms
  }

  private async delay(answer: Waiting, error: unknown): Promise<void> {
    const asked = Math.min(longestMs, error instanceof Refused ? error.retryAfterMs : 0)
    await answers.postpone(answer.assignment, this.needs.now() + Math.max(asked, backoff(answer.tries)))
    this.needs.onOutcome({ kind: 'delayed', answer, error })
  }
}
