import { useEffect, useRef, useState } from 'preact/hooks'
import { adopt, asRespondent, backup, passkeys } from '../shared/session'
import type { KeyFile } from '../worker/backup'
import type { PayoutPlace } from '../../api/shared/wire'
import { worthHere } from '../shared/worth'
import { me, refreshMe } from '../../frame/shared/people'
import { trouble } from '../../frame/shared/words'
import { Hash } from '../../frame/view/parts'
import { identity as t } from '../../../language/en/identity'
import { rich } from '../../../language/rich'

/** The largest file that is read: a key file has about 500 bytes. */
const fileMax = 10_000

/** Bringing a wallet's key to this device: its digits, its words, or a file. */
export function Restore({ replacing }: { replacing: boolean }) {
  const [text, setText] = useState('')
  const [file, setFile] = useState<KeyFile>()
  const [phrase, setPhrase] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const [ask, setAsk] = useState<{ worth: string; key: Uint8Array }>()
  const [elsewhere, setElsewhere] = useState<string>()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (ask || elsewhere) dialog.current?.showModal()
  }, [ask, elsewhere])
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true)
    setProblem('')
    try {
      await work()
    } catch (error) {
      setProblem(error instanceof RangeError || error instanceof (await passkeys()).NoPasskey ? error.message : trouble(error).text)
    }
    setBusy(false)
  }
  const restore = async (key: Uint8Array) => {
    await adopt(key, Date.now())
    me.set(undefined)
    await refreshMe()
    const place = await asRespondent<PayoutPlace>('/v1/me/payout').catch(() => undefined)
    if (place && place.address !== place.wallet) setElsewhere(place.address)
    else location.assign('/earned')
  }
  /** Takes the key, after a question when another one is here. */
  const take = async (key: Uint8Array) => {
    if (!replacing) return restore(key)
    setAsk({ key, worth: await worthHere() })
  }
  const choose = (chosen: File | undefined) =>
    attempt(async () => {
      setFile(undefined)
      if (!chosen) return
      if (chosen.size > fileMax) throw new RangeError(t('noKeyFile'))
      setFile((await backup()).readFile(await chosen.text()))
    })
  const open = () =>
    attempt(async () => {
      const passphrase = file!.tasknet ? await (await passkeys()).openPasskey(file!.tasknet.passkey) : phrase
      await take(await (await backup()).unseal(file!, passphrase))
    })
  return (
    <section class="stack">
      <form
        class="stack tight"
        onSubmit={(event) => {
          event.preventDefault()
          void attempt(async () => take((await backup()).readKey(text)))
        }}
      >
        <h2>{replacing ? t('useAnother') : t('bringKey')}</h2>
        <label class="field">
          <span>{t('wordsOrKey')}</span>
          <textarea class="input fact" dir="ltr" rows={3} autocomplete="off" spellcheck={false} autocapitalize="off" value={text} onInput={(e) => setText(e.currentTarget.value)} aria-invalid={problem !== '' && !file} aria-describedby="restore-hint" />
          <span class={`cap ${problem && !file ? 'bad' : ''}`} id="restore-hint" role={problem && !file ? 'alert' : undefined}>
            {(!file && problem) || t('restoreHint')}
          </span>
        </label>
        <button type="submit" class="btn self" disabled={busy || text.trim() === ''}>
          {busy ? t('busy') : t('useKey')}
        </button>
      </form>
      <form
        class="stack tight"
        onSubmit={(event) => {
          event.preventDefault()
          void open()
        }}
      >
        <label class="field">
          <span>{t('orFile')}</span>
          <input class="input" type="file" accept=".json,application/json" onChange={(e) => void choose(e.currentTarget.files?.[0])} />
        </label>
        {file && !file.tasknet && (
          <label class="field">
            <span>{t('filePhrase')}</span>
            <input class="input" type="password" autocomplete="off" value={phrase} onInput={(e) => setPhrase(e.currentTarget.value)} aria-invalid={problem !== ''} />
          </label>
        )}
        {file && problem && (
          <p class="cap bad" role="alert">
            {problem}
          </p>
        )}
        {file && (
          <button type="submit" class="btn self" disabled={busy || (!file.tasknet && phrase === '')}>
            {busy ? t('opening') : file.tasknet ? t('openPasskey') : t('openFile')}
          </button>
        )}
      </form>
      {ask && (
        <dialog ref={dialog} class="sheet" aria-labelledby="replace-title" onClose={() => setAsk(undefined)}>
          <h2 class="title" id="replace-title">
            {t('replace')}
          </h2>
          <p class="sec">{ask.worth ? t('replaceWorth', { worth: ask.worth }) : t('replaceNone')}</p>
          <div class="line tight">
            <button type="button" class="btn main" onClick={() => dialog.current?.close()}>
              {t('keepPresent')}
            </button>
            <button type="button" class="btn" onClick={() => (dialog.current?.close(), void attempt(() => restore(ask.key)))}>
              {t('replaceKey')}
            </button>
          </div>
        </dialog>
      )}
      {elsewhere && (
        <dialog ref={dialog} class="sheet" aria-labelledby="elsewhere-title" onClose={() => location.assign('/earned')}>
          <h2 class="title" id="elsewhere-title">
            {t('olderCopy')}
          </h2>
          <p class="sec">
            {rich(t, 'olderCopyMore', { address: <Hash of={elsewhere} name={t('payoutAddress')} /> })}
          </p>
          <div class="line tight">
            <button type="button" class="btn main" onClick={() => dialog.current?.close()}>
              {t('isMine')}
            </button>
            <button type="button" class="btn" onClick={() => location.assign('/key/payout')}>
              {t('lookPayouts')}
            </button>
          </div>
        </dialog>
      )}
    </section>
  )
}
