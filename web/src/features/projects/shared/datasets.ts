import type { Dataset } from '../../api/shared/projects'
import { open } from '../../api/shared/http'
import { apiKey } from '../../console/shared/requester'

/** The forms that a version is downloaded in. */
export interface Form {
  format: string
  name: string
  says: string
}

export const forms: Form[] = [
  { format: 'parquet', name: 'Parquet', says: 'A folder with a card, as a zip: datasets.load_dataset opens it.' },
  { format: 'jsonl', name: 'JSON lines', says: 'A row a line, with soft labels and every answer.' },
  { format: 'csv', name: 'CSV of answers', says: 'task, worker, label: what people answered, under pseudonyms.' },
  { format: 'label-studio', name: 'Label Studio', says: 'Tasks with their annotations, to be imported there.' },
  { format: 'coco', name: 'COCO', says: 'Boxes, outlines and masks of pictures.' },
]

export const versionPath = (d: Pick<Dataset, 'project' | 'id'>) => `/v1/projects/${d.project}/datasets/${d.id}`

/** Downloads a version in a form. A large one takes a while: nothing is cut off for that. */
export async function download(d: Dataset, format: string): Promise<void> {
  const response = await open(`${versionPath(d)}/export?${new URLSearchParams({ format })}`, { token: apiKey.value, headers: { Accept: '*/*' } }, 0)
  const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? `${d.id}.${format}`
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  Object.assign(link, { href: url, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
