import { kept } from '../../../outbox/database'
import { receipts, type Receipted } from '../../../outbox/answers'
import { shell } from '../../../shell/seam'
import { instance } from '../../identity/shared/session'
import type { Broken } from './check'

/** What shows that the server broke a promise of its public log. */
export interface Evidence {
  /** Of the log as a whole. An app has its own words for what is on chain. */
  broken?: Omit<Broken, 'anchor'> & { anchor?: unknown }
  /** The answers that it does not have as their receipts promise. */
  missed: Receipted[]
}

/** All that this device's looks have kept of it. */
export async function evidence(): Promise<Evidence> {
  if (shell) return shell.found()
  const [broken, here] = await Promise.all([kept<Broken>('log broken'), instance()])
  return { ...(broken?.instance === here.instance && { broken }), missed: await missed(here.instance) }
}

/** Those of an instance's answers that the log was found not to have as the receipts promise. */
export async function missed(instance: string): Promise<Receipted[]> {
  return [...(await receipts()).values()].filter((r) => r.instance === instance && typeof r.logged === 'object')
}
