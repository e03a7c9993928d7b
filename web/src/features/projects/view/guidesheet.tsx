import { useEffect, useRef } from 'preact/hooks'
import type { Shown } from '../shared/guide'
import { GuideText } from './guide'

/** A project's guide over the page, as respondents see it. */
export function GuideSheet({ guide, word, close }: { guide: Shown; word: string; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="sheet guidesheet" aria-labelledby="guide-title" onClose={close}>
      <h2 class="title" id="guide-title" tabIndex={-1} autofocus dir="auto">
        {guide.name}
      </h2>
      <GuideText guide={guide} />
      <div class="foot">
        <button type="button" class="btn main big" onClick={() => dialog.current?.close()}>
          {word}
        </button>
      </div>
    </dialog>
  )
}
