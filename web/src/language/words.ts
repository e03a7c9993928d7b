import type { accuracy } from './en/accuracy'
import type { answered } from './en/answered'
import type { answering } from './en/answering'
import type { data } from './en/data'
import type { earned } from './en/earned'
import type { frame } from './en/frame'
import type { how } from './en/how'
import type { identity } from './en/identity'
import type { move } from './en/move'
import type { notice } from './en/notice'
import type { notices } from './en/notices'
import type { onboarding } from './en/onboarding'
import type { payouts } from './en/payouts'
import type { profile } from './en/profile'
import type { record } from './en/record'
import type { saying } from './en/saying'
import type { topics } from './en/topics'
import type { types } from './en/types'
import type { warnings } from './en/warnings'
import type { widgets } from './en/widgets'
import type { In } from './part'
import type { Problems } from './problems'

/** The parts of the app by name; each has a file of English messages in en. */
interface Parts {
  accuracy: typeof accuracy
  answered: typeof answered
  answering: typeof answering
  data: typeof data
  earned: typeof earned
  frame: typeof frame
  how: typeof how
  identity: typeof identity
  move: typeof move
  notice: typeof notice
  notices: typeof notices
  onboarding: typeof onboarding
  payouts: typeof payouts
  profile: typeof profile
  record: typeof record
  saying: typeof saying
  topics: typeof topics
  types: typeof types
  warnings: typeof warnings
  widgets: typeof widgets
}

export type PartName = keyof Parts

/** All messages in a language that is not English. */
export type Words = { readonly [P in PartName]: In<Parts[P]> } & { readonly problem: Problems }
