import type { Instance, Record } from '../../api/shared/wire'

/** The checks that a browser can run on a closed question's record. */
export type CheckName = 'question' | 'signatures' | 'delegations' | 'sums'

export interface Check {
  name: CheckName
  /** How much was checked: "5 of 5", "equal". */
  found: string
  /** The first thing that does not fit; absent when all does. */
  fault?: string
}

/** What the worker is asked for. */
export interface Job {
  record: Record
  instance: Instance
}
