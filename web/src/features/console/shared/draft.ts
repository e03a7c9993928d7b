import type { Ask, Audio, Image, Instance, QuestionType } from '../../api/shared/wire'
import { confidence } from '../../api/shared/policy'
import { isLabel, parts } from '../../answering/shared/types'
import { hold, plain, typed } from '../../money/shared/amount'

/** A question being written. Numbers are text while they are typed; what another type needs is kept while one looks at this one. */
export interface Draft {
  type: QuestionType
  text: string
  passage: string
  choices: string[]
  /** By the place of the choice; used when every choice has one. */
  pictures: (Image | undefined)[]
  image?: Image
  alt: string
  audio?: Audio
  /** Of number. */
  from: string
  to: string
  decimals: string
  unit: string
  /** Of multiple; empty for all. */
  fewest: string
  upto: string
  /** Of text. */
  length: string
  rule: 'fixed' | 'confidence'
  people: string
  target: string
  least: string
  most: string
  /** How many answers while too few known ones are in, or model; empty for what the server chooses. */
  fallback: string
  price: string
  deadline: number
  warnings: string[]
  topics: string[]
}

export const blank: Draft = { type: 'choice', text: '', passage: '', choices: ['', ''], pictures: [], alt: '', from: '0', to: '100', decimals: '0', unit: '', fewest: '0', upto: '', length: '200', rule: 'fixed', people: '3', target: '0.95', least: '2', most: '10', fallback: '', price: '', deadline: 86_400, warnings: [], topics: [] }

export const deadlines: [number, string][] = [
  [60, '1 minute'],
  [600, '10 minutes'],
  [3600, '1 hour'],
  [86_400, '1 day'],
  [7 * 86_400, '7 days'],
  [30 * 86_400, '30 days'],
]

/** The types as one chooses among them, each with what an answer to it is. */
export const kinds: [string, [QuestionType, string, string][]][] = [
  ['A choice', [
    ['choice', 'One of some choices', 'One choice is the answer.'],
    ['yes_no', 'Yes or no', 'Two large buttons.'],
    ['scale', 'A scale', 'One step of an ascending scale, such as 1 to 5.'],
    ['pair', 'The better of two', 'Two things are compared.'],
  ]],
  ['A value', [
    ['multiple', 'Several choices', 'Any of the choices, as many as fit.'],
    ['ranking', 'An order', 'All choices, the best first.'],
    ['number', 'A number', 'A number in a range, with its unit.'],
    ['text', 'A short text', 'A few words.'],
  ]],
  ['Marks', [
    ['boxes', 'Boxes on a picture', 'A box around everything that belongs to a class.'],
    ['polygons', 'Outlines on a picture', 'Corner by corner around everything that belongs to a class.'],
    ['mask', 'Painted areas', 'All pixels of a class, painted with a brush.'],
    ['spans', 'Words in a passage', 'Pieces of a text, each with a class.'],
  ]],
]

export type Field = 'text' | 'passage' | 'choices' | 'pictures' | 'image' | 'number' | 'selection' | 'length' | 'people' | 'bounds' | 'fallback' | 'price'

/** The most characters of a passage. */
export const passageLength = 10_000

/** The choices that a draft asks with: those that its type has room for. */
export function choicesOf({ type, choices }: Draft): string[] {
  return choices.slice(0, parts[type].most).map((c) => c.trim())
}

/** The draft as another type, with as many choices as that needs. */
export function retyped(draft: Draft, type: QuestionType): Partial<Draft> {
  const { least, most } = parts[type]
  const written = draft.choices.filter((c) => c.trim() !== '')
  const missing = Math.max(0, least - written.length)
  const choices = most === 0 ? draft.choices : [...written, ...new Array<string>(missing).fill('')]
  return { type, choices, ...(!isLabel(type) && { rule: 'fixed' as const }) }
}

/** What is wrong with a draft, by field; empty when it can be asked. */
export function problems(draft: Draft, limits: Instance['limits']): Partial<{ [field in Field]: string }> {
  const found: Partial<{ [field in Field]: string }> = {}
  const { type } = draft
  const shape = parts[type]
  if (draft.text.trim() === '' && draft.passage.trim() === '' && !draft.image && !draft.audio) found.text = 'Write what is asked, or add a picture.'
  if ([...draft.text].length > limits.text_length) found.text = `At most ${limits.text_length} characters.`
  if (shape.passage && draft.passage.trim() === '') found.passage = 'Give the passage whose words are marked.'
  if ([...draft.passage].length > passageLength) found.passage = `At most ${passageLength} characters.`
  if (shape.image && !draft.image) found.image = 'Add the picture that is marked.'
  const choices = choicesOf(draft)
  const noun = shape.classes ? 'class' : 'choice'
  if (choices.some((c) => c === '')) found.choices = `Every ${noun} needs words.`
  else if (new Set(choices).size < choices.length) found.choices = `Two ${shape.classes ? 'classes' : 'choices'} are the same.`
  else if (choices.some((c) => [...c].length > limits.choice_length)) found.choices = `A ${noun} has at most ${limits.choice_length} characters.`
  const pictures = picturesOf(draft).filter(Boolean).length
  if (pictures > 0 && pictures < choices.length) found.pictures = 'Give every choice a picture, or none.'
  if (type === 'number' && !isRange(draft)) found.number = 'From must be under to, and both may have only so many digits after the point.'
  if (type === 'multiple') {
    const most = draft.upto === '' ? choices.length : Number(draft.upto)
    if (!within(draft.fewest || '0', 0, choices.length) || (draft.upto !== '' && !within(draft.upto, 1, choices.length)) || Number(draft.fewest) > most) found.selection = `Between 0 and ${choices.length}, the fewest not over the most.`
  }
  if (type === 'text' && !within(draft.length, 1, 1000)) found.length = 'Between 1 and 1000 characters.'
  const people = isLabel(type) ? limits.answers : limits.values
  if (draft.rule === 'fixed' && !within(draft.people, 1, people)) found.people = `Between 1 and ${people} people.`
  if (draft.rule === 'confidence') {
    if (!within(draft.least, 1, limits.answers) || !within(draft.most, 1, limits.answers)) found.bounds = `Between 1 and ${limits.answers} answers.`
    else if (Number(draft.least) > Number(draft.most)) found.bounds = 'At least is more than at most.'
    else if (draft.fallback !== '' && draft.fallback !== 'model' && !within(draft.fallback, Number(draft.least), Number(draft.most))) found.fallback = `Between ${Number(draft.least)} and ${Number(draft.most)}, or nothing for half of the most, and no fewer than 3.`
  }
  const price = typed(draft.price)
  if (price === undefined || price === 0n) found.price = 'An amount such as 0.018.'
  return found
}

/** The pictures of the choices, where the type has them. */
export function picturesOf(draft: Draft): (Image | undefined)[] {
  return parts[draft.type].pictures ? choicesOf(draft).map((_, i) => draft.pictures[i]) : []
}

const decimal = /^-?\d{1,12}(?:\.\d{1,6})?$/

/** A decimal as it is signed: a point, no needless zeros. */
function plainDecimal(text: string): string {
  const [whole = '', part = ''] = text.trim().replace(',', '.').replace(/^-/, '').split('.')
  const digits = `${whole.replace(/^0+(?=\d)/, '')}${part.replace(/0+$/, '') && `.${part.replace(/0+$/, '')}`}`
  return text.trim().startsWith('-') && digits !== '0' ? `-${digits}` : digits
}

function isRange({ from, to, decimals, unit }: Draft): boolean {
  const [low, high] = [from, to].map((t) => t.trim().replace(',', '.')) as [string, string]
  if (!decimal.test(low) || !decimal.test(high) || !within(decimals, 0, 6) || [...unit.trim()].length > 20) return false
  return Number(low) < Number(high) && [low, high].every((t) => (plainDecimal(t).split('.')[1] ?? '').length <= Number(decimals))
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

/** The body that asks the draft: what its type has, and nothing that others have. */
export function body(draft: Draft): Ask {
  const { type } = draft
  const ask: Ask = { type, text: draft.text.trim() }
  const choices = choicesOf(draft)
  if (choices.length > 0) ask.choices = choices
  if (draft.passage.trim()) ask.passage = draft.passage.trim()
  if (draft.image) {
    ask.image = draft.image.hash
    if (draft.alt.trim()) ask.image_alt = draft.alt.trim()
  }
  if (draft.audio) ask.audio = draft.audio.hash
  const pictures = picturesOf(draft)
  if (pictures.length > 0 && pictures.every((p) => p !== undefined)) ask.choice_images = pictures.map((p) => ({ image: p!.hash }))
  if (type === 'number') ask.number = { min: plainDecimal(draft.from), max: plainDecimal(draft.to), decimals: Number(draft.decimals), ...(draft.unit.trim() && { unit: draft.unit.trim() }) }
  if (type === 'multiple') {
    if (Number(draft.fewest) > 0) ask.least = Number(draft.fewest)
    if (draft.upto !== '' && Number(draft.upto) < choices.length) ask.most = Number(draft.upto)
  }
  if (type === 'text') ask.length = Number(draft.length)
  ask.quorum = draft.rule === 'fixed' ? { policy: `fixed:${Number(draft.people)}` } : { policy: confidence(draft.target, draft.fallback), min: Number(draft.least), max: Number(draft.most) }
  ask.price = plain(typed(draft.price) ?? 0n)
  ask.deadline_seconds = draft.deadline
  if (draft.warnings.length > 0) ask.warnings = draft.warnings
  if (draft.topics.length > 0) ask.topics = draft.topics
  return ask
}

/** The shell command that asks the same under an idempotency key. Single quotes in the body end and reopen the quoting. */
export function curl(origin: string, ask: Ask, key: string): string {
  const json = JSON.stringify(ask, null, 2).replaceAll("'", "'\\''")
  return `curl ${origin}/v1/questions \\\n  -H "Authorization: Bearer $TASKNET_KEY" \\\n  -H "Idempotency-Key: ${key}" \\\n  -H "Content-Type: application/json" -d '${json}'`
}
