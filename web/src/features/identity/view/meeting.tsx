import { move as t } from '../../../language/en/move'
import { useTitle } from '../../frame/view/parts'

/** The number that both phones show, in two halves; a screen reader says its digits. */
export function Digits({ of }: { of: string }) {
  return (
    <p class="hero n" dir="ltr">
      <span class="sr">
        {t('number')}: {[...of].join(' ')}
      </span>
      <span aria-hidden="true">
        {of.slice(0, 3)} {of.slice(3)}
      </span>
    </p>
  )
}

/** A move that has ended without a key, and how it goes on. */
export function Ending({ title, hint, button, again, wrong = false }: { title: string; hint: string; button?: string; again?: () => void; wrong?: boolean }) {
  const heading = useTitle(title)
  return (
    <main class="prose">
      <h1 class="title" ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p class={wrong ? 'note wrong' : 'sec'} role="alert">
        {hint}
      </p>
      {button && (
        <button type="button" class="btn main big" onClick={again}>
          {button}
        </button>
      )}
    </main>
  )
}
