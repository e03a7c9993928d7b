import { useEffect, useRef, useState } from 'preact/hooks'
import { move as t } from '../../../language/en/move'
import { rich } from '../../../language/rich'
import { unsent } from '../../../outbox/office'
import { shell } from '../../../shell/seam'
import { Refused } from '../../api/shared/http'
import { Back } from '../../frame/view/back'
import { CopyButton, PlainHttp, Trouble, useCell, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { forgetHere } from '../shared/forget'
import type { Holder } from '../shared/identity'
import { handOver, Over } from '../shared/moving'
import { asRespondent } from '../shared/session'
import { Digits, Ending } from './meeting'

type State =
  | { at: 'start' | 'making' | 'sending' | 'done' | 'gone' }
  | { at: 'shown'; link: string }
  | { at: 'compare'; number: string; say: (same: boolean) => void }
  | { at: 'over'; error: unknown }

const titles = { start: 'outTitle', making: 'making', sending: 'sending', done: 'outDone', gone: 'signedOff', shown: 'outTitle', compare: 'compare' } as const

/** The old phone: it shows the code, and asks whether the numbers are the same before the key goes. */
export function MoveOut({ who }: { who: Holder }) {
  const [now, set] = useState<State>({ at: 'start' })
  const leaving = useRef<AbortController>(undefined)
  useEffect(() => () => leaving.current?.abort(), [])
  const begin = () => {
    const { signal } = (leaving.current = new AbortController())
    const show = (state: State) => signal.aborted || set(state)
    show({ at: 'making' })
    const compares = (number: string) =>
      new Promise<boolean>((say, fail) => {
        signal.addEventListener('abort', () => fail(signal.reason), { once: true })
        show({ at: 'compare', number, say })
      })
    const handed = { wallet: who.wallet.secret, ...(who.backedUpAt !== undefined && { backedUpAt: who.backedUpAt }) }
    handOver(handed, { shows: (link) => show({ at: 'shown', link }), compares, sends: () => show({ at: 'sending' }) }, signal).then(
      () => show({ at: 'done' }),
      (error: unknown) => show({ at: 'over', error }),
    )
  }
  if (now.at === 'gone') return <Gone />
  return (
    <Phone bar={false}>
      <Back />
      {/* A page of its own for each state, so that a screen reader is led to its heading. */}
      <Page key={now.at} now={now} begin={begin} who={who} gone={() => set({ at: 'gone' })} />
    </Phone>
  )
}

function Page({ now, begin, who, gone }: { now: State; begin: () => void; who: Holder; gone: () => void }) {
  const heading = useTitle(t('outTitle'))
  if (now.at === 'over') return <Ended error={now.error} again={begin} />
  return (
    <main class="prose">
      <h1 class="title" ref={heading} tabIndex={-1}>
        {t(titles[now.at])}
      </h1>
      {now.at === 'start' && (
        <>
          <p class="sec">{t('outWhat')}</p>
          <button type="button" class="btn main big" onClick={begin}>
            {t('showCode')}
          </button>
          <PlainHttp />
        </>
      )}
      {now.at === 'shown' && <Code link={now.link} />}
      {now.at === 'compare' && (
        <>
          <Digits of={now.number} />
          <p class="sec">{t('compareWhy')}</p>
          <div class="stack tight">
            <button type="button" class="btn main big" onClick={() => now.say(true)}>
              {t('yes')}
            </button>
            <button type="button" class="btn big" onClick={() => now.say(false)}>
              {t('no')}
            </button>
          </div>
        </>
      )}
      {now.at === 'sending' && <p class="sec">{t('sendingHint')}</p>}
      {now.at === 'done' && <Done who={who} gone={gone} />}
    </main>
  )
}

/** The code for a camera, and the same as a link. */
function Code({ link }: { link: string }) {
  const drawn = useLoad(async () => (await import('../worker/qr')).qr(link), [link])
  const address = link.slice(0, link.indexOf('#'))
  return (
    <>
      <p class="sec">{t('scan')}</p>
      {drawn.error !== undefined && <Trouble error={drawn.error} again={drawn.again} />}
      {drawn.value && (
        <svg class="qr" viewBox={`0 0 ${drawn.value.size} ${drawn.value.size}`} shape-rendering="crispEdges" role="img" aria-label={t('codeName')}>
          <path d={drawn.value.path} />
        </svg>
      )}
      <p class="cap">{t('codeTime')}</p>
      <section class="stack tight">
        <h2>{t('noCamera')}</h2>
        <p class="sec">{rich(t, 'noCameraHint', { address: <bdi dir="ltr">{address}</bdi> })}</p>
        <pre class="code wrap" dir="ltr" tabIndex={0} aria-label={t('theLink')}>
          {link}
        </pre>
        <CopyButton text={link} class="self">
          {t('copyLink')}
        </CopyButton>
      </section>
    </>
  )
}

function Ended({ error, again }: { error: unknown; again: () => void }) {
  const why = error instanceof Over ? error.why : undefined
  const said = { button: t('anew'), again }
  if (why === 'late') return <Ending title={t('late')} hint={t('lateHint')} {...said} />
  if (why === 'unheard') return <Ending title={t('unheard')} hint={t('unheardHint')} {...said} />
  if (why) return <Ending wrong title={t('stop')} hint={t('stopHint')} {...said} />
  return (
    <main class="prose">
      <h1 class="title">{t('outTitle')}</h1>
      <Trouble error={error} again={again} />
    </main>
  )
}

/** Both phones have the key: this one may stay, or be signed off. */
function Done({ who, gone }: { who: Holder; gone: () => void }) {
  const waiting = useCell(unsent).length
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const signOff = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await asRespondent<void>(`/v1/me/devices/${who.device.key}`, { method: 'DELETE' }).catch((e: unknown) => {
        if (!(e instanceof Refused && e.code === 'device_ended')) throw e
      })
      await forgetHere(true)
      gone()
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }
  return (
    <>
      <p class="sec">{t('outDoneHint')}</p>
      <a class="btn main big" href="/earned">
        {t('keepBoth')}
      </a>
      {shell ? (
        <p class="sec">{t('signOffApp')}</p>
      ) : (
        <section class="stack tight">
          <p class="sec">{t('signOffHint')}</p>
          {waiting > 0 && <p class="note">{t('signOffWaits', { n: waiting })}</p>}
          {error !== undefined && <Trouble error={error} />}
          <button type="button" class="btn big" disabled={busy || waiting > 0} onClick={() => void signOff()}>
            {t('signOff')}
          </button>
        </section>
      )}
    </>
  )
}

function Gone() {
  const heading = useTitle(t('outTitle'))
  return (
    <main class="lost">
      <h1 class="title" ref={heading} tabIndex={-1}>
        {t('signedOff')}
      </h1>
      <p>{t('signedOffHint')}</p>
    </main>
  )
}
