import { useRef, useState } from 'preact/hooks'
import { call } from '../../api/shared/http'
import type { Earnings } from '../../api/shared/wire'
import { serverNow } from '../../frame/shared/clock'
import { Back } from '../../frame/view/back'
import { save } from '../../frame/view/download'
import { Missing, Trouble, useCell, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { shown, sum } from '../../money/shared/amount'
import { unsent } from '../../../outbox/office'
import { keep, kept } from '../../../outbox/database'
import { shell } from '../../../shell/seam'
import { keptHere, wipe } from '../../../outbox/wipe'
import type { Holder, Identity } from '../shared/identity'
import { asRespondent, fileAsRespondent, instance } from '../shared/session'

const say = {
  title: 'My data',
  export: 'Take it with you',
  exportHint: 'One JSON file with all that the server and this device keep of you, each part with a sentence of what it is. Your keys are not in it: for these take a copy of the key.',
  exportButton: 'Save my data',
  busy: 'One moment',
  erase: 'Erase it',
  goes: 'What goes',
  gone: [
    'What you wish to be woken for, what you avoid, and where you are woken.',
    'When you were here and when you were woken.',
    'Why you skipped what you skipped.',
    'All devices that answer for you: they are ended.',
    'What this device keeps: answers, receipts, pictures, settings.',
  ],
  stays: 'What stays',
  kept: [
    'Your signed answers, also those that you typed. Verdicts and pay are checked by them, and their fingerprints are in a public log that nobody can change.',
    'The public part of your keys, and the ledger’s lines of what you were paid. What is on the chain stays there.',
    'How right you were, by your id, as far as verdicts rest on it.',
  ],
  owed: (sum: string) => `You are owed ${sum}. It stays yours: what is held is paid when its questions close, and all of it can be claimed with your wallet’s key. Without the key it is lost.`,
  noCopy: 'You have no copy of the key yet.',
  takeCopy: 'Take one first',
  waiting: (n: number) => `${n === 1 ? '1 answer has' : `${n} answers have`} not been sent yet and would be lost. Connect first.`,
  withKey: 'Remove the key from this device, too',
  withKeyHint: 'Only a copy brings it back.',
  eraseButton: 'Erase my data',
  sure: 'Erase your data?',
  cannot: 'This cannot be taken back. Who comes back with the same key is the same person to the server, with the answers and the pay that stayed.',
  cannotKey: 'The key goes with it.',
  keepIt: 'Keep everything',
  doIt: 'Erase',
  done: 'Your data is erased.',
  doneHint: 'This app can be closed or removed now.',
  doneKey: 'The key of your wallet is still on this device.',
  unknown: 'What you are owed is shown',
}

/** Taking one's data along, and having it erased. */
export function DataPage({ who }: { who: Holder }) {
  const heading = useTitle(say.title)
  const [done, setDone] = useState<'kept' | 'gone'>()
  if (done) {
    return (
      <main class="lost">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {say.done}
        </h1>
        <p>
          {done === 'kept' && say.doneKey} {say.doneHint}
        </p>
      </main>
    )
  }
  return (
    <Phone>
      <Back />
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {say.title}
        </h1>
        <Export />
        {who.registration && !shell && <Erase who={who} done={setDone} />}
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
    const device = JSON.stringify(await keptHere(), null, 1)
    save(new Blob([file.trimEnd().slice(0, -1), ',\n"device":', device, '}\n'], { type: 'application/json' }), 'tasknet-my-data.json')
  }
  return (
    <section class="stack tight">
      <h2>{say.export}</h2>
      <p class="sec">{say.exportHint}</p>
      {error !== undefined && <Trouble error={error} />}
      <button type="button" class="btn self" disabled={busy} onClick={() => act(take)}>
        {busy ? say.busy : say.exportButton}
      </button>
    </section>
  )
}

/** Has the browser forget where it is woken. */
async function endPushes(): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration()
  await (await worker?.pushManager?.getSubscription())?.unsubscribe()
}

/** In a browser: an app keeps the keys elsewhere, and has to forget them with the rest. */
function Erase({ who, done }: { who: Holder; done: (how: 'kept' | 'gone') => void }) {
  const money = useLoad(() => asRespondent<Earnings>('/v1/me/earnings'), [])
  const waiting = useCell(unsent).length
  const [withKey, setWithKey] = useState(false)
  const { busy, error, act } = useAct()
  const dialog = useRef<HTMLDialogElement>(null)
  const owed = money.value ? sum(money.value.held, money.value.yours, money.value.in_epoch) : 0n
  const erase = async () => {
    const [here, { erasure }] = await Promise.all([instance(true), import('../worker/erasure')])
    const { path, body } = erasure(who, here, Math.floor(serverNow() / 1000))
    await call(path, { json: body })
    await endPushes().catch(() => undefined) // the server sends none any more
    await wipe(withKey ? [] : ['identity'])
    if (!withKey) await keep('identity', { ...(await kept<Identity>('identity'))!, registration: undefined } satisfies Identity)
    done(withKey ? 'gone' : 'kept')
  }
  return (
    <section class="stack">
      <h2>{say.erase}</h2>
      <div>
        <h3 class="small b">{say.goes}</h3>
        <ul class="rows small">
          {say.gone.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
        <h3 class="small b">{say.stays}</h3>
        <ul class="rows small">
          {say.kept.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
      </div>
      <Missing of={money} what={say.unknown} />
      {owed > 0n && <p class="note">{say.owed(`${shown(owed)} ${money.value!.symbol}`)}</p>}
      {!who.backedUpAt && (
        <p class="note">
          {say.noCopy} <a href="/key/words">{say.takeCopy}</a>
        </p>
      )}
      {waiting > 0 && <p class="note wrong">{say.waiting(waiting)}</p>}
      <div class="rows">
        <label>
          <span class="grow">
            {say.withKey}
            <span class="cap block">{say.withKeyHint}</span>
          </span>
          <input type="checkbox" class="switch" checked={withKey} onChange={(e) => setWithKey(e.currentTarget.checked)} />
        </label>
      </div>
      {error !== undefined && <Trouble error={error} />}
      <button type="button" class="btn self" disabled={busy || !money.value || waiting > 0} onClick={() => dialog.current?.showModal()}>
        {busy ? say.busy : say.eraseButton}
      </button>
      <dialog ref={dialog} class="sheet" aria-labelledby="erase-title">
        <h2 class="title" id="erase-title">
          {say.sure}
        </h2>
        <p class="sec">
          {say.cannot} {withKey && say.cannotKey} {owed > 0n && say.owed(`${shown(owed)} ${money.value!.symbol}`)}
        </p>
        <div class="line tight">
          <button type="button" class="btn main" onClick={() => dialog.current?.close()}>
            {say.keepIt}
          </button>
          <button type="button" class="btn" onClick={() => (dialog.current?.close(), act(erase))}>
            {say.doIt}
          </button>
        </div>
      </dialog>
    </section>
  )
}
