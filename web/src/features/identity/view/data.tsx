import { useRef, useState } from 'preact/hooks'
import { data as t } from '../../../language/en/data'
import { rich } from '../../../language/rich'
import { call } from '../../api/shared/http'
import type { Earnings } from '../../api/shared/wire'
import { serverNow } from '../../frame/shared/clock'
import { Back } from '../../frame/view/back'
import { save } from '../../frame/view/download'
import { Missing, Trouble, useCell, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { shown, sum } from '../../money/shared/amount'
import { unsent } from '../../../outbox/office'
import { shell } from '../../../shell/seam'
import { keptHere, wipe } from '../../../outbox/wipe'
import { forgetHere } from '../shared/forget'
import type { Holder } from '../shared/identity'
import { asRespondent, fileAsRespondent, instance } from '../shared/session'

/** Taking one's data along, and having it erased. */
export function DataPage({ who }: { who: Holder }) {
  const heading = useTitle(t('title'))
  const [done, setDone] = useState<'kept' | 'gone'>()
  if (done) {
    return (
      <main class="lost">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {t('done')}
        </h1>
        <p>
          {done === 'kept' && t('doneKey')} {t('doneHint')}
        </p>
        <button type="button" class="btn" onClick={() => location.replace('/')}>
          {t('anew')}
        </button>
      </main>
    )
  }
  return (
    <Phone>
      <Back />
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {t('title')}
        </h1>
        <Export />
        {who.registration && <Erase who={who} done={setDone} />}
      </main>
    </Phone>
  )
}

/** Runs what a button does, once at a time, and keeps what went wrong. */
function useAct(): { busy: boolean; error: unknown; act: (work: () => Promise<void>) => void } {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const act = (work: () => Promise<void>) => {
    setBusy(true)
    setError(undefined)
    work().catch(setError).finally(() => setBusy(false))
  }
  return { busy, error, act }
}

function Export() {
  const { busy, error, act } = useAct()
  const take = async () => {
    const file = await fileAsRespondent('/v1/me/export', 'application/json')
    JSON.parse(file) // a file that was cut off is no file
    const device = JSON.stringify({ ...(await keptHere()), ...(shell && { unsent_answers: await shell.unsent(), settled_answers: await shell.settled() }) }, null, 1)
    await save(new Blob([file.trimEnd().slice(0, -1), ',\n"device":', device, '}\n'], { type: 'application/json' }), 'tasknet-my-data.json')
  }
  return (
    <section class="stack tight">
      <h2>{t('take')}</h2>
      <p class="sec">{t('takeHint')}</p>
      {error !== undefined && <Trouble error={error} />}
      <button type="button" class="btn self" disabled={busy} onClick={() => act(take)}>
        {busy ? t('busy') : t('save')}
      </button>
    </section>
  )
}

/** Erases the person: at the server, and what this browser keeps, or the app and its browser. */
function Erase({ who, done }: { who: Holder; done: (how: 'kept' | 'gone') => void }) {
  const money = useLoad(() => asRespondent<Earnings>('/v1/me/earnings'), [])
  const waiting = useCell(unsent).length
  const [withKey, setWithKey] = useState(false)
  const { busy, error, act } = useAct()
  const dialog = useRef<HTMLDialogElement>(null)
  const owed = money.value ? sum(money.value.held, money.value.yours, money.value.in_epoch) : 0n
  const erase = async () => {
    if (shell) {
      await shell.erase(withKey)
      await wipe([])
    } else {
      const [here, { erasure }] = await Promise.all([instance(true), import('../worker/erasure')])
      const { path, body } = erasure(who, here, Math.floor(serverNow() / 1000))
      await call(path, { json: body })
      await forgetHere(withKey)
    }
    done(withKey ? 'gone' : 'kept')
  }
  return (
    <section class="stack">
      <h2>{t('erase')}</h2>
      <div>
        <h3 class="small b">{t('goes')}</h3>
        <ul class="rows small">
          {[t('goesWishes'), t('goesTimes'), t('goesSkips'), t('goesTyped'), t('goesDevices'), t('goesHere')].map((line) => (
            <li>{line}</li>
          ))}
        </ul>
        <h3 class="small b">{t('stays')}</h3>
        <ul class="rows small">
          {[t('staysAnswers'), t('staysKeys'), t('staysAccuracy')].map((line) => (
            <li>{line}</li>
          ))}
        </ul>
      </div>
      <Missing of={money} what={t('missing')} />
      {owed > 0n && <p class="note">{t('owed', { sum: `${shown(owed)} ${money.value!.symbol}` })}</p>}
      {!who.backedUpAt && <p class="note">{rich(t, 'noCopy', { take: (inner) => <a href="/key/words">{inner}</a> })}</p>}
      {waiting > 0 && <p class="note wrong">{t('waiting', { n: waiting })}</p>}
      <div class="rows">
        <label>
          <span class="grow">
            {t('withKey')}
            <span class="cap block">{t('withKeyHint')}</span>
          </span>
          <input type="checkbox" class="switch" checked={withKey} onChange={(e) => setWithKey(e.currentTarget.checked)} />
        </label>
      </div>
      {error !== undefined && <Trouble error={error} />}
      <button type="button" class="btn self" disabled={busy || !money.value || waiting > 0} onClick={() => dialog.current?.showModal()}>
        {busy ? t('busy') : t('eraseAll')}
      </button>
      <dialog ref={dialog} class="sheet" aria-labelledby="erase-title">
        <h2 class="title" id="erase-title">
          {t('sure')}
        </h2>
        <p class="sec">
          {t('final')} {withKey && t('finalKey')} {owed > 0n && t('owed', { sum: `${shown(owed)} ${money.value!.symbol}` })}
        </p>
        <div class="line tight">
          <button type="button" class="btn main" onClick={() => dialog.current?.close()}>
            {t('keepAll')}
          </button>
          <button type="button" class="btn" onClick={() => (dialog.current?.close(), act(erase))}>
            {t('doErase')}
          </button>
        </div>
      </dialog>
    </section>
  )
}
