import type { Layer, Spec } from '../../api/shared/jobs'

// A model as it is edited: numbers are text while one types, and what is left empty has the server's default.

/** A number that a person writes. */
export interface Field {
  key: string
  name: string
  least: number
  most: number
  whole?: boolean
  /** What it is when it is left empty; without one it has to be given. */
  empty?: string
  /** Only every other number from the least on. */
  odd?: boolean
}

const units: Field = { key: 'units', name: 'Units', least: 1, most: 65_536, whole: true }

/** The layers there are, with what each has. */
export const layerTypes: { [type: string]: { name: string; about: string; fields: Field[]; activation?: boolean } } = {
  dense: { name: 'Dense', about: 'each output is a sum of all inputs', fields: [units], activation: true },
  conv: {
    name: 'Convolution',
    about: 'looks at each place of a picture with its neighbours',
    fields: [
      { key: 'filters', name: 'Filters', least: 1, most: 4096, whole: true },
      { key: 'kernel', name: 'Kernel', least: 1, most: 63, whole: true, odd: true, empty: '3' },
      { key: 'stride', name: 'Stride', least: 1, most: 64, whole: true, empty: '1' },
    ],
    activation: true,
  },
  max_pool: { name: 'Greatest of squares', about: 'the greatest of each square of a picture', fields: [{ key: 'size', name: 'Size', least: 2, most: 1024, whole: true, empty: '2' }] },
  mean_pool: { name: 'Mean of squares', about: 'the mean of each square of a picture', fields: [{ key: 'size', name: 'Size', least: 2, most: 1024, whole: true, empty: '2' }] },
  global_pool: { name: 'Mean of all places', about: 'the mean over a picture, or over a sequence', fields: [] },
  flatten: { name: 'Flatten', about: 'all numbers as one row', fields: [] },
  embedding: { name: 'Embedding', about: 'a row of numbers for each word; comes first, on an order of words', fields: [units] },
  recurrent: { name: 'Recurrent', about: 'reads a sequence, and keeps what it holds at the end', fields: [units] },
  attention: { name: 'Attention', about: 'each place of a sequence looks at all others', fields: [{ key: 'heads', name: 'Heads', least: 1, most: 256, whole: true, empty: '4' }] },
  dropout: { name: 'Dropout', about: 'drops a share of numbers while training', fields: [{ key: 'rate', name: 'Rate', least: 0.01, most: 0.99 }] },
  norm: { name: 'Norm', about: 'scales numbers to mean 0 and deviation 1', fields: [] },
}

export const activations = ['relu', 'tanh', 'linear']

/** What a model looks at. */
export const inputKinds: { [kind: string]: { name: string; fields: Field[] } } = {
  words: { name: 'A text, its words', fields: [{ key: 'input.buckets', name: 'Buckets of words', least: 16, most: 1 << 20, whole: true, empty: '4096' }] },
  tokens: {
    name: 'A text, its words in order',
    fields: [
      { key: 'input.buckets', name: 'Buckets of words', least: 16, most: 1 << 20, whole: true, empty: '4096' },
      { key: 'input.length', name: 'Words looked at', least: 1, most: 512, whole: true, empty: '64' },
    ],
  },
  numbers: { name: 'Columns of numbers', fields: [] },
  image: {
    name: 'A picture',
    fields: [
      { key: 'input.height', name: 'Height', least: 1, most: 1024, whole: true },
      { key: 'input.width', name: 'Width', least: 1, most: 1024, whole: true },
      { key: 'input.channels', name: 'Channels', least: 1, most: 3, whole: true, odd: true, empty: '1' },
    ],
  },
}

/** How a model learns, by what it is about. */
export const learning: { [group: string]: Field[] } = {
  optimizer: [
    { key: 'optimizer.learning_rate', name: 'Learning rate', least: 1e-9, most: 10, empty: '0.001, with sgd 0.05' },
    { key: 'optimizer.weight_decay', name: 'Weight decay', least: 0, most: 1, empty: '0' },
    { key: 'optimizer.momentum', name: 'Momentum, of sgd', least: 0, most: 0.9999, empty: '0.9' },
    { key: 'optimizer.clip', name: 'Longest gradient', least: 1e-6, most: 1e6, empty: '1' },
    { key: 'schedule.warmup', name: 'Steps to warm up', least: 0, most: 1e6, whole: true, empty: '0' },
  ],
  training: [
    { key: 'training.epochs', name: 'Epochs at most', least: 1, most: 10_000, whole: true, empty: '20' },
    { key: 'training.batch_size', name: 'Examples a step', least: 1, most: 65_536, whole: true, empty: '32' },
    { key: 'training.patience', name: 'Patience, epochs', least: 1, most: 10_000, whole: true, empty: '4' },
    { key: 'training.hold_out', name: 'Share held out', least: 0.01, most: 0.4, empty: '0.1' },
    { key: 'training.seed', name: 'Seed', least: 0, most: Number.MAX_SAFE_INTEGER, whole: true, empty: '0' },
    { key: 'label_smoothing', name: 'Label smoothing', least: 0, most: 0.5, empty: '0' },
    { key: 'loss.gamma', name: 'Gamma, of focal', least: 0.1, most: 10, empty: '2' },
  ],
  augment: [
    { key: 'augment.shift', name: 'Shift, share of the size', least: 0, most: 0.5, empty: '0' },
    { key: 'augment.rotate', name: 'Turn, degrees', least: 0, most: 180, empty: '0' },
  ],
}

/** What training makes small, by its type. */
export const losses: { [type: string]: string } = {
  cross_entropy: 'cross entropy',
  brier: 'squared error of probabilities',
  focal: 'focal: what it is unsure of',
}

/** A layer as it is edited. Its id is the page's own. */
export interface LayerDraft {
  id: number
  type: string
  activation: string
  values: { [key: string]: string }
}

export interface Draft {
  input: string
  layers: LayerDraft[]
  /** Of input and learning, by their keys. */
  values: { [key: string]: string }
  loss: string
  optimizer: string
  schedule: string
  flip: boolean
  /** One a line; empty: those of the data. */
  classes: string
  columns: string
}

/** The next id for a layer of a draft. */
const nextId = (layers: LayerDraft[]) => Math.max(0, ...layers.map((l) => l.id)) + 1

/** A spec as a draft of it. What training has found out of the data stays behind: another training finds its own. */
export function draftOf(spec: Spec): Draft {
  const values: { [key: string]: string } = {}
  for (const { key } of [...Object.values(inputKinds), ...Object.values(learning).map((fields) => ({ fields }))].flatMap((group) => group.fields)) {
    const [group, name] = key.split('.') as [keyof Spec, string | undefined]
    const value = name === undefined ? spec[group] : (spec[group] as { [name: string]: unknown } | undefined)?.[name]
    if (value !== undefined) values[key] = String(value)
  }
  return {
    input: spec.input.kind,
    layers: spec.layers.map((l, i) => ({ id: i + 1, type: l.type, activation: l.activation ?? 'relu', values: Object.fromEntries((layerTypes[l.type]?.fields ?? []).flatMap(({ key }) => (l[key as keyof Layer] === undefined ? [] : [[key, String(l[key as keyof Layer])]]))) })),
    values,
    loss: spec.loss?.type ?? 'cross_entropy',
    optimizer: spec.optimizer?.type ?? 'adamw',
    schedule: spec.schedule?.type ?? 'cosine',
    flip: spec.augment?.flip ?? false,
    classes: (spec.classes ?? []).join('\n'),
    columns: (spec.input.columns ?? []).join('\n'),
  }
}

/** Lines with something on them. */
export const lines = (text: string) => text.split('\n').map((l) => l.trim()).filter(Boolean)

/** What is wrong with what was written into a field, or undefined. */
export function problemOf({ least, most, whole, odd, empty }: Field, text: string): string | undefined {
  if (text.trim() === '') return empty === undefined ? 'Give a number.' : undefined
  const value = Number(text)
  if (!Number.isFinite(value)) return 'That is no number.'
  if (value < least || value > most) return `From ${least.toLocaleString('en', { maximumFractionDigits: 9 })} to ${most.toLocaleString('en')}.`
  if (whole && !Number.isInteger(value)) return 'A whole number.'
  if (odd && value % 2 === 0) return 'An odd number.'
  return undefined
}

/** Whether a field is one of what was chosen: some are of one loss or optimiser alone. */
export const isOwn = (d: Draft, { key }: Field) => (d.optimizer === 'sgd' || key !== 'optimizer.momentum') && (d.loss === 'focal' || key !== 'loss.gamma')

/** The fields of a draft that say something now, each with the layer that it is of, if any. */
function fieldsOf(d: Draft): { field: Field; text: string; layer?: LayerDraft }[] {
  const own = [...(inputKinds[d.input]?.fields ?? []), ...learning.optimizer!, ...learning.training!, ...(d.input === 'image' ? learning.augment! : [])].filter((f) => isOwn(d, f))
  return [...own.map((field) => ({ field, text: d.values[field.key] ?? '' })), ...d.layers.flatMap((layer) => (layerTypes[layer.type]?.fields ?? []).map((field) => ({ field, text: layer.values[field.key] ?? '', layer })))]
}

/** Whether each field of a draft can be read. */
export function isWritten(d: Draft): boolean {
  return fieldsOf(d).every(({ field, text }) => problemOf(field, text) === undefined)
}

/** The spec that a draft stands for; what was left empty is left out of it. */
export function specOf(d: Draft): Spec {
  const spec: Spec = { input: { kind: d.input }, layers: d.layers.map(({ type, activation }) => ({ type, ...(layerTypes[type]?.activation && activation !== 'relu' && { activation }) })) }
  const put = (at: { [name: string]: unknown }, name: string, text: string) => {
    if (text.trim() !== '') at[name] = Number(text)
  }
  for (const { field, text, layer } of fieldsOf(d)) {
    if (layer) {
      put(spec.layers[d.layers.indexOf(layer)] as unknown as { [name: string]: unknown }, field.key, text)
      continue
    }
    const [group, name] = field.key.split('.') as [string, string | undefined]
    if (name === undefined) put(spec as unknown as { [name: string]: unknown }, group, text)
    else if (text.trim() !== '') put(((spec as unknown as { [group: string]: { [name: string]: unknown } })[group] ??= {}), name, text)
  }
  if (d.loss !== 'cross_entropy') spec.loss = { type: d.loss, ...spec.loss }
  if (d.optimizer !== 'adamw') spec.optimizer = { type: d.optimizer, ...spec.optimizer }
  if (d.schedule !== 'cosine') spec.schedule = { type: d.schedule, ...spec.schedule }
  if (d.flip && d.input === 'image') spec.augment = { ...spec.augment, flip: true }
  const [classes, columns] = [lines(d.classes), lines(d.columns)]
  if (classes.length > 0) spec.classes = classes
  if (columns.length > 0 && d.input === 'numbers') spec.input.columns = columns
  return spec
}

/** A spec that can be planned before there are data: with stand-ins for what they say. */
export function planned(spec: Spec): { spec: Spec; assumed: string[] } {
  const assumed: string[] = []
  const out = { ...spec, input: { ...spec.input } }
  if (!out.classes) {
    out.classes = ['Yes', 'No']
    assumed.push('2 classes')
  }
  if (out.input.kind === 'numbers' && !out.input.columns) {
    out.input.columns = ['1', '2', '3', '4', '5', '6', '7', '8']
    assumed.push('8 columns')
  }
  return { spec: out, assumed }
}

/** A draft with another layer at its end. */
export function added(d: Draft, type: string): Draft {
  const first: { [key: string]: string } = { units: '64', filters: '16', rate: '0.25' }
  const values = Object.fromEntries((layerTypes[type]?.fields ?? []).flatMap(({ key, empty }) => (empty === undefined ? [[key, first[key]!]] : [])))
  return { ...d, layers: [...d.layers, { id: nextId(d.layers), type, activation: 'relu', values }] }
}

export function removed(d: Draft, id: number): Draft {
  return { ...d, layers: d.layers.filter((l) => l.id !== id) }
}

/** A draft whose layer is so many places further down; the same where there is no such place. */
export function moved(d: Draft, id: number, by: number): Draft {
  const from = d.layers.findIndex((l) => l.id === id)
  const to = from + by
  if (from < 0 || to < 0 || to >= d.layers.length) return d
  const layers = [...d.layers]
  layers.splice(to, 0, ...layers.splice(from, 1))
  return { ...d, layers }
}

export function changed(d: Draft, id: number, part: { activation?: string; values?: { [key: string]: string } }): Draft {
  return { ...d, layers: d.layers.map((l) => (l.id === id ? { ...l, ...part, values: { ...l.values, ...part.values } } : l)) }
}

/** What was wrong with a spec that was read from a file. */
export class BadSpec extends Error {}

/** Reads a spec that somebody wrote: its form. Whether its shapes fit, the server says. Throws BadSpec. */
export function readSpec(text: string): Spec {
  let spec: Spec
  try {
    spec = JSON.parse(text) as Spec
  } catch (error) {
    throw new BadSpec(`That is no JSON: ${(error as Error).message}.`)
  }
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) throw new BadSpec('A spec is an object with an input and layers.')
  if (!Object.hasOwn(inputKinds, spec.input?.kind ?? '')) throw new BadSpec(`The input is of kind ${Object.keys(inputKinds).join(', ')}.`)
  if (!Array.isArray(spec.layers)) throw new BadSpec('The layers are a list.')
  for (const [i, l] of spec.layers.entries()) {
    const type = Object.hasOwn(layerTypes, l?.type ?? '') ? layerTypes[l.type] : undefined
    if (!type) throw new BadSpec(`Layer ${i + 1} is of no type that there is: ${Object.keys(layerTypes).join(', ')}.`)
    const known = ['type', ...type.fields.map((f) => f.key), ...(type.activation ? ['activation'] : [])]
    const other = Object.keys(l).find((key) => !known.includes(key))
    if (other) throw new BadSpec(`Layer ${i + 1} (${l.type}) has no ${other}.`)
  }
  const strange = Object.keys(spec).find((key) => !['input', 'layers', 'classes', 'loss', 'label_smoothing', 'optimizer', 'schedule', 'augment', 'training'].includes(key))
  if (strange) throw new BadSpec(`A spec has no ${strange}.`)
  if (spec.loss?.type !== undefined && !Object.hasOwn(losses, spec.loss.type)) throw new BadSpec(`There is no loss ${spec.loss.type}: there are ${Object.keys(losses).join(', ')}.`)
  for (const names of [spec.classes, spec.input.columns]) if (names !== undefined && !(Array.isArray(names) && names.every((n) => typeof n === 'string'))) throw new BadSpec('Classes and columns are lists of names.')
  return spec
}

/** Which layer an error of the server is about, from 0, and what it says of it; undefined where it is about something else. */
export function layerProblem(detail: string, layers: number): { layer: number; text: string } | undefined {
  const about = /^Layer (\d+) \([^)]*\): (.+)$/.exec(detail)
  const layer = about ? Number(about[1]) - 1 : -1
  return layer >= 0 && layer < layers ? { layer, text: `${about![2]![0]!.toUpperCase()}${about![2]!.slice(1)}` } : undefined
}

/** A shape as people write it. */
export const shape = (dims: number[]) => dims.join('×')
