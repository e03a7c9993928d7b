import { useEffect, useRef, useState } from 'preact/hooks'

interface State<T> {
  /** What is here of the list; undefined before its first page. */
  all?: T[] | undefined
  /** The cursor of the page that follows. */
  next?: string | undefined
  error?: unknown
}

/** A list that comes page by page. */
export interface Pages<T> extends State<T> {
  /** Adds the page of a cursor; without one, the first page takes the place of all that is here. */
  load: (cursor?: string) => Promise<void>
  /** Changes what is here without reading. */
  change: (to: (all: T[] | undefined) => T[] | undefined) => void
}

/** Reads a list page by page, and begins anew when keys change: what comes late for other keys is dropped. */
export function usePages<T>(read: (cursor: string | undefined, signal: AbortSignal) => Promise<{ items: T[]; next: string | undefined }>, keys: unknown[]): Pages<T> {
  const [state, set] = useState<State<T>>({})
  const latest = useRef(read)
  latest.current = read
  const under = useRef<AbortController>(undefined)
  const load = async (cursor?: string) => {
    const signal = under.current!.signal
    set((before) => (before.error === undefined ? before : { ...before, error: undefined }))
    try {
      const { items, next } = await latest.current(cursor, signal)
      if (!signal.aborted) set(({ all }) => ({ all: cursor ? [...(all ?? []), ...items] : items, next }))
    } catch (error) {
      if (!signal.aborted) set((before) => ({ ...before, error }))
    }
  }
  useEffect(() => {
    const abort = (under.current = new AbortController())
    set({})
    void load()
    return () => abort.abort()
  }, keys)
  return { ...state, load, change: (to) => set((before) => ({ ...before, all: to(before.all) })) }
}
