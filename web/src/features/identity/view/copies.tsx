import { useState } from 'preact/hooks'
import { noteBackup } from '../shared/session'
import type { Holder } from '../shared/identity'
import { hex } from '../../proof/shared/bytes'
import { day } from '../../frame/shared/words'
import { CopyButton, Hash, Trouble } from '../../frame/view/parts'
import { download } from '../../frame/view/download'
import { identity as t } from '../../../language/en/identity'
import { rich } from '../../../language/rich'

/** The ways to take a copy of the wallet's key. */
export function Copies({ who, saved }: { who: Holder; saved: () => void }) {
  const [visible, setVisible] = useState(false)
  const key = `0x${hex(who.wallet.secret)}`
  const [error, setError] = useState<unknown>()
  const note = () => void noteBackup(Date.now()).then(saved)
  const take = () => {
    setError(undefined)
    download(`tasknet-wallet-${who.wallet.address.slice(2, 8)}.txt`, 'text/plain', plain(who.wallet.address, key)).then((kept) => kept && note(), setError)
  }
  return (
    <section class="stack tight">
      <h2>{t('walletKey')}</h2>
      <p class="sec">
        {rich(t, 'walletKeyMore', { address: <Hash of={who.wallet.address} name={t('walletAddress')} /> })}
      </p>
      <div class="line tight">
        <a class="btn main" href="/key/words">
          {t('writeWords')}
        </a>
        <a class="btn" href="/key/file">
          {t('saveFile')}
        </a>
      </div>
      <p class="cap">{who.backedUpAt ? t('copyTaken', { day: day(new Date(who.backedUpAt)) }) : t('noCopy')}</p>
      <details>
        <summary class="small">{t('keyItself')}</summary>
        <div class="stack tight pad">
          <p class="cap">{t('keyItselfMore')}</p>
          {visible && (
            <pre class="code wrap" dir="ltr" tabIndex={0} aria-label={t('privateKey')}>
              {key}
            </pre>
          )}
          {error !== undefined && <Trouble error={error} />}
          <div class="line tight">
            <button type="button" class="btn slim" onClick={() => (setVisible(!visible), visible || note())}>
              {visible ? t('hide') : t('show')}
            </button>
            {visible && <CopyButton text={key}>{t('copyKey')}</CopyButton>}
            <button type="button" class="btn slim" onClick={take}>
              {t('downloadKey')}
            </button>
          </div>
        </div>
      </details>
    </section>
  )
}

function plain(address: string, key: string): string {
  return `TaskNet\n${t('keyAddress')} ${address}\n${t('keyPrivate')} ${key}\n\n${t('keyText')}\n`
}
