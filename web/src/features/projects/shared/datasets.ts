import type { Dataset, DatasetRow, DatasetRows } from '../../api/shared/projects'
import type { Said } from '../../api/shared/wire'
import { open } from '../../api/shared/http'
import { apiKey, asRequester } from '../../console/shared/requester'

// What a browser writes of a version, from its rows: the same lines as tasknet dataset export. The other forms come from the
// server, as archives.

export const versionPath = (id: string) => `/v1/datasets/${id}`

export const forms = {
  jsonl: { name: 'JSON lines', says: 'A task a line, with soft labels and every answer.', type: 'application/x-ndjson', head: '', lines: json },
  csv: { name: 'CSV of answers', says: 'task, worker, label: what people answered, under pseudonyms.', type: 'text/csv', head: 'task,worker,label\n', lines: csv },
} satisfies { [format: string]: { name: string; says: string; type: string; head: string; lines: (row: DatasetRow) => string } }

export type Form = keyof typeof forms

/** A label or an answer as a word: the choice's, "cannot tell", or the value, a text or a number without quotes. */
export function word(said: Said, choices: string[]): string {
  if (said.value !== undefined) return typeof said.value === 'string' ? said.value : JSON.stringify(said.value)
  return said.choice < 0 ? 'cannot tell' : (choices[said.choice] ?? String(said.choice))
}

/** How much a label counts where a model learns from it: the less the closer its confidence is to an even guess. */
function weight(ppm: number, choices: number): number {
  const even = 1 / choices
  return Math.max(Math.round((1e6 * (ppm / 1e6 - even)) / (1 - even)) / 1e6, 0.05)
}

/** A row as a line of JSON. */
export function json({ key, text, passage, image, audio, choices, choice_images, record, answers }: DatasetRow): string {
  const label = record.value === undefined && record.choice !== undefined && record.choice >= 0 ? choices[record.choice] : null
  const line = {
    key,
    text,
    passage,
    image: image?.url,
    image_alt: image?.alt,
    width: image?.width,
    height: image?.height,
    audio: audio?.url,
    choices: choices.length > 0 ? choices : undefined,
    choice_images: choice_images?.map((i) => i.url),
    label,
    label_value: record.value,
    soft_label: record.soft_ppm.length > 0 ? record.soft_ppm.map((n) => n / 1e6) : undefined,
    weight: label === null ? undefined : weight(record.confidence_ppm, choices.length),
    confidence: record.confidence_ppm / 1e6,
    method: record.method,
    answers: answers.map((a) => ({ worker: a.worker, ...(a.value !== undefined ? { label_value: a.value } : { label: word(a, choices) }), at: a.at })),
    question: record.question,
  }
  return `${JSON.stringify(line)}\n`
}

/** A row as lines of task, worker, label. */
export function csv({ key, choices, answers }: DatasetRow): string {
  return answers.map((a) => `${[key, a.worker, word(a, choices)].map(cell).join(',')}\n`).join('')
}

function cell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Reads all rows of a version into a file. Tells how many it has. */
export async function written(d: Dataset, form: Form, tell: (rows: number) => void, signal: AbortSignal): Promise<Blob> {
  const { head, lines, type } = forms[form]
  const parts: BlobPart[] = [head]
  let read = 0
  let cursor: string | undefined
  tell(0)
  do {
    const page = await asRequester<DatasetRows>(`${versionPath(d.id)}/rows?${new URLSearchParams({ limit: '100', ...(cursor && { cursor }) })}`, { signal })
    parts.push(new Blob([page.rows.map(lines).join('')])) // blobs may lie on disk, strings do not
    tell((read += page.rows.length))
    cursor = page.next
  } while (cursor)
  return new Blob(parts, { type })
}

export const archives = {
  parquet: { name: 'Parquet', says: 'A folder with a card: datasets.load_dataset opens it.' },
  'label-studio': { name: 'Label Studio', says: 'Tasks with their annotations, to be imported there.' },
  coco: { name: 'COCO', says: 'Boxes, outlines and masks of pictures.' },
}

export type Archive = keyof typeof archives

/** Fetches a version as a zip archive. Tells how many bytes have come: how many there will be nobody knows before. */
export async function archived(d: Dataset, format: Archive, tell: (bytes: number) => void, signal: AbortSignal): Promise<Blob> {
  tell(0)
  const response = await open(`${versionPath(d.id)}/export?format=${format}`, { token: apiKey.value, headers: { Accept: 'application/zip' }, signal }, 0)
  const parts: BlobPart[] = []
  let bytes = 0
  for (const reader = response.body!.getReader(); ; ) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    tell((bytes += value.length))
  }
  return new Blob(parts, { type: 'application/zip' })
}
