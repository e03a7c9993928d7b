import type { ComponentChildren } from 'preact'
import { Mark, useCell } from '../../frame/view/parts'
import { apiKey } from '../../console/shared/requester'
import { Rail } from '../../console/view/desk'
import { record as t } from '../../../language/en/record'

/** The frame of what everybody may read, with a way back to where one answers or asks. The requester's rail stays beside it. */
export function Public({ form, children }: { form?: ComponentChildren; children: ComponentChildren }) {
  const requester = useCell(apiKey) !== undefined
  const page = (
    <div class="public">
      <header class="line recordhead">
        {!requester && (
          <a class="brand" href="/verify">
            <Mark size={26} />
            <b>TaskNet</b>
            <span class="sec">{t('publicRecord')}</span>
          </a>
        )}
        <nav class="line small" aria-label={t('otherPages')}>
          <a href="/verify">{t('verdicts')}</a>
          <a href="/payouts">{t('payouts')}</a>
          <a href="/">{t('answerQuestions')}</a>
          {!requester && <a href="/console">{t('console')}</a>}
        </nav>
        {form}
      </header>
      {children}
    </div>
  )
  if (!requester) return page
  return (
    <div class="desk">
      <Rail />
      <div class="deskbody">{page}</div>
    </div>
  )
}
