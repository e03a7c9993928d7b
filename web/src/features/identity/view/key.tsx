import { useEffect, useState } from 'preact/hooks'
import { asRespondent, holder } from '../shared/session'
import type { Holder } from '../shared/identity'
import type { Me } from '../../api/shared/wire'
import { me, refreshMe } from '../../frame/shared/people'
import { canTick } from '../../answering/shared/tick'
import { change, settings, type Settings as Preference } from '../../frame/shared/settings'
import { day, span } from '../../frame/shared/words'
import { Hash, PlainHttp, Trouble, useCell, useTitle } from '../../frame/view/parts'
import { Languages } from '../../frame/view/languages'
import { Moving } from '../../frame/view/moving'
import { Phone } from '../../frame/view/phone'
import { Back } from '../../frame/view/back'
import { NoticesPage } from '../../notices/view/notices'
import { Access } from './access'
import { AccuracyPage } from './accuracy'
import { Copies } from './copies'
import { DataPage } from './data'
import { Installing } from './installing'
import { KeyFilePage } from './keyfile'
import { MoveOut } from './moveout'
import { PayoutPage } from './payout'
import { ProfilePage } from './profile'
import { Restore } from './restore'
import { WordsPage } from './words'
import './wallet.css'
import { identity as t } from '../../../language/en/identity'
import { move } from '../../../language/en/move'

/** The pages of the wallet and of this device. */
export default function Key({ part }: { part?: string }) {
  const [who, setWho] = useState<Holder | null>()
  const load = () => void holder().then((found) => setWho(found ?? null))
  useEffect(load, [])
  if (who && part === 'words') return <WordsPage who={who} saved={load} />
  if (who && part === 'file') return <KeyFilePage who={who} saved={load} />
  if (who && part === 'move') return <MoveOut who={who} />
  if (who && part === 'payout') return <PayoutPage who={who} />
  if (who && part === 'accuracy') return <AccuracyPage />
  if (who && part === 'data') return <DataPage who={who} />
  if (who && part === 'profile') return <ProfilePage />
  if (who && part === 'notices') return <NoticesPage who={who} />
  return <Settings who={who} saved={load} />
}

/** The wallet's key: save it, bring one back; and how this device shows the app. */
function Settings({ who, saved }: { who: Holder | null | undefined; saved: () => void }) {
  const heading = useTitle(t('title'))
  return (
    <Phone bar={who !== null}>
      <Back />
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {who === null ? t('haveKey') : t('title')}
        </h1>
        {who && <Moving />}
        {who && <Copies who={who} saved={saved} />}
        {who && (
          <p>
            <a href="/key/move">{move('link')}</a>
          </p>
        )}
        {who && (
          <p>
            <a href="/key/profile">{t('profileLink')}</a>
          </p>
        )}
        {who && (
          <p>
            <a href="/key/accuracy">{t('accuracyLink')}</a>
          </p>
        )}
        {who && (
          <p>
            <a href="/key/notices">{t('noticesLink')}</a>
          </p>
        )}
        {who !== undefined && <Restore replacing={who !== null} />}
        {who !== undefined && (
          <p>
            <a href="/move">{move('fromLink')}</a>
          </p>
        )}
        {who && <Devices own={who.device.key} />}
        <Preferences />
        <Access />
        {who && <Installing />}
        {who && (
          <p>
            <a href="/key/data">{t('dataLink')}</a>
          </p>
        )}
        <PlainHttp />
      </main>
    </Phone>
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
      <h2>{t('devices')}</h2>
      {error !== undefined && <Trouble error={error} />}
      <ul class="rows small">
        {devices.map((d) => (
          <li>
            <span>
              <Hash of={d.key} name={t('deviceKey')} /> <span class="sec">{d.key === own ? t('thisOne') : d.revoked_at ? t('revoked') : t('since', { day: day(new Date(d.issued_at)) })}</span>
            </span>
            {d.key !== own && !d.revoked_at && (
              <button type="button" class="btn slim end" onClick={() => void revoke(d.key)}>
                {t('revoke')}
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
  const groups: [string, string, 'theme' | 'hand' | 'undo', [Preference['theme' | 'hand' | 'undo'], string][]][] = [
    [t('colours'), '', 'theme', [['system', t('asDevice')], ['light', t('light')], ['dark', t('dark')]]],
    [t('hand'), t('handHint'), 'hand', [['right', t('right')], ['left', t('left')]]],
    [t('undoTime'), t('undoHint'), 'undo', [[0, t('off')], ...([5, 10, 20] as const).map((s): [typeof s, string] => [s, span(s)])]],
  ]
  return (
    <section class="stack">
      <h2>{t('thisDevice')}</h2>
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
      <div>
        <h3 class="small b">{t('whileAnswering')}</h3>
        <div class="rows">
          {canTick() && <Switch name={t('tick')} hint={t('tickHint')} field="tick" />}
          <Switch name={t('swipe')} hint={t('swipeHint')} field="swipe" />
        </div>
      </div>
      <Languages field />
    </section>
  )
}

function Switch({ name, hint, field }: { name: string; hint: string; field: 'tick' | 'swipe' }) {
  const now = useCell(settings)
  return (
    <label>
      <span class="grow">
        {name}
        <span class="cap block">{hint}</span>
      </span>
      <input type="checkbox" class="switch" checked={now[field]} onChange={(e) => change({ [field]: e.currentTarget.checked })} />
    </label>
  )
}
