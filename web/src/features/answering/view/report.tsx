import { useEffect, useRef } from 'preact/hooks'
import type { SkipReason } from '../../api/shared/wire'
import type { Card } from '../shared/deck'
import { reports } from '../shared/reasons'

/** Asks what is wrong with a question, over the page. Closed without a reason, nothing is reported. */
export function ReportSheet({ card, report, close }: { card: Card; report: (reason: SkipReason) => void; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const reason = (value: SkipReason, words: string) => (
    <button type="button" class="btn" key={value} onClick={() => (dialog.current?.close(), report(value))}>
      {words}
    </button>
  )
  return (
    <dialog ref={dialog} class="sheet report" aria-labelledby="report-title" onClose={close}>
      <div class="stack tight">
        <h2 class="title" id="report-title" tabIndex={-1} autofocus>
          What is wrong with this question?
        </h2>
        <p class="small sec">You skip it without loss, and never get it again. It does not count against you.</p>
      </div>
      <div class="stack tight">{reports(card.assignment.question).map(([value, words]) => reason(value, words))}</div>
      <div class="stack tight">
        <p class="small sec">Nothing is wrong with it?</p>
        {reason('not_for_me', 'Skip it: it is not for me')}
        <button type="button" class="btn bare" onClick={() => dialog.current?.close()}>
          Back to the question
        </button>
      </div>
    </dialog>
  )
}
