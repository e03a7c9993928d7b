import { useState } from 'preact/hooks'
import type { PushInfo, QuestionType, Wishes } from '../../api/shared/wire'
import { readsMax, reads, tagsOf } from '../../frame/shared/languages'
import { settings } from '../../frame/shared/settings'
import { day } from '../../frame/shared/words'
import { Missing, Trouble, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { Back } from '../../frame/view/back'
import { asRespondent, instance } from '../../identity/shared/session'
import type { Person } from '../../identity/shared/identity'
import { plain, shown, typed } from '../../money/shared/amount'
import { kinds } from '../../projects/shared/types'
import { shell } from '../../../shell/seam'
import type { Shell } from '../../../shell/shell'
import { ability, isWoken, subscribe, unsubscribe } from '../shared/subscription'
import './notices.css'

const push = () => asRespondent<PushInfo>('/v1/me/push')
const worker = () => navigator.serviceWorker.ready

/** Whether, for what and when a person is woken. */
export function NoticesPage({ who }: { who: Person }) {
  const heading = useTitle('Notices')
  const info = useLoad(push, [])
  const symbol = useLoad(() => instance(), []).value?.token.symbol
  const others = info.value?.subscriptions.filter((s) => s.device !== who.device.key) ?? []
  return (
    <Phone>
      <Back />
      <main class="prose notices">
        <h1 class="title" ref={heading} tabIndex={-1}>
          Notices
        </h1>
        <Missing of={info} what="Whether you are woken is shown" />
        {info.value && (
          <>
            {shell ? <HereInApp app={shell} info={info.value} changed={info.again} /> : <Here info={info.value} changed={info.again} />}
            {others.length > 0 && <Others list={others} changed={info.again} />}
            {symbol && info.value.subscriptions.length > 0 && <WishesForm wishes={info.value.wishes} symbol={symbol} saved={info.again} />}
          </>
        )}
      </main>
    </Phone>
  )
}

const reason = 'Some questions are wanted within a minute. When one waits for you, this phone can tell you: one notice, which changes when there is more, and never at night.'

const cannot = {
  insecure: 'Browsers wake nobody over plain http. Open this app by its https address.',
  install: 'An iPhone wakes apps on the home screen only: tap Share, then “Add to Home Screen”, and open this page there.',
  never: 'This browser cannot be woken by a website. Another one on this phone may.',
}

/** This app, whose platform asks for permission. */
function HereInApp({ app, info, changed }: { app: Shell; info: PushInfo; changed: () => void }) {
  const state = useLoad(() => app.waking(), [info])
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const turn = async (on: boolean) => {
    setBusy(true)
    setError(undefined)
    try {
      const now = await app.wake(on)
      if (now === 'on' && info.subscriptions.length === 0) await save(firstWishes(info.wishes))
      state.again()
      changed()
    } catch (e) {
      setError(e)
    }
    setBusy(false)
  }
  return (
    <section class="stack tight">
      {state.value === 'on' ? (
        <p class="good" role="status">
          This phone is woken when a question waits for you.
        </p>
      ) : (
        <p>{reason}</p>
      )}
      {state.value === 'denied' && (
        <p class="note" role="alert">
          This phone was told not to show notices of this app. You can change that in its settings, under notifications.
        </p>
      )}
      {state.value === 'never' && <p class="note">This phone has no service that could wake the app. UnifiedPush names some that you can install.</p>}
      {error !== undefined && <Trouble error={error} />}
      {(state.value === 'on' || state.value === 'off') && (
        <button type="button" class={state.value === 'on' ? 'btn' : 'btn main'} disabled={busy} onClick={() => void turn(state.value === 'off')}>
          {state.value === 'on' ? 'Wake this phone no more' : 'Wake me for questions'}
        </button>
      )}
    </section>
  )
}

/** This browser, and the button that asks for permission: here alone, where its reason is. */
function Here({ info, changed }: { info: PushInfo; changed: () => void }) {
  const able = ability()
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState(false)
  const [error, setError] = useState<unknown>()
  const woken = useLoad(async () => able === 'yes' && (await isWoken(await worker(), info)), [info])
  const denied = able === 'yes' && (refused || Notification.permission === 'denied')
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true)
    setError(undefined)
    try {
      await act()
      changed()
    } catch (e) {
      setError(e)
    }
    setBusy(false)
  }
  const on = () =>
    attempt(async () => {
      const permission = await Notification.requestPermission()
      setRefused(permission === 'denied')
      if (permission === 'granted') {
        await subscribe(await worker(), info.key, asRespondent)
        if (info.subscriptions.length === 0) await save(firstWishes(info.wishes))
      }
    })
  const off = () => attempt(async () => unsubscribe(await worker(), asRespondent))
  if (woken.value) {
    return (
      <section class="stack tight">
        <p class="good" role="status">
          This phone is woken when a question waits for you.
        </p>
        {error !== undefined && <Trouble error={error} />}
        <button type="button" class="btn" disabled={busy} onClick={() => void off()}>
          Wake this phone no more
        </button>
      </section>
    )
  }
  return (
    <section class="stack tight">
      <p>{reason}</p>
      {able !== 'yes' ? (
        <p class="note">{cannot[able]}</p>
      ) : denied ? (
        <p class="note" role="alert">
          This browser was told not to show notices of this app. You can change that in its settings, under notifications.
        </p>
      ) : (
        <>
          {error !== undefined && <Trouble error={error} />}
          <button type="button" class="btn main" disabled={busy || woken.value === undefined} onClick={() => void on()}>
            Wake me for questions
          </button>
          <p class="cap">Your browser asks next whether it may. You can end it here at any time.</p>
        </>
      )}
    </section>
  )
}

/** What somebody most likely wishes who was just asked for the first time: what they read, and the night where they are. */
function firstWishes(w: Wishes): Wishes {
  return { ...w, languages: reads(settings.value.reads, navigator.languages), avoids: settings.value.avoids ?? [], quiet: { ...w.quiet, zone: zone() } }
}

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

const save = (json: Wishes) => asRespondent<Wishes>('/v1/me/push/wishes', { method: 'PUT', json })

/** Other devices of the person that are woken. */
function Others({ list, changed }: { list: PushInfo['subscriptions']; changed: () => void }) {
  const [error, setError] = useState<unknown>()
  const remove = async (id: string) => {
    setError(undefined)
    try {
      await asRespondent<void>(`/v1/me/push/subscriptions/${id}`, { method: 'DELETE' })
      changed()
    } catch (e) {
      setError(e)
    }
  }
  return (
    <section>
      <h2>Other devices that are woken</h2>
      {error !== undefined && <Trouble error={error} />}
      <ul class="rows small">
        {list.map((s) => (
          <li key={s.id}>
            <span>
              {s.channel === 'web' ? 'A browser' : 'An app'} <span class="sec">since {day(new Date(s.created_at))}</span>
            </span>
            <button type="button" class="btn slim end" onClick={() => void remove(s.id)}>
              Remove
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

const timesMax = 50

/** For what and when. */
function WishesForm({ wishes, symbol, saved }: { wishes: Wishes; symbol: string; saved: () => void }) {
  const [languages, setLanguages] = useState(wishes.languages.join(', '))
  const [types, setTypes] = useState(new Set(wishes.types))
  const [least, setLeast] = useState(wishes.least === '0' ? '' : shown(wishes.least))
  const [from, setFrom] = useState(wishes.quiet.from)
  const [until, setUntil] = useState(wishes.quiet.until)
  const [times, setTimes] = useState(String(wishes.per_day))
  const [state, setState] = useState<'' | 'busy' | 'kept'>('')
  const [error, setError] = useState<unknown>()
  const tags = tagsOf(languages)
  const pay = least.trim() === '' ? 0n : typed(least)
  const perDay = Number(times)
  const wrong = {
    languages: !tags ? 'Tags such as en, de or pt-BR, with commas between them.' : tags.length > readsMax ? `At most ${readsMax}.` : '',
    least: pay === undefined ? `A number of ${symbol}, such as 0.05.` : '',
    times: Number.isInteger(perDay) && perDay >= 1 && perDay <= timesMax ? '' : `A number from 1 to ${timesMax}.`,
    quiet: from && until ? '' : 'Two times of day.',
  }
  const edit = (change: () => void) => (change(), setState(''))
  const submit = async () => {
    setState('busy')
    setError(undefined)
    try {
      await save({ languages: tags!, types: [...types], least: plain(pay!), quiet: { from, until, zone: zone() }, per_day: perDay })
      setState('kept')
      saved()
    } catch (e) {
      setError(e)
      setState('')
    }
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <h2>For what, and when</h2>
      <div class="field">
        <span id="quiet">Never between</span>
        <div class="line tight" role="group" aria-labelledby="quiet">
          <input class="input" type="time" required aria-label="From" value={from} onInput={(e) => edit(() => setFrom(e.currentTarget.value))} />
          <span>and</span>
          <input class="input" type="time" required aria-label="Until" value={until} onInput={(e) => edit(() => setUntil(e.currentTarget.value))} />
        </div>
        <span class={`cap ${wrong.quiet ? 'bad' : ''}`}>{wrong.quiet || `By the clock in ${zone().replaceAll('_', ' ')}. The same time twice: at any hour.`}</span>
      </div>
      <label class="field">
        <span>At most so often a day</span>
        <input class="input" inputMode="numeric" autocomplete="off" value={times} aria-invalid={wrong.times !== ''} aria-describedby="times-hint" onInput={(e) => edit(() => setTimes(e.currentTarget.value))} />
        <span class={`cap ${wrong.times ? 'bad' : ''}`} id="times-hint">
          {wrong.times || 'Often nobody is woken at all: those who come soonest are asked first.'}
        </span>
      </label>
      <label class="field">
        <span>Only for at least, in {symbol}</span>
        <input class="input" inputMode="decimal" autocomplete="off" value={least} aria-invalid={wrong.least !== ''} aria-describedby="least-hint" onInput={(e) => edit(() => setLeast(e.currentTarget.value))} />
        <span class={`cap ${wrong.least ? 'bad' : ''}`} id="least-hint">
          {wrong.least || 'For one answer. Empty: whatever it pays.'}
        </span>
      </label>
      <label class="field">
        <span>Only in these languages</span>
        <input class="input" autocapitalize="off" spellcheck={false} value={languages} aria-invalid={wrong.languages !== ''} aria-describedby="languages-hint" onInput={(e) => edit(() => setLanguages(e.currentTarget.value))} />
        <span class={`cap ${wrong.languages ? 'bad' : ''}`} id="languages-hint">
          {wrong.languages || 'Empty: in any.'}
        </span>
      </label>
      <fieldset class="field">
        <legend>Only for these kinds</legend>
        <p class="cap">None ticked: any.</p>
        {kinds
          .flatMap((group) => group.of)
          .map(({ type, name }) => (
            <label class="line" key={type}>
              <input type="checkbox" checked={types.has(type)} onChange={() => edit(() => setTypes(toggled(types, type)))} /> {name}
            </label>
          ))}
      </fieldset>
      {error !== undefined && <Trouble error={error} />}
      <div class="line">
        <button type="submit" class="btn main" disabled={state === 'busy' || Object.values(wrong).some(Boolean)}>
          Save
        </button>
        {state === 'kept' && (
          <span class="good" role="status">
            Saved.
          </span>
        )}
      </div>
    </form>
  )
}

function toggled(types: ReadonlySet<string>, type: QuestionType): Set<string> {
  const next = new Set(types)
  if (!next.delete(type)) next.add(type)
  return next
}
