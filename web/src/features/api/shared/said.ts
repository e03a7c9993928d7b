import type { Canonical } from '../../proof/shared/canonical'
import type { Said } from './wire'

/** The one of choice and value that an answer has, alone. Throws RangeError where it has both or none. */
export function said(answer: Said): { choice: number } | { value: Canonical } {
  const { choice, value } = answer as { choice?: number; value?: Canonical }
  if ((choice === undefined) === (value === undefined)) throw new RangeError('an answer has either a choice or a value')
  return value === undefined ? { choice: choice! } : { value }
}
