import { warned } from '../../frame/shared/marks'

const say = { shows: 'Who asks says that it shows:' }

/** What not everybody wants to see, as who asks has marked it. */
export function Warned({ of }: { of: readonly string[] | undefined }) {
  const what = warned(of)
  return what ? (
    <p class="hint">
      {say.shows} <b>{what}</b>
    </p>
  ) : null
}
