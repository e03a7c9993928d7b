import type { Ask, Image, Instance } from '../../api/shared/wire'
import { hold, plain, typed } from '../../money/shared/amount'

/** A question being written. Numbers are text while they are typed. */
export interface Draft {
  text: string
  choices: string[]
  image?: Image
  alt: string
  rule: 'fixed' | 'confidence'
  people: string
  target: string
  least: string
  most: string
  price: string
  deadline: number
}

export const blank: Draft = { text: '', choices: ['', ''], alt: '', rule: 'fixed', people: '3', target: '0.95', least: '2', most: '10', price: '', deadline: 86_400 }

export const deadlines: [number, string][] = [
  [60, '1 minute'],
  [600, '10 minutes'],
  [3600, '1 hour'],
  [86_400, '1 day'],
  [7 * 86_400, '7 days'],
  [30 * 86_400, '30 days'],
]

export type Field = 'text' | 'choices' | 'people' | 'bounds' | 'price'

/** What is wrong with a draft, by field; empty when it can be asked. */
export function problems(draft: Draft, limits: Instance['limits']): Partial<{ [field in Field]: string }> {
  const found: Partial<{ [field in Field]: string }> = {}
  if (draft.text.trim() === '' && !draft.image) found.text = 'Write what is asked, or add a picture.'
  if ([...draft.text].length > limits.text_length) found.text = `At most ${limits.text_length} characters.`
  const choices = draft.choices.map((c) => c.trim())
  if (choices.some((c) => c === '')) found.choices = 'Every choice needs words.'
  else if (new Set(choices).size < choices.length) found.choices = 'Two choices are the same.'
  else if (choices.some((c) => [...c].length > limits.choice_length)) found.choices = `A choice has at most ${limits.choice_length} characters.`
  if (draft.rule === 'fixed' && !within(draft.people, 1, limits.answers)) found.people = `Between 1 and ${limits.answers} people.`
  if (draft.rule === 'confidence') {
    if (!within(draft.least, 1, limits.answers) || !within(draft.most, 1, limits.answers)) found.bounds = `Between 1 and ${limits.answers} answers.`
    else if (Number(draft.least) > Number(draft.most)) found.bounds = 'At least is more than at most.'
  }
  const price = typed(draft.price)
  if (price === undefined || price === 0n) found.price = 'An amount such as 0.018.'
  return found
}

function within(text: string, low: number, high: number): boolean {
  return /^\d{1,6}$/.test(text) && Number(text) >= low && Number(text) <= high
}

/** The most answers that a draft asks for. */
export function most(draft: Draft): number {
  return Number(draft.rule === 'fixed' ? draft.people : draft.most) || 0
}

/** What asking sets aside, or undefined while the numbers make no sense. */
export function holds(draft: Draft, feeBasisPoints: number): bigint | undefined {
  const price = typed(draft.price)
  const n = most(draft)
  return price === undefined || !Number.isSafeInteger(n) || n <= 0 ? undefined : hold(price, feeBasisPoints, n)
}

/** The body that asks the draft. */
export function body(draft: Draft): Ask {
  const ask: Ask = {
    type: 'choice',
    text: draft.text.trim(),
    choices: draft.choices.map((c) => c.trim()),
    quorum: draft.rule === 'fixed' ? { policy: `fixed:${Number(draft.people)}` } : { policy: `confidence:${draft.target}`, min: Number(draft.least), max: Number(draft.most) },
    price: plain(typed(draft.price) ?? 0n),
    deadline_seconds: draft.deadline,
  }
  if (draft.image) {
    ask.image = draft.image.hash
    if (draft.alt.trim()) ask.image_alt = draft.alt.trim()
  }
  return ask
}

/** The shell command that asks the same under an idempotency key. Single quotes in the body end and reopen the quoting. */
export function curl(origin: string, ask: Ask, key: string): string {
  const json = JSON.stringify(ask, null, 2).replaceAll("'", "'\\''")
  return `curl ${origin}/v1/questions \\\n  -H "Authorization: Bearer $TASKNET_KEY" \\\n  -H "Idempotency-Key: ${key}" \\\n  -H "Content-Type: application/json" -d '${json}'`
}
