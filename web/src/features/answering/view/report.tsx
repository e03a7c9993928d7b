import { useEffect, useRef } from 'preact/hooks'
import type { SkipReason } from '../../api/shared/wire'
import type { Card } from '../shared/deck'
import { reports } from '../shared/reasons'
import { answering as t } from '../../../language/en/answering'

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
          {t('reportTitle')}
        </h2>
        <p class="small sec">{t('reportMore')}</p>
      </div>
      <div class="stack tight">{reports(card.assignment.question).map(([value, words]) => reason(value, words))}</div>
      <div class="stack tight">
        <p class="small sec">{t('reportNothing')}</p>
        {reason('not_for_me', t('notForMe'))}
        <button type="button" class="btn bare" onClick={() => dialog.current?.close()}>
          {t('backToQuestion')}
        </button>
      </div>
    </dialog>
  )
}
