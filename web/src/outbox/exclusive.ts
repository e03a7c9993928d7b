import { settle, transact } from './database'

const leaseMs = 15_000
const retryMs = 150

interface Lease {
  owner: string
  until: number
}

/**
 * Runs body while no other tab of this origin runs one under the same name. Web locks do that where they exist; they
 * do not on plain http, where a lease in the database stands in: renewed while body runs, free again when its tab dies.
 */
export async function exclusive<T>(name: string, body: () => Promise<T>, locks: LockManager | null | undefined = globalThis.navigator?.locks): Promise<T> {
  if (locks) return (await locks.request(`tasknet-${name}`, body)) as T
  const key = `lease-${name}`
  const owner = crypto.getRandomValues(new Uint32Array(2)).join('-')
  while (!(await claim(key, owner))) await new Promise((resolve) => setTimeout(resolve, retryMs))
  const renewal = setInterval(() => void claim(key, owner), leaseMs / 3)
  try {
    return await body()
  } finally {
    clearInterval(renewal)
    await release(key, owner)
  }
}

/** Takes the lease, or renews it, unless another owner's still runs. */
function claim(key: string, owner: string): Promise<boolean> {
  return transact('kept', 'readwrite', async (store) => {
    const held = (await settle(store.get(key))) as Lease | undefined
    if (held && held.owner !== owner && held.until > Date.now()) return false
    store.put({ owner, until: Date.now() + leaseMs } satisfies Lease, key)
    return true
  })
}

function release(key: string, owner: string): Promise<void> {
  return transact('kept', 'readwrite', async (store) => {
    const held = (await settle(store.get(key))) as Lease | undefined
    if (held?.owner === owner) store.delete(key)
  })
}
