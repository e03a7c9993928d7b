import type { EpochTree } from '../../api/shared/wire'
import { inWorker } from '../../frame/shared/worker'

/** What the worker is asked for: the checks of a tree, or what is an address's in it. */
export interface Job {
  tree: EpochTree
  address?: string
}

/** Asks a worker of its own. */
export function ask<T>(job: Job, signal: AbortSignal): Promise<T> {
  return inWorker<T>(new Worker(new URL('../worker/payouts.worker.ts', import.meta.url), { type: 'module' }), job, signal)
}
