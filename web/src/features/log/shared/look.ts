import { forget, keep, kept } from '../../../outbox/database'
import { exclusive } from '../../../outbox/exclusive'
import { shell } from '../../../shell/seam'
import type { Instance } from '../../api/shared/wire'
import { instance } from '../../identity/shared/session'
import { newestAnchor } from './anchor'
import { checkLog, promised, type Broken } from './check'
import { missed } from './evidence'
import { found, type Found } from './found'

/** When a device last looked into an instance's log. */
interface Looked {
  instance: string
  at: number
}

/** How often the log is looked into while no promise is overdue. */
const everyMs = 4 * 3600_000

/**
 * Looks into the public log if that is due, or at once, in one window at a time, and tells what was found. In an app it is the app that
 * looks. Throws when the log cannot be read.
 */
export async function lookInLog(atOnce = false): Promise<void> {
  if (shell) return found.set((await shell.look()).found)
  return exclusive('log', async () => {
    const here = await instance(true)
    const now = Date.parse(here.time)
    if (atOnce || (await isDue(here, now))) {
      await checkLog(here, now, { anchored: () => newestAnchor(here).catch(() => undefined) })
      await keep('log looked', { instance: here.instance, at: now } satisfies Looked)
    }
    await tell(here.instance)
  })
}

/** Whether the last look was long ago, or a receipt that none has found was to be kept by now. */
async function isDue(here: Instance, now: number): Promise<boolean> {
  const last = await kept<Looked>('log looked')
  if (last?.instance !== here.instance || now - last.at >= everyMs) return true
  return (await promised(here)).some((r) => !r.logged && now > r.accepted.receipt.by_ms)
}

/** Says what all looks have found, and keeps that for the next start, which does not read all receipts. */
async function tell(of: string): Promise<void> {
  const log = (await kept<Broken>('log broken'))?.instance === of
  const answers = (await missed(of)).length
  const now: Found | undefined = log || answers > 0 ? { instance: of, log, answers } : undefined
  if (JSON.stringify(now) === JSON.stringify(found.value)) return
  await (now ? keep('log found', now) : forget('log found'))
  found.set(now)
}
