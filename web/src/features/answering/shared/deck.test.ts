import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Assignment, Instance } from '../../api/shared/wire'
import { Deck, filesOf, isAnswerable, type Card, type DeckNeeds } from './deck'
import { arrangement, beside, split } from './text'

const assignment = (id: string, image?: string): Assignment => ({
  id,
  expires_at: '2026-11-21T12:00:00.000Z',
  question: { id: `q_${id}`, deadline: '2026-11-22T12:00:00.000Z', choices: ['a', 'b'], ...(image && { image: { hash: image, url: `/media/${image}` } }) } as Assignment['question'],
})

interface World {
  offered: Assignment[]
  asked: number[]
  skipped: string[]
  unsent: Set<string>
  saved: { cards: Assignment[]; instance: string } | undefined
  unsound: Set<string>
  lost: Set<string>
  broken: unknown
}

let world: World
let deck: Deck

beforeEach(() => {
  world = { offered: ['1', '2', '3'].map((id) => assignment(id)), asked: [], skipped: [], unsent: new Set(), saved: undefined, unsound: new Set(), lost: new Set(['lost']), broken: undefined }
  const needs: DeckNeeds = {
    take: async (count) => {
      world.asked.push(count)
      if (world.broken) throw world.broken
      return { assignments: world.offered.slice(0, count) }
    },
    takeThis: async (question) => {
      if (question === 'q_gone') throw new Error('409')
      return { assignments: [{ ...assignment('9'), question: { ...assignment('9').question, id: question } }] }
    },
    skip: async (id, reason) => {
      world.skipped.push(`${id} ${reason}`)
      world.offered = world.offered.filter((a) => a.id !== id)
    },
    instance: async () => ({ instance: 'here' }) as Instance,
    isAsHashed: async (_, a) => !world.unsound.has(a.id),
    medium: async (file) => {
      if (world.lost.has(file.hash)) throw new Error('404')
      return file.hash === 'swapped' ? 'wrong' : `blob:${file.hash}`
    },
    dropMedia: async () => undefined,
    unsent: () => world.unsent,
    save: async (cards, instance) => void (world.saved = { cards, instance }),
    saved: async () => world.saved,
    now: () => Date.parse('2026-11-21T11:00:00.000Z'),
  }
  deck = new Deck(needs)
})

const ids = () => deck.cards.value.map((c) => c.assignment.id)

describe('the deck', () => {
  it('does not ask again at the next start what was answered without a network, and asks again what was undone', async () => {
    await deck.open()
    world.broken = new Error('offline')
    const [one] = deck.cards.value
    deck.pass(one!)
    await vi.waitFor(() => expect(world.saved?.cards.map((a) => a.id)).toEqual(['2', '3']))
    deck.back(one!)
    await vi.waitFor(() => expect(world.saved?.cards.map((a) => a.id)).toEqual(['1', '2', '3']))
  })
  it('shows the next question while an answer is being kept, and forgets nothing until it is', async () => {
    await deck.open()
    const [one, two] = deck.cards.value
    expect(deck.lift(one!)).toBe(true)
    expect(deck.lift(one!)).toBe(false)
    expect(ids()).toEqual(['2', '3'])
    await deck.refill()
    expect(ids()).toEqual(['2', '3'])
    expect(world.asked).toEqual([3, 4]) // its lease is still open for the server
    expect(world.saved?.cards.map((a) => a.id)).toEqual(['1', '2', '3'])
    deck.pass(one!)
    await vi.waitFor(() => expect(world.saved?.cards.map((a) => a.id)).toEqual(['2', '3']))
    deck.lift(two!)
    deck.back(two!)
    expect(ids()).toEqual(['2', '3'])
    expect(deck.lift(two!)).toBe(true)
  })
  it('puts a question on top that the person came for, and keeps the others', async () => {
    await deck.open()
    expect(await deck.bring('q_wanted')).toBe(true)
    expect(ids()).toEqual(['9', '1', '2', '3'])
    expect(await deck.bring(deck.cards.value[2]!.assignment.question.id)).toBe(true)
    expect(await deck.bring('q_gone')).toBe(false)
    expect(deck.cards.value.length).toBe(4)
  })

  it('holds the question that is shown and two more', async () => {
    await deck.open()
    expect(ids()).toEqual(['1', '2', '3'])
    expect(world.asked).toEqual([3])
    expect(deck.state.value).toBe('ready')
  })
  it('goes on when one is answered, and asks past the leases of answers on their way', async () => {
    await deck.open()
    world.offered.push(assignment('4'))
    world.unsent.add('1')
    deck.pass(deck.cards.value[0]!)
    expect(ids()).toEqual(['2', '3'])
    await deck.refill()
    expect(world.asked).toEqual([3, 4])
    expect(ids()).toEqual(['2', '3', '4'])
  })
  it('brings a question back when its answer is undone', async () => {
    await deck.open()
    const first = deck.cards.value[0]!
    deck.pass(first)
    deck.back(first)
    await deck.refill()
    expect(ids()).toEqual(['1', '2', '3'])
  })
  it('never moves the question that is shown', async () => {
    await deck.open()
    world.offered = [assignment('9'), assignment('2')]
    await deck.refill()
    expect(ids()).toEqual(['1', '9', '2'])
  })
  it('skips, and tells the server', async () => {
    await deck.open()
    deck.skip(deck.cards.value[0]!, 'unclear', 0)
    await Promise.resolve()
    await deck.refill()
    expect(world.skipped).toEqual(['1 unclear'])
    expect(ids()).toEqual(['2', '3'])
  })
  it('tells the server of a skip when the time to undo it is over, and asks past its lease until then', async () => {
    vi.useFakeTimers()
    try {
      await deck.open()
      world.offered.push(assignment('4'))
      deck.skip(deck.cards.value[0]!, 'offensive', 5000)
      await vi.advanceTimersByTimeAsync(4999)
      expect(world.skipped).toEqual([])
      expect(world.asked).toEqual([3, 4])
      expect(ids()).toEqual(['2', '3', '4'])
      await vi.advanceTimersByTimeAsync(1)
      expect(world.skipped).toEqual(['1 offensive'])
      expect(world.asked).toEqual([3, 4, 3])
      expect(deck.unskip({ assignment: assignment('1'), sound: true, media: {} })).toBe(false)
    } finally {
      vi.useRealTimers()
    }
  })
  it('brings a skipped question back, and tells nobody', async () => {
    vi.useFakeTimers()
    try {
      await deck.open()
      const first = deck.cards.value[0]!
      deck.skip(first, 'broken', 5000)
      expect(deck.unskip(first)).toBe(true)
      await vi.advanceTimersByTimeAsync(10_000)
      expect(world.skipped).toEqual([])
      expect(ids()).toEqual(['1', '2', '3'])
    } finally {
      vi.useRealTimers()
    }
  })
  it('sends a skip when the next one comes, and when it is released', async () => {
    await deck.open()
    const [first, second] = deck.cards.value
    deck.skip(first!, 'none', 5000)
    deck.skip(second!, 'not_for_me', 5000)
    expect(world.skipped).toEqual(['1 none'])
    deck.release()
    deck.release()
    expect(world.skipped).toEqual(['1 none', '2 not_for_me'])
  })
  it('shows the last visit’s questions before the server answers, unless they are of another instance', async () => {
    world.saved = { cards: [assignment('7')], instance: 'here' }
    world.broken = new Error('offline')
    await deck.open()
    expect(ids()).toEqual(['7'])
    const other = new Deck({ ...(deck as unknown as { needs: DeckNeeds }).needs, saved: async () => ({ cards: [assignment('8')], instance: 'elsewhere' }) })
    await other.open()
    expect(other.cards.value).toEqual([])
    expect(other.state.value).toEqual({ error: world.broken })
  })
  it('recalls the last visit without a word from the server, and drops it when that was set up anew', async () => {
    world.saved = { cards: [assignment('7')], instance: 'elsewhere' }
    await deck.recall()
    expect(ids()).toEqual(['7'])
    expect(world.asked).toEqual([])
    await deck.open()
    expect(ids()).toEqual(['1', '2', '3'])
  })
  it('marks a question whose hash is another', async () => {
    world.unsound.add('2')
    await deck.open()
    expect(deck.cards.value.map((c) => c.sound)).toEqual([true, false, true])
  })
  it('says what became of pictures, and tries again', async () => {
    world.offered = [assignment('1', 'fine'), assignment('2', 'lost'), assignment('3', 'swapped')]
    await deck.open()
    await new Promise((resolve) => setTimeout(resolve))
    const media = () => deck.cards.value.map((c) => Object.values(c.media)[0])
    expect(media()).toEqual([{ state: 'ready', url: 'blob:fine' }, { state: 'failed' }, { state: 'wrong' }])
    expect(deck.cards.value.map(isAnswerable)).toEqual([true, false, false])
    world.lost.clear()
    await deck.reload(deck.cards.value[1]!)
    expect(media()[1]).toEqual({ state: 'ready', url: 'blob:lost' })
  })
  it('loads every file of a question once', async () => {
    const file = (hash: string) => ({ hash, url: `/media/${hash}`, type: 'image/png' }) as Card['assignment']['question']['image']
    const all = { image: file('a'), audio: file('b'), choice_images: [file('c'), file('a')] } as Parameters<typeof filesOf>[0]
    expect(filesOf(all).map((f) => f.hash)).toEqual(['a', 'b', 'c'])
    expect(filesOf({})).toEqual([])
  })
  it('is empty when there is nothing', async () => {
    world.offered = []
    await deck.open()
    expect(deck.state.value).toBe('empty')
  })
})

describe('texts', () => {
  it('are split into what is asked and what it is about', () => {
    expect(split('Is it late?')).toEqual({ ask: 'Is it late?', passage: '' })
    expect(split('Parcel came.\n\nIs it late?')).toEqual({ ask: 'Is it late?', passage: 'Parcel came.' })
    expect(split('Judge this\nfirst\nsecond')).toEqual({ ask: 'Judge this', passage: 'first\nsecond' })
    expect(split('')).toEqual({ ask: '', passage: '' })
  })
  it('are told from others with the same words', () => {
    const image = { alt: 'A grey bird' } as Assignment['question']['image']
    expect(beside({ type: 'yes_no', text: 'Is this mail spam?', passage: 'You have won\n a prize', image })).toBe('You have won a prize')
    expect(beside({ text: 'Is it late?\nParcel came.' })).toBe('Parcel came.')
    expect(beside({ type: 'pair', text: 'Which is better?', choices: ['this', 'that'] })).toBe('this / that')
    expect(beside({ type: 'choice', text: 'Which bird?', choices: ['heron', 'egret'], image })).toBe('A grey bird')
    expect(beside({ text: '', image })).toBe('') // it stands in the place of the words
    expect(beside({ type: 'yes_no', text: 'Is 17 a prime number?' })).toBe('')
  })
  it('of choices decide how they are laid out', () => {
    expect(arrangement(['Missing tiles', 'Fallen tree', 'Water damage', 'No damage'])).toBe('two')
    expect(arrangement(['Yes', 'No', 'It depends on what is meant'])).toBe('list')
    expect(arrangement(['Unconstitutionally', 'No'])).toBe('list')
    expect(arrangement(['1', '2', '3', '4', '5'])).toBe('list')
  })
})
