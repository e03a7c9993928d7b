import { transact, type StoreName } from './database'

/** What this device keeps besides keys, in a form that a person can read. */
export async function keptHere(): Promise<{ [what: string]: unknown }> {
  const all = <T>(name: StoreName) => transact<T[]>(name, 'readonly', (store) => store.getAll() as IDBRequest<T[]>)
  const names = await transact('kept', 'readonly', (store) => store.getAllKeys())
  const values = await all<unknown>('kept')
  const kept = Object.fromEntries(names.map((name, i) => [String(name), values[i]]).filter(([name]) => !secret.includes(String(name))))
  const media = await all<{ hash: string }>('media')
  return { kept, unsent_answers: await all('answers'), receipts: await all('receipts'), pictures: media.map((m) => m.hash), settings: { ...localStorage } }
}

/** Entries that sign or let somebody in. */
const secret = ['identity', 'session']

/** Removes all that this device keeps, but for what is kept under a name in spared. */
export async function wipe(spared: readonly string[]): Promise<void> {
  for (const name of ['answers', 'receipts', 'media'] as const) await transact(name, 'readwrite', (store) => store.clear())
  const names = await transact('kept', 'readonly', (store) => store.getAllKeys())
  for (const name of names) if (!spared.includes(String(name))) await transact('kept', 'readwrite', (store) => store.delete(name))
  localStorage.clear()
  sessionStorage.clear()
  for (const name of (await globalThis.caches?.keys()) ?? []) if (!name.startsWith('shell-')) await caches.delete(name)
}
