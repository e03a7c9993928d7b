import type { ChangeProject, NewProject, Project, ProjectExample } from '../../api/shared/projects'
import type { Instance, Quorum, QuestionType } from '../../api/shared/wire'
import { confidence } from '../../api/shared/policy'
import { hold, micro, plain, typed } from '../../money/shared/amount'
import { tagsOf } from '../../frame/shared/languages'
import { choicesOf } from './types'

/** An example as it is typed. */
export interface PlannedExample {
  good: boolean
  text: string
  image: string
  answer: string
  why: string
}

/** What is typed of a project, new or changed. Numbers are text while they are typed. */
export interface Plan {
  /** A label configuration of Label Studio; when there is one, it says what is asked, and not the type and what belongs to it. */
  config: string
  type: QuestionType
  text: string
  choices: string[]
  min: string
  max: string
  decimals: string
  unit: string
  least: string
  most: string
  length: string
  name: string
  instructions: string
  examples: PlannedExample[]
  languages: string
  warnings: string[]
  topics: string[]
  rule: 'fixed' | 'confidence'
  people: string
  target: string
  fewest: string
  highest: string
  /** How many answers while too few known ones are in, or model; empty for what the server chooses. */
  fallback: string
  price: string
  /** By how many percent the price rises with each further answer. */
  rise: string
  gold: string
  each: string
  deadline: number
}

export const blank: Plan = {
  config: '', type: 'choice', text: '', choices: ['', ''], min: '0', max: '100', decimals: '0', unit: '', least: '0', most: '', length: '200',
  name: '', instructions: '', examples: [], languages: '', warnings: [], topics: [],
  rule: 'fixed', people: '3', target: '0.95', fewest: '2', highest: '10', fallback: '', price: '', rise: '0', gold: '10', each: '', deadline: 30 * 86_400,
}

export type Step = 'question' | 'guide' | 'answers'
export const steps: { [step in Step]: string } = { question: 'The question', guide: 'The guide', answers: 'Answers and pay' }

export type Field = 'config' | 'text' | 'choices' | 'number' | 'several' | 'length' | 'name' | 'instructions' | 'examples' | 'languages' | 'people' | 'bounds' | 'fallback' | 'price' | 'rise' | 'gold' | 'each'
export type Problems = Partial<{ [field in Field]: string }>

const limits = { name: 120, instructions: 20_000, example: 2000, languages: 10, goldPercent: 50, textLength: 1000, each: 1_000_000, config: 65_536 }

/** Whether the answers of a type are choices, so that asking can stop when one of them is sure enough. */
export function stopsWhenSure(type: QuestionType): boolean {
  return type === 'choice' || type === 'yes_no' || type === 'scale' || type === 'pair'
}

/** What is wrong with one step of a plan, by field; empty when it can be left behind. */
export function problems(plan: Plan, step: Step, limit: Instance['limits']): Problems {
  const found: Problems = {}
  if (step === 'question') question(plan, limit, found)
  else if (step === 'guide') guide(plan, found)
  else answers(plan, limit, found)
  return found
}

function question(plan: Plan, limit: Instance['limits'], found: Problems): void {
  if (length(plan.text) > limit.text_length) found.text = `At most ${limit.text_length} characters.`
  if (plan.config.trim() !== '') {
    if (length(plan.config.trim()) > limits.config) found.config = `At most ${limits.config.toLocaleString('en')} characters.`
    return
  }
  const { least, most } = choicesOf(plan.type)
  const choices = named(plan)
  if (most > 0) {
    if (choices.length < least) found.choices = least === 1 ? 'Name at least one.' : `Name at least ${least}.`
    else if (choices.length > most) found.choices = `At most ${most}.`
    else if (plan.type === 'pair' && choices.length === 1) found.choices = 'Two, or none: then each task brings its own.'
    else if (plan.type === 'ranking' && choices.length === 1) found.choices = 'At least 2, or none: then each task brings its own.'
    else if (new Set(choices).size < choices.length) found.choices = 'Two of them are the same.'
    else if (choices.some((c) => length(c) > limit.choice_length)) found.choices = `Each has at most ${limit.choice_length} characters.`
  }
  if (plan.type === 'number') {
    if (!isDecimal(plan.min) || !isDecimal(plan.max)) found.number = 'Two numbers, such as 0 and 100.'
    else if (Number(plan.min) >= Number(plan.max)) found.number = 'The lowest is not under the highest.'
    else if (!within(plan.decimals, 0, 6)) found.number = 'Between 0 and 6 digits after the point.'
    else if (digits(plan.min) > Number(plan.decimals) || digits(plan.max) > Number(plan.decimals)) found.number = 'The range has more digits after the point than answers may have.'
  }
  if (plan.type === 'multiple') {
    const top = plan.most.trim() === '' ? choices.length : Number(plan.most)
    if (!within(plan.least, 0, choices.length) || !(top >= 1 && top <= choices.length)) found.several = `Between 0 and ${choices.length}.`
    else if (Number(plan.least) > top) found.several = 'At least is more than at most.'
  }
  if (plan.type === 'text' && !within(plan.length, 1, 1000)) found.length = 'Between 1 and 1000.'
}

function guide(plan: Plan, found: Problems): void {
  const name = plan.name.trim()
  if (name === '') found.name = 'Give it a name.'
  else if (length(name) > limits.name) found.name = `At most ${limits.name} characters.`
  if (length(plan.instructions) > limits.instructions) found.instructions = `At most ${limits.instructions.toLocaleString('en')} characters.`
  if (plan.examples.some((e) => e.answer.trim() === '' || (e.text.trim() === '' && e.image === ''))) found.examples = 'Each example has an answer, and a text or a picture.'
  else if (plan.examples.some((e) => [e.text, e.answer, e.why].some((t) => length(t) > limits.example))) found.examples = `No text of an example has more than ${limits.example} characters.`
  const tags = tagsOf(plan.languages)
  if (tags && tags.length > limits.languages) found.languages = `At most ${limits.languages}.`
  else if (!tags) found.languages = 'Tags such as en, de or pt-BR, with commas between them.'
}

function answers(plan: Plan, limit: Instance['limits'], found: Problems): void {
  const sure = stopsWhenSure(plan.type)
  const people = sure ? limit.answers : limit.values
  if (plan.rule === 'fixed' || !sure) {
    if (!within(plan.people, 1, people)) found.people = `Between 1 and ${people} people.`
  } else {
    if (!within(plan.fewest, 1, limit.answers) || !within(plan.highest, 1, limit.answers)) found.bounds = `Between 1 and ${limit.answers} answers.`
    else if (Number(plan.fewest) > Number(plan.highest)) found.bounds = 'At least is more than at most.'
    else if (!['', 'model'].includes(plan.fallback.trim()) && !within(plan.fallback, Number(plan.fewest), Number(plan.highest))) found.fallback = `Between ${Number(plan.fewest)} and ${Number(plan.highest)}, or nothing for half of the most, and no fewer than 3.`
  }
  const price = typed(plan.price)
  if (price === undefined || price === 0n) found.price = 'An amount such as 0.018.'
  if (!/^\d{1,3}([.,]\d{1,2})?$/.test(plan.rise.trim()) || percent(plan.rise) > 100) found.rise = 'Between 0 and 100.'
  if (!/^\d{1,2}([.,]\d{1,2})?$/.test(plan.gold.trim()) || percent(plan.gold) > limits.goldPercent) found.gold = `Between 0 and ${limits.goldPercent}.`
  if (plan.each.trim() !== '' && !within(plan.each, 1, limits.each)) found.each = 'A number of tasks, or nothing for any number.'
}

const length = (text: string) => [...text].length
const isDecimal = (text: string) => /^-?\d{1,12}(\.\d{1,6})?$/.test(text.trim())
const digits = (text: string) => (text.trim().split('.')[1] ?? '').replace(/0+$/, '').length
const within = (text: string, low: number, high: number) => /^\d{1,7}$/.test(text.trim()) && Number(text) >= low && Number(text) <= high
const percent = (text: string) => Number(text.trim().replace(',', '.'))

/** The choices that have words. */
export function named(plan: Plan): string[] {
  return plan.choices.map((c) => c.trim()).filter(Boolean)
}

/** A percentage as a share of 1, by its digits: 10 is 0.1, 2.5 is 0.025. */
function share(text: string): string {
  return String(Math.round(percent(text) * 100) / 10_000)
}

/** The same backwards. */
function percentOf(share: string): string {
  return String(Math.round(Number(share) * 10_000) / 100)
}

function quorum(plan: Plan): Quorum {
  return plan.rule === 'fixed' || !stopsWhenSure(plan.type) ? { policy: `fixed:${Number(plan.people)}` } : { policy: confidence(plan.target, plan.fallback), min: Number(plan.fewest), max: Number(plan.highest) }
}

function examples(plan: Plan): ProjectExample[] {
  return plan.examples.map((e) => ({ good: e.good, ...(e.text.trim() && { text: e.text.trim() }), ...(e.image && { image: e.image }), answer: e.answer.trim(), ...(e.why.trim() && { why: e.why.trim() }) }))
}

/** What a change of a project says: the guide, and how answers are wanted and paid. */
export function change(plan: Plan): Required<ChangeProject> {
  return {
    name: plan.name.trim(),
    instructions: plan.instructions.trim(),
    examples: examples(plan),
    languages: tagsOf(plan.languages) ?? [],
    warnings: plan.warnings,
    topics: plan.topics,
    quorum: quorum(plan),
    price: plain(typed(plan.price) ?? 0n),
    deadline_seconds: plan.deadline,
    gold_rate: share(plan.gold),
    difficulty_rate: share(plan.rise),
    most_per_person: Number(plan.each),
  }
}

/** The body that makes the project. */
export function body(plan: Plan): NewProject {
  const config = plan.config.trim()
  const project: NewProject = { ...(config ? { label_config: config } : { type: plan.type }), ...change(plan) }
  const text = plan.text.trim()
  if (text) project.text = text
  if (config) return project
  const choices = named(plan)
  if (choicesOf(plan.type).most > 0 && choices.length > 0) project.choices = choices
  if (plan.type === 'number') project.number = { min: decimal(plan.min), max: decimal(plan.max), decimals: Number(plan.decimals), ...(plan.unit.trim() && { unit: plan.unit.trim() }) }
  if (plan.type === 'multiple') {
    if (Number(plan.least) > 0) project.least = Number(plan.least)
    if (plan.most.trim() !== '') project.most = Number(plan.most)
  }
  if (plan.type === 'text') project.length = Number(plan.length)
  return project
}

/** A decimal without needless zeros. */
function decimal(text: string): string {
  const [whole = '0', frac = ''] = text.trim().split('.')
  const end = frac.replace(/0+$/, '')
  return whole.replace(/^(-?)0+(?=\d)/, '$1') + (end && `.${end}`)
}

/** A project as its form shows it. */
export function planOf(p: Project): Plan {
  const sure = /^confidence:([^,]+)(?:,(?:fixed:)?(.+))?$/.exec(p.quorum.policy)
  return {
    ...blank,
    type: p.type,
    text: p.text ?? '',
    choices: p.choices,
    name: p.name,
    instructions: p.instructions ?? '',
    examples: p.examples.map((e) => ({ good: e.good, text: e.text ?? '', image: e.image ?? '', answer: e.answer, why: e.why ?? '' })),
    languages: p.languages.join(', '),
    warnings: p.warnings,
    topics: p.topics,
    rule: sure ? 'confidence' : 'fixed',
    people: sure ? blank.people : p.quorum.policy.split(':')[1]!,
    target: sure ? Number(sure[1]).toFixed(2) : blank.target,
    fewest: String(p.quorum.min ?? blank.fewest),
    highest: String(p.quorum.max ?? blank.highest),
    fallback: sure?.[2] ?? '',
    price: p.price,
    rise: percentOf(p.difficulty_rate),
    gold: percentOf(p.gold_rate),
    each: p.most_per_person > 0 ? String(p.most_per_person) : '',
    deadline: p.deadline_seconds,
  }
}

/** What a task costs at most and at least, with the operator's fee; undefined while the numbers make no sense. */
export function cost(plan: Plan, feeBasisPoints: number): { least: bigint; most: bigint } | undefined {
  const price = typed(plan.price)
  const { policy, min, max } = quorum(plan)
  const [low, high] = policy.startsWith('fixed') ? [Number(plan.people), Number(plan.people)] : [min!, max!]
  if (price === undefined || price === 0n || ![low, high].every((n) => Number.isSafeInteger(n) && n > 0)) return undefined
  return { least: hold(price, feeBasisPoints, low), most: hold(price, feeBasisPoints, high) }
}

/** How many tasks a balance covers while all of them may take the most answers. */
export function covered(available: string, most: bigint): number {
  return most <= 0n ? 0 : Number(micro(available) / most)
}
