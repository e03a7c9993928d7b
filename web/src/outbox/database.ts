// One IndexedDB database for all that stays on this device: keys, the questions held, answers not yet acknowledged,
// and the receipts of those that are.

/** The stores and what each holds; a key in the value where a key path is named. */
const stores = {
  kept: null, // single values by name
  answers: 'assignment', // signed, not yet acknowledged
  receipts: 'assignment', // acknowledged, with the server's receipt
  media: 'hash', // pictures of questions held
} as const

export type StoreName = keyof typeof stores

let opened: Promise<IDBDatabase> | undefined

function database(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('tasknet', 1)
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(stores)) request.result.createObjectStore(name, keyPath ? { keyPath } : {})
    }
    request.onsuccess = () => {
      const db = request.result
      db.onversionchange = () => (db.close(), (opened = undefined)) // a newer page wants to upgrade
      db.onclose = () => (opened = undefined)
      resolve(db)
    }
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error('Another window holds an older database; close it.'))
  })
  opened.catch(() => (opened = undefined))
  return opened
}

/** Runs body in one transaction and resolves with its result: what was written is durable then. */
export async function transact<T>(name: StoreName, mode: IDBTransactionMode, body: (store: IDBObjectStore) => IDBRequest<T> | Promise<T> | T): Promise<T> {
  if (mode === 'readonly') return readTogether([name], (storeOf) => body(storeOf(name)))
  const db = await database()
  // "strict" waits for the disk: an answer is shown as kept only when it is.
  const tx = db.transaction(name, mode, { durability: 'strict' })
  const done = new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve()
    tx.onabort = () => reject(tx.error ?? new Error('aborted'))
    tx.onerror = () => reject(tx.error)
  })
  const value = body(tx.objectStore(name))
  const result = value instanceof IDBRequest ? settle(value) : value
  const [out] = await Promise.all([result, done])
  return out
}

/** Reads from several stores as they are at one moment. It resolves with what was read, and does not wait for the transaction's end. */
export async function readTogether<T>(names: StoreName[], body: (storeOf: (name: StoreName) => IDBObjectStore) => IDBRequest<T> | Promise<T> | T): Promise<T> {
  const tx = (await database()).transaction(names, 'readonly')
  const value = body((name) => tx.objectStore(name))
  return value instanceof IDBRequest ? settle(value) : value
}

/** The result of a request within a transaction. */
export function settle<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

let wanted: { names: string[]; values: Promise<unknown[]> } | undefined

/** A single value by name, undefined when there is none. What is wanted at once is read in one transaction: a start wants many. */
export async function kept<T>(name: string): Promise<T | undefined> {
  const names = (wanted ??= gather()).names
  const values = wanted.values
  const at = names.push(name) - 1
  return (await values)[at] as T | undefined
}

function gather(): NonNullable<typeof wanted> {
  const names: string[] = []
  const values = database().then((db) => {
    wanted = undefined
    const store = db.transaction('kept', 'readonly').objectStore('kept')
    return Promise.all(names.map((name) => settle<unknown>(store.get(name))))
  })
  values.catch(() => (wanted = undefined))
  return { names, values }
}

export async function keep(name: string, value: unknown): Promise<void> {
  await transact('kept', 'readwrite', (store) => store.put(value, name))
}

export async function forget(name: string): Promise<void> {
  await transact('kept', 'readwrite', (store) => store.delete(name))
}

/** Closes the connection, so that a test can start from an empty database. */
export async function closeDatabase(): Promise<void> {
  const db = await opened
  db?.close()
  opened = undefined
}
