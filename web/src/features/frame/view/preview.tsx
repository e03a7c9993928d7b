import type { ComponentChildren } from 'preact'
import { plain, typed } from '../../money/shared/amount'
import { Mark, Money } from './parts'

/** A phone that shows a question while it is being written: what is asked above, what is answered on below. */
export function PhonePreview({ price: written, symbol, answers, children }: { price: string; symbol: string; answers: ComponentChildren; children: ComponentChildren }) {
  const price = typed(written)
  return (
    <section class="previewside" aria-label="Preview">
      <p class="cap">On a phone, as you type</p>
      <div class="preview" aria-hidden="true">
        <div class="top">
          <Mark />
          <span>
            asked by <b>you</b>
          </span>
          <span class="end nowrap">pays {price === undefined ? '–' : <Money of={plain(price)} symbol={symbol} />}</span>
        </div>
        <div class="previewbody">{children}</div>
        {answers}
        <div class="quiet small sec">
          <span>Skip</span>
          <span class="tell">Can’t tell</span>
          <span>Report</span>
        </div>
      </div>
    </section>
  )
}
