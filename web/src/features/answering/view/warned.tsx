import { answering as t } from '../../../language/en/answering'
import { rich } from '../../../language/rich'
import { warned } from '../../frame/shared/marks'

/** What not everybody wants to see, as who asks has marked it. */
export function Warned({ of }: { of: readonly string[] | undefined }) {
  const what = warned(of)
  return what ? <p class="hint">{rich(t, 'shows', { what })}</p> : null
}
