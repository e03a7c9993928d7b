import { useState } from 'preact/hooks'
import type { PushInfo, QuestionType, Wishes } from '../../api/shared/wire'
import { readsMax, reads, tagsOf } from '../../frame/shared/languages'
import { settings } from '../../frame/shared/settings'
import { day } from '../../frame/shared/words'
import { Missing, Trouble, useLoad, useTitle } from '../../frame/view/parts'
import { decimal } from '../../../language/format'
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
import { notices as t } from '../../../language/en/notices'
import { types as kind } from '../../../language/en/types'
import { rich } from '../../../language/rich'

const push = () => asRespondent<PushInfo>('/v1/me/push')
const worker = () => navigator.serviceWorker.ready

/** Whether, for what and when a person is woken. */
export function NoticesPage({ who }: { who: Person }) {
  const heading = useTitle(t('title'))
  const info = useLoad(push, [])
  const symbol = useLoad(() => instance(), []).value?.token.symbol
  const others = info.value?.subscriptions.filter((s) => s.device !== who.device.key) ?? []
  return (
    <Phone>
      <Back />
      <main class="prose notices">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {t('title')}
        </h1>
        <Missing of={info} what={t('missing')} />
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
          {t('woken')}
        </p>
      ) : (
        <p>{t('reason')}</p>
      )}
      {state.value === 'denied' && (
        <p class="note" role="alert">
          {t('deniedApp')}
        </p>
      )}
      {state.value === 'never' && <p class="note">{t('neverApp')}</p>}
      {error !== undefined && <Trouble error={error} />}
      {(state.value === 'on' || state.value === 'off') && (
        <button type="button" class={state.value === 'on' ? 'btn' : 'btn main'} disabled={busy} onClick={() => void turn(state.value === 'off')}>
          {state.value === 'on' ? t('wakeNoMore') : t('wakeMe')}
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
          {t('woken')}
        </p>
        {error !== undefined && <Trouble error={error} />}
        <button type="button" class="btn" disabled={busy} onClick={() => void off()}>
          {t('wakeNoMore')}
        </button>
      </section>
    )
  }
  return (
    <section class="stack tight">
      <p>{t('reason')}</p>
      {able !== 'yes' ? (
        <p class="note">{t(able)}</p>
      ) : denied ? (
        <p class="note" role="alert">
          {t('denied')}
        </p>
      ) : (
        <>
          {error !== undefined && <Trouble error={error} />}
          <button type="button" class="btn main" disabled={busy || woken.value === undefined} onClick={() => void on()}>
            {t('wakeMe')}
          </button>
          <p class="cap">{t('asksNext')}</p>
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
      <h2>{t('others')}</h2>
      {error !== undefined && <Trouble error={error} />}
      <ul class="rows small">
        {list.map((s) => (
          <li key={s.id}>
            <span>
              {rich(t, s.channel === 'web' ? 'browserSince' : 'appSince', { day: day(new Date(s.created_at)), sec: (inner) => <span class="sec">{inner}</span> })}
            </span>
            <button type="button" class="btn slim end" onClick={() => void remove(s.id)}>
              {t('remove')}
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
    languages: !tags ? t('badTags') : tags.length > readsMax ? t('most', { n: readsMax }) : '',
    least: pay === undefined ? t('numberOf', { symbol, such: decimal('0.05') }) : '',
    times: Number.isInteger(perDay) && perDay >= 1 && perDay <= timesMax ? '' : t('numberTo', { n: timesMax }),
    quiet: from && until ? '' : t('twoTimes'),
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
      <h2>{t('forWhat')}</h2>
      <div class="field">
        <span id="quiet">{t('neverBetween')}</span>
        <div class="line tight" role="group" aria-labelledby="quiet">
          <input class="input" type="time" required aria-label={t('from')} value={from} onInput={(e) => edit(() => setFrom(e.currentTarget.value))} />
          <span>{t('and')}</span>
          <input class="input" type="time" required aria-label={t('until')} value={until} onInput={(e) => edit(() => setUntil(e.currentTarget.value))} />
        </div>
        <span class={`cap ${wrong.quiet ? 'bad' : ''}`}>{wrong.quiet || t('quietHint', { zone: zone().replaceAll('_', ' ') })}</span>
      </div>
      <label class="field">
        <span>{t('often')}</span>
        <input class="input" inputMode="numeric" autocomplete="off" value={times} aria-invalid={wrong.times !== ''} aria-describedby="times-hint" onInput={(e) => edit(() => setTimes(e.currentTarget.value))} />
        <span class={`cap ${wrong.times ? 'bad' : ''}`} id="times-hint">
          {wrong.times || t('oftenHint')}
        </span>
      </label>
      <label class="field">
        <span>{t('leastIn', { symbol })}</span>
        <input class="input" inputMode="decimal" autocomplete="off" value={least} aria-invalid={wrong.least !== ''} aria-describedby="least-hint" onInput={(e) => edit(() => setLeast(e.currentTarget.value))} />
        <span class={`cap ${wrong.least ? 'bad' : ''}`} id="least-hint">
          {wrong.least || t('leastHint')}
        </span>
      </label>
      <label class="field">
        <span>{t('inLanguages')}</span>
        <input class="input" dir="ltr" autocapitalize="off" spellcheck={false} value={languages} aria-invalid={wrong.languages !== ''} aria-describedby="languages-hint" onInput={(e) => edit(() => setLanguages(e.currentTarget.value))} />
        <span class={`cap ${wrong.languages ? 'bad' : ''}`} id="languages-hint">
          {wrong.languages || t('anyLanguage')}
        </span>
      </label>
      <fieldset class="field">
        <legend>{t('ofKinds')}</legend>
        <p class="cap">{t('anyKind')}</p>
        {kinds
          .flatMap((group) => group.of)
          .map(({ type }) => (
            <label class="line" key={type}>
              <input type="checkbox" checked={types.has(type)} onChange={() => edit(() => setTypes(toggled(types, type)))} /> {kind(type)}
            </label>
          ))}
      </fieldset>
      {error !== undefined && <Trouble error={error} />}
      <div class="line">
        <button type="submit" class="btn main" disabled={state === 'busy' || Object.values(wrong).some(Boolean)}>
          {t('save')}
        </button>
        {state === 'kept' && (
          <span class="good" role="status">
            {t('saved')}
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
