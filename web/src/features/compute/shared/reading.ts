import { Unreadable, type Table } from './table'

export type FileJob = { what: 'hash'; file: Blob } | { what: 'table'; file: Blob; name: string; labels: { file: Blob; name: string } | undefined }
export type FileSaid = { read: number } | { hashes: Uint8Array[] } | { table: Table } | { unreadable: string } | { failed: string }

/** Has a worker do a job with a file, and hears how far it is. Throws Unreadable, or AbortError. */
function ask<T>(job: FileJob, pick: (said: FileSaid) => T | undefined, signal: AbortSignal, tell: (read: number) => void): Promise<T> {
  const worker = new Worker(new URL('../worker/file.worker.ts', import.meta.url), { type: 'module' })
  return new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    worker.onmessage = ({ data }: MessageEvent<FileSaid>) => {
      if ('read' in data) return tell(data.read)
      const found = pick(data)
      if (found !== undefined) resolve(found)
      else reject('unreadable' in data ? new Unreadable(data.unreadable) : new Error('failed' in data ? data.failed : 'the worker said something else'))
    }
    worker.onerror = () => reject(new Error('the worker failed'))
    worker.postMessage(job)
  }).finally(() => worker.terminate())
}

/** The hashes of the pieces of a file. */
export function hashed(file: Blob, signal: AbortSignal, tell: (read: number) => void): Promise<Uint8Array[]> {
  return ask({ what: 'hash', file }, (said) => ('hashes' in said ? said.hashes : undefined), signal, tell)
}

/** What a file of labels holds. */
export function tableOf(file: File, labels: File | undefined, signal: AbortSignal, tell: (read: number) => void): Promise<Table> {
  return ask({ what: 'table', file, name: file.name, labels: labels && { file: labels, name: labels.name } }, (said) => ('table' in said ? said.table : undefined), signal, tell)
}
