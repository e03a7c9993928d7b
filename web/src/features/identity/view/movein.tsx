import { useEffect, useRef, useState } from 'preact/hooks'
import { move as t } from '../../../language/en/move'
import { rich } from '../../../language/rich'
import { go } from '../../frame/shared/route'
import { me, refreshMe } from '../../frame/shared/people'
import { Back } from '../../frame/view/back'
import { PlainHttp, Trouble, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { readMoveCode, type MoveCode } from '../shared/movecode'
import { Over, takeOver } from '../shared/moving'
import { adopt, identity } from '../shared/session'
import { worthHere } from '../shared/worth'
import type { Handed } from '../worker/move'
import { Digits, Ending } from './meeting'

type State =
  | { at: 'link' | 'meeting' | 'arriving' | 'done' }
  | { at: 'ask'; code: MoveCode }
  | { at: 'compare'; number: string }
  | { at: 'over'; why: Over['why'] }
  | { at: 'trouble'; error: unknown; again: () => void }

/** The code in the page's address, which is taken out of it: whoever reads the history later finds no secret. */
function codeHere(): MoveCode | undefined {
  const code = readMoveCode(location.hash)
  if (location.hash) history.replaceState(null, '', location.pathname)
  return code
}

const first = (code: MoveCode | undefined): State => (code ? { at: 'ask', code } : { at: 'link' })

/** The new phone: it has the code, shows the number, and gets the key. */
export default function MoveIn() {
  const [now, set] = useState<State>(() => first(codeHere()))
  const leaving = useRef<AbortController>(undefined)
  useEffect(() => {
    const another = () => {
      leaving.current?.abort()
      set(first(codeHere()))
    }
    addEventListener('hashchange', another) // another link in the same page
    return () => (removeEventListener('hashchange', another), leaving.current?.abort())
  }, [])
  const bring = (code: MoveCode) => {
    const { signal } = (leaving.current = new AbortController())
    const show = (state: State) => signal.aborted || set(state)
    show({ at: 'meeting' })
    takeOver(code, (number) => show({ at: 'compare', number }), signal).then(
      ({ handed, confirm }) => arrive(handed, confirm),
      (error: unknown) => show(error instanceof Over ? { at: 'over', why: error.why } : { at: 'trouble', error, again: () => bring(code) }),
    )
  }
  // From here on it goes on when the page is left, too: the key is on its way into the place of another.
  const arrive = (handed: Handed, confirm: () => Promise<void>) => {
    set({ at: 'arriving' })
    adopt(handed.wallet, handed.backedUpAt).then(
      () => {
        void confirm().catch(() => undefined) // the old phone then says that it is not sure
        me.set(undefined)
        void refreshMe()
        set({ at: 'done' })
      },
      (error: unknown) => set({ at: 'trouble', error, again: () => arrive(handed, confirm) }),
    )
  }
  return (
    <Phone bar={false}>
      <Back />
      <Page key={now.at} now={now} bring={bring} found={(code) => set({ at: 'ask', code })} again={() => set({ at: 'link' })} />
    </Phone>
  )
}

function Page({ now, bring, found, again }: { now: State; bring: (code: MoveCode) => void; found: (code: MoveCode) => void; again: () => void }) {
  const heading = useTitle(t('inTitle'))
  if (now.at === 'over') return <Ended why={now.why} again={again} />
  const title = { link: t('inTitle'), ask: t('ask'), meeting: t('meeting'), compare: t('compareIn'), arriving: t('arriving'), done: t('inDone'), trouble: t('inTitle') }[now.at]
  return (
    <main class="prose">
      <h1 class="title" ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {now.at === 'link' && <Paste found={found} />}
      {now.at === 'ask' && <Ask bring={() => bring(now.code)} />}
      {now.at === 'compare' && (
        <>
          <Digits of={now.number} />
          <p class="sec">{t('compareInHint')}</p>
        </>
      )}
      {now.at === 'done' && (
        <>
          <p class="sec">{t('inDoneHint')}</p>
          {/* The whole app begins anew, with the other key. */}
          <button type="button" class="btn main big" onClick={() => location.assign('/earned')}>
            {t('toEarned')}
          </button>
        </>
      )}
      {now.at === 'trouble' && <Trouble error={now.error} again={now.again} />}
    </main>
  )
}

function Paste({ found }: { found: (code: MoveCode) => void }) {
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState(false)
  return (
    <form
      class="stack tight"
      onSubmit={(event) => {
        event.preventDefault()
        const code = readMoveCode(text)
        if (code) found(code)
        else setWrong(true)
      }}
    >
      <label class="field">
        <span>{t('paste')}</span>
        <textarea class="input fact" dir="ltr" rows={4} autocomplete="off" spellcheck={false} autocapitalize="off" value={text} onInput={(e) => (setText(e.currentTarget.value), setWrong(false))} aria-invalid={wrong} aria-describedby="paste-hint" />
        <span class={`cap ${wrong ? 'bad' : ''}`} id="paste-hint" role={wrong ? 'alert' : undefined}>
          {wrong ? t('pasteWrong') : t('pasteHint')}
        </span>
      </label>
      <button type="submit" class="btn main self" disabled={text.trim() === ''}>
        {t('goOn')}
      </button>
      <PlainHttp />
    </form>
  )
}

/** Asked before anything is sent: a link may come from anybody, and a key may be here already. */
function Ask({ bring }: { bring: () => void }) {
  const here = useLoad(async () => ((await identity()) ? { worth: await worthHere() } : {}), []) as { value?: { worth?: string }; error?: unknown; again: () => void }
  const { worth } = here.value ?? {}
  if (here.error !== undefined) return <Trouble error={here.error} again={here.again} />
  return (
    <>
      <p class="sec">{t('askHint')}</p>
      {worth !== undefined && (
        <p class="note wrong">
          {worth ? t('replacesWorth', { worth }) : t('replaces')} {rich(t, 'takeCopy', { copy: (inner) => <a href="/key/words">{inner}</a> })}
        </p>
      )}
      {here.value && (
        <div class="stack tight">
          <button type="button" class={worth === undefined ? 'btn main big' : 'btn big'} onClick={bring}>
            {worth === undefined ? t('bring') : t('replace')}
          </button>
          <button type="button" class={worth === undefined ? 'btn big' : 'btn main big'} onClick={() => go('/')}>
            {t('leave')}
          </button>
        </div>
      )}
    </>
  )
}

function Ended({ why, again }: { why: Over['why']; again: () => void }) {
  const next = { button: t('goOn'), again }
  if (why === 'taken') return <Ending wrong title={t('inTaken')} hint={t('inTakenHint')} {...next} />
  if (why === 'stranger') return <Ending wrong title={t('inStranger')} hint={t('inStrangerHint')} {...next} />
  if (why === 'stopped') return <Ending title={t('inStopped')} hint={t('inStoppedHint')} {...next} />
  return <Ending title={t('inLate')} hint={t('inLateHint')} {...next} />
}
