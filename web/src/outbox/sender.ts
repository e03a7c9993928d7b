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
  /** The instance of this server: answers signed for another one can never be taken here. */
  instance: () => Promise<string>
  onOutcome: (outcome: Outcome) => void
  now: () => number
}

const staleInstance = new Refused(409, 'other_instance', 'This server has been set up anew since you answered, so the answer does not count here.')

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
    return Math.max(0, Math.min(...all.map(dueAt)) - this.needs.now())
  }

  private async sendDue(): Promise<void> {
    for (const answer of await answers.waiting()) {
      if (dueAt(answer) > this.needs.now()) continue
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
      if (error instanceof Refused && !isPassing(error)) {
        await this.refuse(answer, error)
        return true
      }
      await this.delay(answer, error)
      return error instanceof Refused && error.status !== 429
    }
  }

  private async refuse(answer: Waiting, error: Refused): Promise<void> {
    await answers.remove(answer.assignment)
    this.needs.onOutcome({ kind: 'refused', answer, error })
  }

  private async delay(answer: Waiting, error: unknown): Promise<void> {
    const asked = error instanceof Refused ? error.retryAfterMs : 0
    await answers.postpone(answer.assignment, this.needs.now() + Math.max(asked, backoff(answer.tries)))
    this.needs.onOutcome({ kind: 'delayed', answer, error })
  }
}

function dueAt(answer: Waiting): number {
  return Math.max(answer.release_ms, answer.next_ms)
}
