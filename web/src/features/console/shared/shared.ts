import type { Draft } from './draft'
import { passageLength } from './draft'
import { settle, transact } from '../../../outbox/database'

/** What another app gave to TaskNet, to ask about it. */
export interface Shared {
  /** A link, or some words, with their title. */
  text: string
  picture?: File
  /** That a picture did not come along. */
  lost?: true
}

const place = 'shared'
/** No larger picture is kept; the server takes smaller ones only. */
const pictureBytes = 32 << 20

/** What the form of the system's share sheet has. The names are the manifest's. */
export function sharedIn(form: Pick<FormData, 'get'>): Shared {
  const field = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  // Some apps give a link as the text, or both.
  const lines: string[] = []
  for (const line of [field('title'), field('text'), field('url')]) if (line && !lines.some((before) => before.includes(line))) lines.push(line)
  const picture = form.get('picture')
  const text = [...lines.join('\n')].slice(0, passageLength).join('')
  return picture instanceof File && picture.type.startsWith('image/') && picture.size <= pictureBytes ? { text, picture } : { text }
}

/** What was shared to a browser that had lost its worker: the server wrote it into the page's address, but for a picture. */
export function sharedAt(hash: string): Shared | undefined {
  const said = new URLSearchParams(hash.slice(1))
  const shared = sharedIn(said)
  const lost = said.has('picture')
  return shared.text || lost ? { ...shared, ...(lost && { lost }) } : undefined
}

/** Keeps what was shared until the form is open, which may be after the API key was entered. */
export async function keepShared(shared: Shared): Promise<void> {
  await transact('kept', 'readwrite', (store) => store.put(shared, place))
}

/** What was shared last, once. */
export function takeShared(): Promise<Shared | undefined> {
  return transact('kept', 'readwrite', async (store) => {
    const shared = (await settle(store.get(place))) as Shared | undefined
    if (shared) store.delete(place)
    return shared
  })
}

/** A draft about what was shared: the words become the passage, and what was written before stays. */
export function about(draft: Draft, shared: Shared | undefined): Draft {
  return shared?.text ? { ...draft, passage: shared.text } : draft
}
