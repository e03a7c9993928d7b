import type { how } from './en/how'
import type { notice } from './en/notice'
import type { onboarding } from './en/onboarding'
import type { In } from './part'

/** The parts of the app by name; each has a file of English messages in en. */
interface Parts {
  how: typeof how
  notice: typeof notice
  onboarding: typeof onboarding
}

export type PartName = keyof Parts

/** All messages in a language that is not English. */
export type Words = { readonly [P in PartName]: In<Parts[P]> }
