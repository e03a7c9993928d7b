import { go } from '../../frame/shared/route'
import { how as t } from '../../../language/en/how'
import { rich } from '../../../language/rich'
import { Icon, PlainHttp, useTitle } from '../../frame/view/parts'
import { Gas } from '../../money/view/gas'
import { frame } from '../../../language/en/frame'

/** What TaskNet does with an answer, a paragraph a step. */
export default function How() {
  const heading = useTitle(t('title'))
  return (
    <div class="phone">
      <header class="top">
        <button class="btn bare slim back" type="button" onClick={() => go('/')}>
          <Icon of="back" /> {frame('back')}
        </button>
      </header>
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {t('title')}
        </h1>
        <section>
          <h2>{t('tap')}</h2>
          <p>{t('tapMore')}</p>
        </section>
        <section>
          <h2>{t('several')}</h2>
          <p>{t('severalMore')}</p>
        </section>
        <section>
          <h2>{t('known')}</h2>
          <p>{t('knownMore')}</p>
        </section>
        <section>
          <h2>{t('key')}</h2>
          <p>{t('keyMore')}</p>
        </section>
        <section>
          <h2>{t('seen')}</h2>
          <p>{t('seenMore')}</p>
        </section>
        <section>
          <h2>{t('money')}</h2>
          <p>{rich(t, 'moneyMore', { gas: <Gas /> })}</p>
        </section>
        <section>
          <h2>{t('offline')}</h2>
          <p>{t('offlineMore')}</p>
        </section>
        <PlainHttp />
        <p class="small">
          <a href="/verify">{t('records')}</a> · <a href="/console">{t('askYourself')}</a>
        </p>
      </main>
    </div>
  )
}
