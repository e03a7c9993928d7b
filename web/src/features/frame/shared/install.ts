import { Cell } from './cell'

/** What Chromium gives a page that can be installed; the DOM's types do not have it. */
export interface InstallOffer extends Event {
  prompt: () => Promise<{ outcome: 'accepted' | 'dismissed' }>
}

const place = 'install-no'
const againMs = 60 * 86_400_000

/** The browser's offer to install the app, until it was used. */
export const offer = new Cell<InstallOffer | undefined>(undefined)

/** Keeps the browser's offer for a calm moment. Installed calls back when the app was installed. */
export function watchForOffer(target: Pick<Window, 'addEventListener'>, installed: () => void): void {
  target.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault() // or it is shown in the middle of a question
    offer.set(event as InstallOffer)
  })
  target.addEventListener('appinstalled', () => {
    offer.set(undefined)
    installed()
  })
}

/** Shows the browser's own question. An offer can be used once. */
export async function install(): Promise<void> {
  const now = offer.value
  offer.set(undefined)
  await now?.prompt()
}

/** Whether the person has said "not now" in the last two months. */
export function declined(now: number, notes: Pick<Storage, 'getItem'> = localStorage): boolean {
  return now - Number(notes.getItem(place) ?? -againMs) < againMs
}

export function decline(now: number, notes: Pick<Storage, 'setItem'> = localStorage): void {
  notes.setItem(place, String(now))
}
