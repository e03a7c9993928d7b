// What a file of labels holds, read as nodes read it: a table, lines of JSON, or IDX pictures with their labels beside them.

export interface Table {
  rows: number
  labeled: number
  /** In the order of the soft labels where there are any. */
  classes: string[]
  /** Of a table, those that hold a number in every row. */
  columns: string[]
  /** Of a table, those that do not, and that say nothing else that is known. */
  wordy: string[]
  text: boolean
  /** Of IDX pictures. */
  size?: { height: number; width: number }
}

/** A file that no job can read, and why. */
export class Unreadable extends Error {}

const known = ['key', 'text', 'image', 'label', 'confidence']
const classesMost = 1000

/** How a file is read, by its name. */
export function formOf(name: string): 'csv' | 'jsonl' | 'idx' | undefined {
  const plain = name.toLowerCase().replace(/\.gz$/, '')
  if (/-ubyte$|\.idx$/.test(plain)) return 'idx'
  if (/\.jsonl$/i.test(name)) return 'jsonl'
  if (/\.csv$/i.test(name)) return 'csv'
  return undefined
}

/** Splits a table into rows of cells, as RFC 4180 says, for text that may be cut anywhere. */
export class Csv {
  private cell = ''
  private row: string[] = []
  private quoted = false
  /** A quote within quotes: either the first of two, or the end. */
  private closing = false
  private line = 1

  push(chunk: string): string[][] {
    const out: string[][] = []
    for (const c of chunk) {
      if (c === '\n') this.line++
      if (this.closing) {
        this.closing = false
        if (c === '"') {
          this.cell += c
          continue
        }
        this.quoted = false
        if (c !== ',' && c !== '\n' && c !== '\r') throw new Unreadable(`Line ${this.line}: a quote ends within a cell. Write two for one that belongs to it.`)
      }
      if (this.quoted) {
        if (c === '"') this.closing = true
        else this.cell += c
      } else if (c === '"' && this.cell === '') this.quoted = true
      else if (c === ',') this.end()
      else if (c === '\n') {
        this.cell = this.cell.replace(/\r$/, '')
        this.end()
        if (this.row.length > 1 || this.row[0] !== '') out.push(this.row)
        this.row = []
      } else this.cell += c
    }
    return out
  }

  /** The rest, when all has come. */
  finish(): string[][] {
    const rest = this.push('\n')
    if (this.quoted) throw new Unreadable('The table ends within quotes.')
    return rest
  }

  private end(): void {
    this.row.push(this.cell.trim())
    this.cell = ''
  }
}

/** Gathers what rows say of their labels. */
class Labels {
  rows = 0
  labeled = 0
  private readonly seen = new Set<string>()
  private readonly soft: (string | undefined)[] = []

  add(label: string, soft?: number[]): void {
    this.rows++
    if (label === '') return
    this.labeled++
    this.seen.add(label)
    if (this.seen.size > classesMost) throw new Unreadable(`There are more than ${classesMost.toLocaleString('en')} different labels: a model tells fewer apart.`)
    if (!soft) return
    const best = Math.max(...soft)
    while (this.soft.length < soft.length) this.soft.push(undefined)
    if (soft.filter((s) => s === best).length === 1) this.soft[soft.indexOf(best)] ??= label
  }

  classes(): string[] {
    if (this.soft.length === 0) return [...this.seen].sort((a, b) => (a < b ? -1 : 1))
    const silent = this.soft.findIndex((name) => name === undefined)
    if (silent >= 0) throw new Unreadable(`No task has the choice ${silent + 1} for its label, so that the file does not say its name. Train it by the command line, with --choices.`)
    return this.soft as string[]
  }
}

async function* texts(file: Blob, tell: (read: number) => void): AsyncGenerator<string> {
  const reader = file.stream().getReader()
  const decoder = new TextDecoder()
  let read = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    tell((read += value.length))
    yield decoder.decode(value, { stream: true })
  }
  yield decoder.decode()
}

const pictured = 'It names pictures that are files of their own, which jobs do not get yet. Write them in the IDX format, or train with tasknet-node.'

async function readCsv(file: Blob, tell: (read: number) => void): Promise<Table> {
  const csv = new Csv()
  const labels = new Labels()
  let header: string[] | undefined
  const wordy = new Set<string>()
  const take = (rows: string[][]) => {
    for (const cells of rows) {
      if (!header) {
        header = cells
        const twice = header.find((name, i) => header!.indexOf(name) !== i)
        if (twice !== undefined) throw new Unreadable(`Two columns have the name “${twice}”.`)
        continue
      }
      if (cells.length !== header.length) throw new Unreadable(`Row ${labels.rows + 1} has ${cells.length} cells, and the header ${header.length}.`)
      cells.forEach((cell, i) => {
        if (!known.includes(header![i]!) && (cell === '' || !Number.isFinite(Number(cell)))) wordy.add(header![i]!)
        if (header![i] === 'image' && cell !== '') throw new Unreadable(pictured)
      })
      labels.add(cells[header.indexOf('label')] ?? '')
    }
  }
  for await (const text of texts(file, tell)) take(csv.push(text))
  take(csv.finish())
  if (!header) throw new Unreadable('The table has no header.')
  const columns = header.filter((name) => !known.includes(name) && !wordy.has(name))
  return { rows: labels.rows, labeled: labels.labeled, classes: labels.classes(), columns, wordy: [...wordy], text: header.includes('text') }
}

async function readLines(file: Blob, tell: (read: number) => void): Promise<Table> {
  const labels = new Labels()
  let rest = ''
  let line = 0
  const take = (text: string) => {
    line++
    if (text.trim() === '') return
    let row: { image?: string; choices?: unknown; label?: string | null; soft_label?: number[] }
    try {
      row = JSON.parse(text) as typeof row
    } catch {
      throw new Unreadable(`Line ${line} is no JSON.`)
    }
    if (row.choices) throw new Unreadable(`Line ${line} has choices of its own: a model tells the same classes apart in all tasks.`)
    if (row.image) throw new Unreadable(pictured)
    labels.add(row.label ?? '', row.soft_label)
  }
  for await (const text of texts(file, tell)) {
    const all = (rest + text).split('\n')
    rest = all.pop()!
    all.forEach(take)
  }
  take(rest)
  return { rows: labels.rows, labeled: labels.labeled, classes: labels.classes(), columns: [], wordy: [], text: true }
}

const idxMost = 1 << 30

/** The numbers of an IDX file of bytes with so many dimensions: the shape first, then the bytes, of which all are read or none. */
async function readIdx(file: Blob, name: string, dimensions: number, whole: boolean): Promise<{ shape: number[]; values: Uint8Array }> {
  const bad = new Unreadable(`${name} is no IDX file of bytes with ${dimensions === 1 ? 'one dimension' : `${dimensions} dimensions`}.`)
  const reader = (/\.gz$/i.test(name) ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream()).getReader()
  const head = 4 + 4 * dimensions
  const chunks: Uint8Array[] = []
  let length = 0
  while (whole || length < head) {
    const { done, value } = await reader.read().catch(() => {
      throw bad
    })
    if (done) break
    chunks.push(value)
    if ((length += value.length) > idxMost) throw new Unreadable(`${name} is longer than a gibibyte.`)
  }
  void reader.cancel().catch(() => undefined)
  const all = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer())
  if (all.length < head || all[0] !== 0 || all[1] !== 0 || all[2] !== 8 || all[3] !== dimensions) throw bad
  const view = new DataView(all.buffer)
  return { shape: Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i)), values: all.subarray(head) }
}

/** What a file holds; of IDX pictures, with the file of their labels. Throws Unreadable. */
export async function readTable(file: Blob, name: string, labels?: { file: Blob; name: string }, tell: (read: number) => void = () => undefined): Promise<Table> {
  const form = formOf(name)
  if (!form) throw new Unreadable(`${name} is none of a .csv table, lines of JSON (.jsonl) and IDX pictures.`)
  if (file.size === 0) throw new Unreadable(`${name} is empty.`)
  let table: Table
  if (form !== 'idx') {
    table = await (form === 'csv' ? readCsv : readLines)(file, tell)
  } else {
    if (!labels) throw new Unreadable('IDX pictures have their labels in another file: choose it, too.')
    const { shape } = await readIdx(file, name, 3, false)
    const named = await readIdx(labels.file, labels.name, 1, true)
    if (shape[0] !== named.values.length || shape[0] !== named.shape[0]) throw new Unreadable(`There are ${shape[0]} pictures and ${named.values.length} labels.`)
    const classes = [...new Set(named.values)].map(String).sort((a, b) => (a < b ? -1 : 1))
    table = { rows: shape[0]!, labeled: shape[0]!, classes, columns: [], wordy: [], text: false, size: { height: shape[1]!, width: shape[2]! } }
  }
  if (table.rows === 0) throw new Unreadable(`${name} has no rows.`)
  return table
}

/** The preset that suits what a file holds. */
export function suits(t: Table): 'image' | 'text' | 'tabular' {
  return t.size ? 'image' : t.text || t.columns.length === 0 ? 'text' : 'tabular'
}
