import type { Import } from '../../api/shared/projects'
import { asRequester } from '../../console/shared/requester'
import { Cell } from '../../frame/shared/cell'
import { upload } from './upload'

/** A file on its way up from this page. It goes on while one looks at other pages. */
export interface Sending {
  size: number
  sent: number
  /** Set while the server is away. */
  waiting: boolean
  error?: unknown
}

/** The uploads of this page, by their imports. */
export const sendings = new Cell<ReadonlyMap<string, Sending>>(new Map())

const given = new Map<string, AbortController>()

function put(id: string, sending: Sending | undefined): void {
  const next = new Map(sendings.value)
  if (sending) next.set(id, sending)
  else next.delete(id)
  sendings.set(next)
}

export const pathOf = (i: Pick<Import, 'project' | 'id'>) => `/v1/projects/${i.project}/imports/${i.id}`

/** Uploads a file into an import from where it is, then has it read. Resolves when nothing more is to be done here. */
export async function send(file: Blob, i: Import): Promise<void> {
  if (given.has(i.id)) return
  const abort = new AbortController()
  given.set(i.id, abort)
  const leaving = (event: BeforeUnloadEvent) => event.preventDefault()
  addEventListener('beforeunload', leaving)
  const tell = (at: Import, waiting: boolean) => put(i.id, { size: file.size, sent: at.bytes, waiting })
  tell(i, false)
  try {
    const { signal } = abort
    const all = await upload(
      file,
      i,
      {
        read: () => asRequester<Import>(pathOf(i), { signal }),
        put: (offset, piece) => asRequester<Import>(`${pathOf(i)}/content?offset=${offset}`, { method: 'PUT', body: piece, headers: { 'Content-Type': 'application/octet-stream' }, signal }),
        wait: (ms) => sleep(ms, signal),
        now: Date.now,
      },
      tell,
    )
    if (all.state === 'receiving') await asRequester(`${pathOf(i)}/start`, { method: 'POST', signal })
    put(i.id, undefined)
  } catch (error) {
    put(i.id, abort.signal.aborted ? undefined : { size: file.size, sent: sendings.value.get(i.id)?.sent ?? 0, waiting: false, error })
  } finally {
    removeEventListener('beforeunload', leaving)
    given.delete(i.id)
  }
}

/** Ends an upload from this page. */
export function giveUp(id: string): void {
  given.get(id)?.abort()
  put(id, undefined)
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), reject(new DOMException('aborted', 'AbortError'))))
  })
}
