import { useEffect, useState } from 'preact/hooks'
import { asRespondent, holder } from '../shared/session'
import type { Holder } from '../shared/identity'
import type { Me } from '../../api/shared/wire'
import { me, refreshMe } from '../../frame/shared/people'
import { canTick } from '../../answering/shared/tick'
import { change, settings, type Settings as Preference } from '../../frame/shared/settings'
import { day } from '../../frame/shared/words'
import { Hash, PlainHttp, Trouble, useCell, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { Back } from '../../frame/view/back'
import { NoticesPage } from '../../notices/view/notices'
import { Access } from './access'
import { AccuracyPage } from './accuracy'
import { Copies } from './copies'
import { DataPage } from './data'
import { Installing } from './installing'
import { KeyFilePage } from './keyfile'
import { PayoutPage } from './payout'
import { ProfilePage } from './profile'
import { Restore } from './restore'
import { WordsPage } from './words'
import './wallet.css'

/** The pages of the wallet and of this device. */
export default function Key({ part }: { part?: string }) {
  const [who, setWho] = useState<Holder | null>()
  const load = () => void holder().then((found) => setWho(found ?? null))
  useEffect(load, [])
  if (who && part === 'words') return <WordsPage who={who} saved={load} />
  if (who && part === 'file') return <KeyFilePage who={who} saved={load} />
  if (who && part === 'payout') return <PayoutPage who={who} />
  if (who && part === 'accuracy') return <AccuracyPage />
  if (who && part === 'data') return <DataPage who={who} />
  if (who && part === 'profile') return <ProfilePage />
  if (who && part === 'notices') return <NoticesPage who={who} />
  return <Settings who={who} saved={load} />
}

/** The wallet's key: save it, bring one back; and how this device shows the app. */
function Settings({ who, saved }: { who: Holder | null | undefined; saved: () => void }) {
  const heading = useTitle('Key and settings')
  return (
    <Phone bar={who !== null}>
      <Back />
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {who === null ? 'I have a key' : 'Key and settings'}
        </h1>
        {who && <Copies who={who} saved={saved} />}
        {who && (
          <p>
            <a href="/key/profile">What I answer: languages, interests, and what I do not want to see</a>
          </p>
        )}
        {who && (
          <p>
            <a href="/key/accuracy">How right you are, and what it means</a>
          </p>
        )}
        {who && (
          <p>
            <a href="/key/notices">Notices: be told when a question waits</a>
          </p>
        )}
        {who !== undefined && <Restore replacing={who !== null} />}
        {who && <Devices own={who.device.key} />}
        <Preferences />
        <Access />
        {who && <Installing />}
        {who && (
          <p>
            <a href="/key/data">My data: take it with you, or have it erased</a>
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
  const groups: [string, string, 'theme' | 'hand' | 'undo', [Preference['theme' | 'hand' | 'undo'], string][]][] = [
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
      <div>
        <h3 class="small b">While answering</h3>
        <div class="rows">
          {canTick() && <Switch name="A tick" hint="An answer is felt under the thumb. Never when the device is set to less motion." field="tick" />}
          <Switch name="Swipe" hint="To the left it skips a question, to the right it takes the last step back. The buttons do the same." field="swipe" />
        </div>
      </div>
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
