import { useEffect, useRef, useState } from 'preact/hooks'
import { adopt, asRespondent, identity, noteBackup, signer } from '../shared/session'
import type { Identity } from '../shared/identity'
import type { Earnings, Me } from '../../api/shared/wire'
import { hex } from '../../proof/shared/bytes'
import { shown, sum } from '../../money/shared/amount'
import { me, refreshMe } from '../../frame/shared/people'
import { go } from '../../frame/shared/route'
import { reads, readsMax, tagsOf } from '../../frame/shared/languages'
import { change, settings, type Settings } from '../../frame/shared/settings'
import { day, trouble } from '../../frame/shared/words'
import { CopyButton, Hash, Icon, PlainHttp, Trouble, useCell, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'

/** The wallet's key: save it, bring one back; and how this device shows the app. */
export default function Key() {
  const heading = useTitle('Key and settings')
  const [who, setWho] = useState<Identity | null>()
  const load = () => void identity().then((found) => setWho(found ?? null))
  useEffect(load, [])
  return (
    <Phone bar={who !== null}>
      <header class="top">
        <button class="btn bare slim back" type="button" onClick={() => (history.length > 1 ? history.back() : go('/'))}>
          <Icon of="back" /> Back
        </button>
      </header>
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {who === null ? 'I have a key' : 'Key and settings'}
        </h1>
        {who && <Backup who={who} saved={load} />}
        {who !== undefined && <Restore replacing={who !== null} />}
        {who && <Devices own={who.device.key} />}
        <Preferences />
        <PlainHttp />
      </main>
    </Phone>
  )
}

function Backup({ who, saved }: { who: Identity; saved: () => void }) {
  const [visible, setVisible] = useState(false)
  const key = `0x${hex(who.wallet.secret)}`
  const note = () => void noteBackup(Date.now()).then(saved)
  const download = () => {
    const text = `TaskNet wallet\naddress ${who.wallet.address}\nprivate key ${key}\n\nWhoever has this key has the money of this address. TaskNet restores it under "I have a key"; other Ethereum wallets import it as a private key.\n`
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
    link.download = `tasknet-wallet-${who.wallet.address.slice(2, 8)}.txt`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
    note()
  }
  return (
    <section class="stack tight">
      <h2>Your wallet’s key</h2>
      <p class="sec">
        It receives your pay at <Hash of={who.wallet.address} name="wallet address" />. It lies on this device only: if the browser’s data is cleared, it is gone, and the money with it. A copy brings it back, here or in any Ethereum wallet.
      </p>
      {visible && (
        <pre class="code wrap" tabIndex={0} aria-label="Private key">
          {key}
        </pre>
      )}
      <div class="line tight">
        <button type="button" class="btn main" onClick={download}>
          Download the key
        </button>
        <button type="button" class="btn" onClick={() => (setVisible(!visible), visible || note())}>
          {visible ? 'Hide it' : 'Show it'}
        </button>
        {visible && <CopyButton text={key}>Copy the key</CopyButton>}
      </div>
      <p class="cap">{who.backedUpAt ? `You took a copy on ${day(new Date(who.backedUpAt))}. Keep it where only you can read it.` : 'You have no copy yet. Anyone who sees it can take the money, so keep it where only you can read it.'}</p>
    </section>
  )
}

function Restore({ replacing }: { replacing: boolean }) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const [ask, setAsk] = useState<string>()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (ask !== undefined) dialog.current?.showModal()
  }, [ask])
  const restore = async () => {
    setBusy(true)
    setProblem('')
    try {
      const restored = await (await signer()).restoreIdentity(text)
      await adopt(restored)
      me.set(undefined)
      await refreshMe()
      location.assign('/earned')
    } catch (error) {
      setProblem(error instanceof RangeError ? 'That is not a private key: it has 64 digits from 0 to f, with or without 0x before them.' : trouble(error).text)
      setBusy(false)
    }
  }
  const submit = async () => {
    if (!replacing) return restore()
    const money = await asRespondent<Earnings>('/v1/me/earnings').catch(() => undefined)
    setAsk(money && sum(money.held, money.yours, money.in_epoch, money.on_chain) > 0n ? `${shown(sum(money.held, money.yours, money.in_epoch, money.on_chain))} ${money.symbol}` : '')
  }
  return (
    <section>
      <form
        class="stack tight"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <h2>{replacing ? 'Use another key' : 'Bring your wallet’s key'}</h2>
        <label class="field">
          <span>Private key</span>
          <input class="input fact" autocomplete="off" spellcheck={false} autocapitalize="off" value={text} onInput={(e) => setText(e.currentTarget.value)} aria-invalid={problem !== ''} aria-describedby="restore-hint" />
          <span class={`cap ${problem ? 'bad' : ''}`} id="restore-hint" role={problem ? 'alert' : undefined}>
            {problem || 'What you saved on another device. Your answers and pay come with it.'}
          </span>
        </label>
        <button type="submit" class="btn" disabled={busy || text.trim() === ''}>
          {busy ? 'One moment' : 'Use this key'}
        </button>
      </form>
      {ask !== undefined && (
        <dialog ref={dialog} class="sheet" aria-labelledby="replace-title" onClose={() => setAsk(undefined)}>
          <h2 class="title" id="replace-title">
            Replace the key on this device?
          </h2>
          <p class="sec">{ask ? `The key that is here now stands for ${ask}. Without a copy of it, that is lost.` : 'The key that is here now is removed from this device.'}</p>
          <div class="line tight">
            <button type="button" class="btn main" onClick={() => dialog.current?.close()}>
              Keep the present one
            </button>
            <button type="button" class="btn" onClick={() => (dialog.current?.close(), void restore())}>
              Replace the key
            </button>
          </div>
        </dialog>
      )}
    </section>
  )
}

function Devices({ own }: { own: string }) {
  const mine = useCell(me)
  const [error, setError] = useState<unknown>()
  useEffect(() => void refreshMe(), [])
  const devices = mine?.devices ?? []
  if (devices.length < 2) return null
  const revoke = async (key: string) => {
    setError(undefined)
    try {
      await asRespondent<void>(`/v1/me/devices/${key}`, { method: 'DELETE' })
      me.set(await asRespondent<Me>('/v1/me'))
    } catch (e) {
      setError(e)
    }
  }
  return (
    <section>
      <h2>Devices that answer for you</h2>
      {error !== undefined && <Trouble error={error} />}
      <ul class="rows small">
        {devices.map((d) => (
          <li>
            <span>
              <Hash of={d.key} name="device key" /> <span class="sec">{d.key === own ? 'this one' : d.revoked_at ? 'revoked' : `since ${day(new Date(d.issued_at))}`}</span>
            </span>
            {d.key !== own && !d.revoked_at && (
              <button type="button" class="btn slim end" onClick={() => void revoke(d.key)}>
                Revoke
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Preferences() {
  const now = useCell(settings)
  const groups: [string, string, 'theme' | 'hand' | 'undo', [Settings['theme' | 'hand' | 'undo'], string][]][] = [
    ['Colours', '', 'theme', [['system', 'As the device'], ['light', 'Light'], ['dark', 'Dark']]],
    ['Hand', 'The one that holds the phone: Undo and the button on a picture lie on its side.', 'hand', [['right', 'Right'], ['left', 'Left']]],
    ['Time to undo', 'How long an answer waits on this phone, so that you can take it back. The next answer sends it at once.', 'undo', [[0, 'Off'], [5, '5 s'], [10, '10 s'], [20, '20 s']]],
  ]
  return (
    <section class="stack">
      <h2>This device</h2>
      {groups.map(([name, hint, field, options]) => (
        <div class="field">
          <span>{name}</span>
          <div class="seg" role="group" aria-label={name}>
            {options.map(([value, word]) => (
              <button type="button" aria-pressed={now[field] === value} onClick={() => change({ [field]: value })}>
                {word}
              </button>
            ))}
          </div>
          {hint && <p class="cap">{hint}</p>}
        </div>
      ))}
      <Languages />
    </section>
  )
}

function Languages() {
  const [text, setText] = useState(reads(settings.value.reads, navigator.languages).join(', '))
  const tags = tagsOf(text)
  const problem = !tags ? 'Tags such as en, de or pt-BR, with commas between them.' : tags.length > readsMax ? `At most ${readsMax}.` : ''
  return (
    <label class="field">
      <span>Languages I read</span>
      <input
        class="input"
        value={text}
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={problem !== ''}
        aria-describedby="reads-hint"
        onInput={(e) => {
          const typed = e.currentTarget.value
          setText(typed)
          const reads = tagsOf(typed)
          if (reads && reads.length <= readsMax) change({ reads })
        }}
        onBlur={() => void refreshMe()}
      />
      <span class={`cap ${problem ? 'bad' : ''}`} id="reads-hint" role={problem ? 'alert' : undefined}>
        {problem || 'You get no questions of projects that are in others. Empty: all of them. They are told with each request, and not kept.'}
      </span>
    </label>
  )
}
