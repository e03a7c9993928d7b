import { useState } from 'preact/hooks'
import { backup, noteBackup, passkeys } from '../shared/session'
import type { Holder } from '../shared/identity'
import type { Passkey } from '../worker/passkey'
import { trouble } from '../../frame/shared/words'
import { Icon, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { Back } from '../../frame/view/back'
import { download } from '../../frame/view/download'
import { identity as t } from '../../../language/en/identity'

/** The fewest characters of a passphrase: with the work per guess, years for who has the file and a large machine. */
const passphraseMin = 12

/** Saving the key as a file that a passphrase or a passkey opens. */
export function KeyFilePage({ who, saved }: { who: Holder; saved: () => void }) {
  const heading = useTitle(t('fileTitle'))
  const [phrase, setPhrase] = useState('')
  const [again, setAgain] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState('')
  const offers = useLoad(async () => (await passkeys()).offersPasskeys(), []).value
  const save = async (secret: () => Promise<{ passphrase: string; passkey?: Passkey }>) => {
    setBusy(true)
    setProblem('')
    try {
      const { passphrase, passkey } = await secret()
      const file = await (await backup()).seal(who.wallet.secret, passphrase, passkey)
      const name = `tasknet-wallet-${who.wallet.address.slice(2, 8)}.json`
      if (await download(name, 'application/json', JSON.stringify(file))) {
        setDone(passkey ? t('opensPasskey', { file: name, host: location.hostname }) : t('opensPhrase', { file: name }))
        await noteBackup(Date.now())
        saved()
      }
    } catch (error) {
      setProblem(error instanceof (await passkeys()).NoPasskey ? error.message : trouble(error).text)
    }
    setPhrase('')
    setAgain('')
    setBusy(false)
  }
  const short = phrase.length < passphraseMin
  return (
    <Phone bar={false}>
      <Back />
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {done ? t('fileSaved') : t('fileHead')}
        </h1>
        {done ? (
          <>
            <p class="line tight nowrap good" role="status">
              <Icon of="tick" size={16} /> <span>{done}</span>
            </p>
            <p class="sec">{t('fileMove')}</p>
            <a class="btn main" href="/earned">
              {t('done')}
            </a>
          </>
        ) : (
          <>
            <p class="sec">{t('fileWhy')}</p>
            {problem && (
              <p class="note wrong" role="alert">
                {problem}
              </p>
            )}
            {offers && (
              <section class="stack tight">
                <h2>{t('withPasskey')}</h2>
                <p class="sec">{t('passkeyMore')}</p>
                <button type="button" class="btn" disabled={busy} onClick={() => void save(async () => (await passkeys()).makePasskey(who.wallet.address))}>
                  {t('makePasskey')}
                </button>
              </section>
            )}
            <form
              class="stack tight"
              onSubmit={(event) => {
                event.preventDefault()
                void save(() => Promise.resolve({ passphrase: phrase }))
              }}
            >
              <h2>{t('withPhrase')}</h2>
              <label class="field">
                <span>{t('phrase')}</span>
                <input class="input" type="password" autocomplete="new-password" value={phrase} onInput={(e) => setPhrase(e.currentTarget.value)} aria-describedby="phrase-hint" />
                <span class="cap" id="phrase-hint">
                  {t('phraseHint', { n: passphraseMin })}
                </span>
              </label>
              <label class="field">
                <span>{t('sameAgain')}</span>
                <input class="input" type="password" autocomplete="new-password" value={again} onInput={(e) => setAgain(e.currentTarget.value)} aria-invalid={again !== '' && !phrase.startsWith(again)} aria-describedby="again-hint" />
                <span class={`cap ${again !== '' && !phrase.startsWith(again) ? 'bad' : ''}`} id="again-hint">
                  {again !== '' && !phrase.startsWith(again) ? t('differ') : t('forgotten')}
                </span>
              </label>
              <button type="submit" class="btn main self" disabled={busy || short || phrase !== again}>
                {busy ? t('encrypting') : t('saveTheFile')}
              </button>
            </form>
          </>
        )}
      </main>
    </Phone>
  )
}
