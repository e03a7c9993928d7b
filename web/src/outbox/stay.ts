const place = 'stay-asked'
const againMs = 7 * 86_400_000

/** Whether the browser has promised not to clear what is kept here; undefined where it makes no promises. */
export async function stays(storage: Partial<StorageManager> | undefined = globalThis.navigator?.storage): Promise<boolean | undefined> {
  return storage?.persisted?.()
}

/** Asks the browser not to clear what is kept here. Some ask the person in turn. */
export async function askToStay(storage: Partial<StorageManager> | undefined = globalThis.navigator?.storage): Promise<boolean> {
  return (await storage?.persist?.()) ?? false
}

/** Asks so once there is something to lose: the first answer was taken. Who said no is left alone for a week. */
export async function stayOnce(now: number, storage: Partial<StorageManager> | undefined = globalThis.navigator?.storage, notes: Pick<Storage, 'getItem' | 'setItem'> = localStorage): Promise<void> {
  if ((await stays(storage)) !== false || now - Number(notes.getItem(place) ?? 0) < againMs) return
  notes.setItem(place, String(now))
  await askToStay(storage)
}
