import { transact } from './database'

/** Lets go of all media but these. */
export async function dropMedia(except: Set<string>): Promise<void> {
  const hashes = await transact('media', 'readonly', (store) => store.getAllKeys())
  const gone = hashes.filter((hash) => !except.has(hash as string))
  if (gone.length === 0) return
  await transact('media', 'readwrite', (store) => {
    for (const hash of gone) store.delete(hash)
  })
}
