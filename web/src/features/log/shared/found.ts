import { onHand } from '../../frame/shared/people'
import { Cell } from '../../frame/shared/cell'
import { whenIdle } from '../../frame/shared/drawn'
import { identity, instance } from '../../identity/shared/session'
import { kept } from '../../../outbox/database'
import { shell } from '../../../shell/seam'

// What became of the promises of the public log is watched by every page; the looking itself is a chunk of its own.

/** What the looks into an instance's log have found wrong; the evidence is kept apart. */
export interface Found {
  instance: string
  /** Whether it is the log as a whole. */
  log: boolean
  /** How many answers it does not have as the receipts promised. */
  answers: number
}

/** What was found wrong, undefined while that is nothing. */
export const found = new Cell<Found | undefined>(undefined)

/** After the first question is shown, and where none comes, it leaves the network to what the person waits for. */
const restMs = 5000
const atLatestMs = 30_000
const againMs = 3600_000

/** Shows what was found before, and has the log looked into now and then, whatever page is open. An app does so by itself, also while no page is open. */
export function watchLog(): void {
  if (shell) {
    shell.onFound((now) => found.set(now))
    void shell.found().then((before) => found.set(before.found), () => undefined)
    return
  }
  void recall().catch(() => undefined)
  let timer = setTimeout(soon, atLatestMs)
  const stop = onHand.subscribe(() => {
    stop()
    clearTimeout(timer)
    timer = setTimeout(soon, restMs)
  })
  setInterval(soon, againMs)
}

async function recall(): Promise<void> {
  const before = await kept<Found>('log found')
  if (before && before.instance === (await instance()).instance) found.set(before)
}

function soon(): void {
  whenIdle(() => void look().catch(() => undefined)) // the server is away: the next time
}

async function look(): Promise<void> {
  if (!(await identity())?.registration) return
  await (await import('./look')).lookInLog()
}
