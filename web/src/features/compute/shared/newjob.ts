import type { Card, Job, JobParts, NewJob, Spec } from '../../api/shared/jobs'
import { asRequester } from '../../console/shared/requester'
import { fetchArtefact } from './fetching'
import { presets } from './presets'
import type { Table } from './table'

/** A model that a job has made, or a TorchScript module: what it takes to ask it. */
export interface Trained {
  spec: Spec
  temperature: number
  /** Artefact of what was trained. */
  weights?: string
  /** A file that is to be sent. */
  module?: File
}

/** A TorchScript module and its spec, of the files that were chosen. What is wrong with them is an error to be shown. */
export async function moduleOf(files: File[]): Promise<Trained> {
  const json = files.find((f) => /\.json$/i.test(f.name))
  const module = files.find((f) => f !== json)
  if (files.length !== 2 || !json || !module) throw new Error('Choose two files together: the module, such as net.pt, and its spec, such as net.json.')
  const spec = await json.text().then(JSON.parse).catch(() => undefined) as Spec | undefined
  if (typeof spec?.input?.kind !== 'string' || !Array.isArray(spec.classes)) throw new Error(`${json.name} is no spec: it says what the module looks at (input) and what it tells apart (classes).`)
  return { spec: { ...spec, script: spec.script ?? {} }, temperature: 1, module }
}

/** The model that a training job has made. */
export async function trainedBy(job: string, signal: AbortSignal): Promise<Trained> {
  const { parts } = await asRequester<JobParts>(`/v1/jobs/${job}/parts?limit=1`, { signal })
  const made = (role: string) => {
    const found = parts[0]?.outputs?.find((o) => o.role === role)
    if (!found) throw new Error(`the job has made no ${role}`)
    return found.artefact
  }
  const [spec, card] = await Promise.all([made('spec'), made('card')].map(async (id) => JSON.parse(await (await fetchArtefact(id, signal)).text()) as unknown))
  return { spec: spec as Spec, temperature: (card as Card).temperature, weights: made('weights') }
}

/** The spec of a preset for what a file holds: small pictures in their own size and in grey, others as 64 pixels in colour. */
export function presetFor(name: string, t: Table): Spec {
  const spec = structuredClone(presets[name]!.spec)
  if (spec.input.kind === 'image') spec.input = t.size && Math.max(t.size.height, t.size.width) <= 40 ? { kind: 'image', ...t.size, channels: 1 } : { kind: 'image', height: 64, width: 64, channels: 3 }
  return completed(spec, t)
}

/** A spec with the classes and the columns of a file, where it names none. */
export function completed(spec: Spec, t: Table): Spec {
  const out = { ...spec, classes: spec.classes ?? t.classes, input: { ...spec.input } }
  if (out.input.kind === 'numbers') out.input.columns ??= t.columns
  return out
}

/** Why a file does not suit a job with a model, or undefined. */
export function misfit(kind: string, spec: Spec | undefined, t: Table): string | undefined {
  if (kind !== 'infer' && t.labeled === 0) return 'It has no labels: there is no column or field “label” with anything in it.'
  if (kind === 'train' && t.labeled < 20) return `It has ${t.labeled} labels, and training wants at least 20 to hold some out.`
  if (kind === 'train' && t.classes.length < 2) return 'All its labels are the same, so there is nothing to tell apart.'
  if (!spec) return undefined
  const { input, classes } = spec
  if (input.kind === 'image' && !t.size) return 'The model looks at pictures, and the file has none.'
  if (input.kind !== 'image' && t.size) return 'The file holds pictures, and the model looks at something else.'
  if ((input.kind === 'words' || input.kind === 'tokens') && !t.text) return 'The model reads texts, and the file has no column “text”.'
  if (input.kind === 'numbers') {
    if ((input.columns ?? []).length === 0) return 'No column of the file holds a number in every row.'
    const missing = input.columns!.find((c) => !t.columns.includes(c))
    if (missing !== undefined) return t.wordy.includes(missing) ? `The column “${missing}” holds something that is no number.` : `The model looks at the column “${missing}”, which the file does not have.`
  }
  if (kind !== 'infer' && classes) {
    const strange = t.classes.find((c) => !classes.includes(c))
    if (strange !== undefined) return `It has the label “${strange}”, and the model tells ${classes.slice(0, 12).join(', ')} apart.`
  }
  return undefined
}

/** What the form says besides its files and its model. */
export interface Wishes {
  title: string
  importance: number
  gpu: boolean
  trainer: string
  hours: string
  partRows: string
}

/** The body of a new job whose files are artefacts. */
export function jobBody(kind: string, wishes: Wishes, spec: Spec, trained: Trained | undefined, t: Table, inputs: NewJob['inputs']): NewJob {
  return {
    title: wishes.title.trim(),
    kind,
    model: spec,
    inputs: trained?.weights ? [...inputs, { role: 'weights', artefact: trained.weights, name: 'weights.safetensors' }] : inputs,
    importance: wishes.importance,
    ...(trained && { temperature: trained.temperature }),
    ...(kind === 'infer' && { rows: t.rows }),
    ...(kind === 'infer' && wishes.partRows.trim() !== '' && { part_rows: Number(wishes.partRows) }),
    ...(wishes.trainer.trim() !== '' && { trainer: wishes.trainer.trim() }),
    ...(wishes.gpu && { gpu: true }),
    ...(wishes.hours.trim() !== '' && { max_seconds: Math.round(Number(wishes.hours) * 3600) }),
  }
}

/** The jobs whose models can be asked, newest first. */
export async function trainedJobs(signal: AbortSignal): Promise<Job[]> {
  const { jobs } = await asRequester<{ jobs: Job[] }>('/v1/jobs?state=done&limit=100', { signal })
  return jobs.filter((j) => j.kind === 'train')
}
