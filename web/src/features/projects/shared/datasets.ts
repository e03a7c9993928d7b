import type { Dataset, DatasetRow, DatasetRows } from '../../api/shared/projects'
import type { Said } from '../../api/shared/wire'
import { asRequester } from '../../console/shared/requester'

// What a browser writes of a version, from its rows: the same lines as tasknet dataset export.

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

/** Reads all rows of a version and saves them as a file. Tells how many it has. */
export async function save(d: Dataset, form: Form, tell: (rows: number) => void, signal: AbortSignal): Promise<void> {
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
  const url = URL.createObjectURL(new Blob(parts, { type }))
  const link = document.createElement('a')
  Object.assign(link, { href: url, download: `${d.id}.${form}` })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
