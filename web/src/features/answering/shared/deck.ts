import type { Assignment, Assignments, Content, Instance, SkipReason } from '../../api/shared/wire'
import { Cell } from '../../frame/shared/cell'
import { previewOf } from './preview'

/** A question held by this device, with its pictures and its clip. */
export interface Card {
  assignment: Assignment
  /** Whether the question is what its hash covers. */
  sound: boolean
  /** What became of its files, by their hash. */
  media: { [hash: string]: Medium }
}

export type Medium = { state: 'loading' } | { state: 'ready'; url: string } | { state: 'failed' } | { state: 'wrong' }

/** A file that a question names. */
export interface File {
  hash: string
  url: string
  type: string
}

/** The files of a question, each once. */
export function filesOf({ image, audio, choice_images: images = [] }: Pick<Content, 'image' | 'audio' | 'choice_images'>): File[] {
  return [...new Map([image, audio, ...images].flatMap((file) => (file ? [[file.hash, file] as const] : []))).values()]
}

/**
 * Whether the question can be answered: it is what was asked, and nothing that it shows is missing. While a preview stands for its
 * picture it cannot: the preview may be of anything, and only the picture's bytes are compared with what is signed.
 */
export function isAnswerable(card: Card): boolean {
  const { image } = card.assignment.question
  const previewed = image && previewOf(image) !== undefined && card.media[image.hash]?.state === 'loading'
  return card.sound && !previewed && Object.values(card.media).every((m) => m.state === 'ready' || m.state === 'loading')
}

/** How many questions are held at once: the one that is shown and two more. */
const ahead = 3
/** The most leases that the server lets one device hold. */
const most = 10

export interface DeckNeeds {
  take: (count: number) => Promise<Assignments>
  /** Takes one question by its id. */
  takeThis: (question: string) => Promise<Assignments>
  skip: (assignment: string, reason: SkipReason) => Promise<void>
  instance: () => Promise<Instance>
  /** Whether an assignment's question is what an instance hashed. */
  isAsHashed: (instance: string, assignment: Assignment) => Promise<boolean>
  /** The file's address in this page, 'wrong' when its bytes have another hash. */
  medium: (file: File) => Promise<string | 'wrong'>
  dropMedia: (exceptHashes: Set<string>) => Promise<void>
  /** Assignments that were answered and are not yet acknowledged. */
  unsent: () => Set<string>
  save: (cards: Assignment[], instance: string) => Promise<void>
  saved: () => Promise<{ cards: Assignment[]; instance: string } | undefined>
  now: () => number
}

/** The questions that this device holds, the one to answer first. */
export class Deck {
  readonly cards = new Cell<Card[]>([])
  /** Set while there is nothing to show for a reason: asking for more, nothing there, or an error. */
  readonly state = new Cell<'asking' | 'ready' | 'empty' | { error: unknown }>('asking')
  private readonly done = new Set<string>()
  /** Questions whose answers are being kept: no longer shown, and kept for the next start until the answers are. */
  private readonly lifted = new Map<string, Card>()
  /** The question that was skipped last, while that can be undone. */
  private skipped: { card: Card; reason: SkipReason; timer: ReturnType<typeof setTimeout> } | undefined
  private recalling: Promise<void> | undefined
  private filling: Promise<void> | undefined
  /** The instance that the questions are of. */
  private of: string | undefined

  constructor(private readonly needs: DeckNeeds) {}

  /** Shows the questions of the last visit, without a word from the server. */
  recall(): Promise<void> {
    this.recalling ??= this.fromSaved()
    return this.recalling
  }

  private async fromSaved(): Promise<void> {
    const saved = await this.needs.saved()
    if (saved && this.cards.value.length === 0) await this.merge(saved.cards.filter((a) => Date.parse(a.question.deadline) > this.needs.now()), saved.instance, true)
  }

  /** Shows the questions of the last visit at once, then asks for more. */
  async open(): Promise<void> {
    await this.recall()
    await this.refill()
  }

  /** Asks for as many questions as are missing. Concurrent calls share one request. */
  refill(): Promise<void> {
    this.filling ??= this.fill().finally(() => (this.filling = undefined))
    return this.filling
  }

  private async fill(): Promise<void> {
    if (this.cards.value.length === 0 && this.state.value !== 'empty') this.state.set('asking')
    try {
      const { instance } = await this.needs.instance()
      if (this.of !== undefined && this.of !== instance) this.place([]) // it was set up anew, and has never asked these
      // Leases of answers and of a skip that have not arrived are still open for the server, which returns them first.
      const { assignments } = await this.needs.take(Math.min(most, ahead + this.needs.unsent().size + this.lifted.size + (this.skipped ? 1 : 0)))
      await this.merge(assignments, instance, false)
    } catch (error) {
      this.state.set(this.cards.value.length > 0 ? 'ready' : { error })
    }
  }

  private async merge(assignments: Assignment[], instance: string, fromStore: boolean): Promise<void> {
    const before = new Map(this.cards.value.map((card) => [card.assignment.id, card]))
    const unsent = this.needs.unsent()
    const fresh = assignments.filter((a) => !this.done.has(a.id) && !unsent.has(a.id))
    const cards = await Promise.all(
      fresh.map(async (assignment): Promise<Card> => {
        const card = before.get(assignment.id)
        if (card) return JSON.stringify(card.assignment) === JSON.stringify(assignment) ? card : { ...card, assignment }
        const media = Object.fromEntries(filesOf(assignment.question).map((file) => [file.hash, { state: 'loading' } as const]))
        return { assignment, sound: await this.needs.isAsHashed(instance, assignment), media }
      }),
    )
    // The question that is shown stays, whatever the server says: nothing moves that the person did not move.
    const shown = this.cards.value[0]
    const rest = cards.filter((c) => c.assignment.id !== shown?.assignment.id && !this.done.has(c.assignment.id))
    this.place(shown && !this.done.has(shown.assignment.id) ? [cards.find((c) => c.assignment.id === shown.assignment.id) ?? shown, ...rest] : rest)
    this.state.set(this.cards.value.length > 0 ? 'ready' : fromStore ? 'asking' : 'empty')
    this.of = instance
    for (const card of this.cards.value) void this.load(card)
    if (fromStore) return // nothing is new that could be kept, or let go
    const used = new Set(this.cards.value.flatMap((c) => Object.keys(c.media)))
    await this.needs.dropMedia(used)
    await this.save()
  }

  /** Keeps the questions for the next start. */
  private async save(): Promise<void> {
    if (this.of) await this.needs.save([...this.lifted.values(), ...this.cards.value].map((c) => c.assignment), this.of)
  }

  /** Puts a question on top that the person came for. False when they cannot have it any more. */
  async bring(question: string): Promise<boolean> {
    const of = (card: Card) => card.assignment.question.id === question
    if (!this.cards.value.some(of)) {
      try {
        const { assignments } = await this.needs.takeThis(question)
        const held = this.cards.value.map((card) => card.assignment)
        await this.merge([...held, ...assignments.filter((a) => !held.some((h) => h.id === a.id))], (await this.needs.instance()).instance, false)
      } catch {
        return false // the others are shown, and why these are not by their own requests
      }
    }
    const card = this.cards.value.find(of)
    if (card) this.back(card)
    return card !== undefined
  }

  private async load(card: Card): Promise<void> {
    const missing = filesOf(card.assignment.question).filter((file) => card.media[file.hash]?.state === 'loading')
    await Promise.all(
      missing.map(async (file) => {
        const medium = await this.needs.medium(file).then(
          (url): Medium => (url === 'wrong' ? { state: 'wrong' } : { state: 'ready', url }),
          (): Medium => ({ state: 'failed' }),
        )
        this.tell(card, { [file.hash]: medium })
      }),
    )
  }

  private tell(card: Card, media: Card['media']): void {
    this.place(this.cards.value.map((c) => (c.assignment.id === card.assignment.id ? { ...c, media: { ...c.media, ...media } } : c)))
  }

  /** Tries the files that did not load again. */
  async reload(card: Card): Promise<void> {
    const failed = Object.keys(card.media).filter((hash) => card.media[hash]!.state === 'failed')
    this.tell(card, Object.fromEntries(failed.map((hash) => [hash, { state: 'loading' } as const])))
    const again = this.cards.value.find((c) => c.assignment.id === card.assignment.id)
    if (again) await this.load(again)
  }

  /** Shows the next card: this one's answer is being kept. Then comes pass, or back where it could not be. False when it was answered before. */
  lift(card: Card): boolean {
    if (this.done.has(card.assignment.id)) return false
    this.lifted.set(card.assignment.id, card)
    this.leave(card)
    return true
  }

  /** Takes the card off the deck for good: its answer is kept. */
  pass(card: Card): void {
    this.lifted.delete(card.assignment.id)
    this.leave(card)
    this.note()
    void this.refill()
  }

  private leave(card: Card): void {
    this.done.add(card.assignment.id)
    this.place(this.cards.value.filter((c) => c.assignment.id !== card.assignment.id))
    if (this.cards.value.length === 0) this.state.set('asking')
  }

  /** Keeps the questions where nothing else does: without a network the next start would ask again. */
  private note(): void {
    void this.save().catch(() => undefined)
  }

  /** Puts a card back on top: its answer was undone. */
  back(card: Card): void {
    this.done.delete(card.assignment.id)
    this.lifted.delete(card.assignment.id)
    this.place([card, ...this.cards.value.filter((c) => c.assignment.id !== card.assignment.id)])
    this.note()
    this.state.set('ready')
  }

  /** Takes the card off the deck unanswered. Its lease is given back after ms milliseconds, if the skip is not undone before. */
  skip(card: Card, reason: SkipReason, ms: number): void {
    this.release()
    this.skipped = { card, reason, timer: setTimeout(() => this.release(), ms) }
    this.leave(card)
    this.note()
    if (ms > 0) void this.refill()
    else this.release() // and asks for more once the server knows
  }

  /** Gives the lease of a skipped card back at once. The lease runs out by itself when the server does not hear. */
  release(): void {
    if (!this.skipped) return
    const { card, reason, timer } = this.skipped
    clearTimeout(timer)
    this.skipped = undefined
    void this.needs
      .skip(card.assignment.id, reason)
      .catch(() => undefined)
      .then(() => this.refill())
  }

  /** Brings a skipped card back. False when its lease was given back already. */
  unskip(card: Card): boolean {
    if (this.skipped?.card.assignment.id !== card.assignment.id) return false
    clearTimeout(this.skipped.timer)
    this.skipped = undefined
    this.back(card)
    return true
  }

  private place(cards: Card[]): void {
    this.cards.set(cards)
  }
}
