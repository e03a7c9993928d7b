import { hashesOf } from '../shared/artefact'
import { readTable, Unreadable } from '../shared/table'
import type { FileJob, FileSaid } from '../shared/reading'

// A file of gigabytes is read and hashed beside the page, which stays as quick as before.

const say = (said: FileSaid) => self.postMessage(said)

self.onmessage = async ({ data }: MessageEvent<FileJob>) => {
  try {
    if (data.what === 'hash') say({ hashes: await hashesOf(data.file, (read) => say({ read })) })
    else say({ table: await readTable(data.file, data.name, data.labels, (read) => say({ read })) })
  } catch (error) {
    say(error instanceof Unreadable ? { unreadable: error.message } : { failed: String(error) })
  }
}
