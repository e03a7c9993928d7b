import { Mark, useTitle } from './parts'
import { identity as t } from '../../../language/en/identity'
import { rich } from '../../../language/rich'

/** Said where the browser keeps nothing: without a key and an outbox, an answer could be lost. */
export default function NoStorage() {
  const heading = useTitle(t('noStorageTitle'))
  return (
    <div class="phone">
      <header class="top">
        <Mark />
        <b>TaskNet</b>
      </header>
      <main class="empty">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {t('noStorage')}
        </h1>
        <p class="sec">{t('noStorageWhy')}</p>
        <p class="sec">{t('noStorageDo')}</p>
        <button type="button" class="btn main" onClick={() => location.reload()}>
          {t('again')}
        </button>
        <p class="small">
          {rich(t, 'noStorageOthers', { console: (inner) => <a href="/console">{inner}</a>, records: (inner) => <a href="/verify">{inner}</a> })}
        </p>
      </main>
    </div>
  )
}
