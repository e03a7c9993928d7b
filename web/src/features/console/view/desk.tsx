import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Balance } from '../../api/shared/wire'
import { brief, shown } from '../../money/shared/amount'
import { place } from '../../frame/shared/route'
import { Cell } from '../../frame/shared/cell'
import { Mark, useCell, useTitle } from '../../frame/view/parts'
import { OfflineBanner } from '../../frame/view/phone'
import { apiKey, asRequester, enter, isKey, keyProblem, leave } from '../shared/requester'

/** The requester's money, as last heard. */
export const balance = new Cell<Balance | undefined>(undefined)

export async function refreshBalance(): Promise<void> {
  balance.set(await asRequester<Balance>('/v1/balance').catch(() => balance.value))
}

const places: [string, string][] = [
  ['/console', 'Home'],
  ['/ask', 'Ask'],
  ['/console/money', 'Money'],
  ['/console/keys', 'Keys'],
  ['/verify', 'Verify'],
]

/** The frame of the requester's pages: the rail, the balance, and a gate until there is an API key. */
export function Desk({ children }: { children: ComponentChildren }) {
  const key = useCell(apiKey)
  const money = useCell(balance)
  const path = useCell(place).split('?')[0]!
  useEffect(() => {
    if (key) void refreshBalance()
  }, [key])
  const current = path.startsWith('/console/q/') ? '/console' : path
  return (
    <div class="desk">
      <nav class="rail" aria-label="Main">
        <a class="brand" href="/console">
          <Mark size={28} />
          TaskNet
        </a>
        <div class="stops">
          {places.map(([href, word]) => (
            <a href={href} aria-current={current === href ? 'page' : undefined}>
              {word}
            </a>
          ))}
        </div>
        {key && (
          <div class="purse cap">
            <span>Balance</span>
            <div class="n" title={money && shown(money.available)}>
              {money ? brief(money.available) : '–'} <small>{money?.symbol}</small>
            </div>
            <button type="button" class="bare" onClick={() => leave()}>
              Leave
            </button>
          </div>
        )}
      </nav>
      <div class="deskbody">
        <OfflineBanner />
        {key ? <main class="page">{children}</main> : <Gate />}
      </div>
    </div>
  )
}

function Gate() {
  const heading = useTitle('Console')
  const refused = useCell(keyProblem)
  const [text, setText] = useState('')
  const [stay, setStay] = useState(false)
  const [problem, setProblem] = useState('')
  const submit = () => {
    const key = text.trim()
    if (!isKey(key)) setProblem('An API key is tn_ and 52 letters and digits.')
    else enter(key, stay)
  }
  const wrong = problem || refused
  return (
    <main class="page gate">
      <h1 class="title" ref={heading} tabIndex={-1}>
        Ask people. Know in seconds.
      </h1>
      <form
        class="card stack"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <label class="field">
          <span>API key</span>
          <input class="input fact" type="password" autocomplete="off" spellcheck={false} value={text} onInput={(e) => (setText(e.currentTarget.value), setProblem(''))} aria-invalid={wrong !== ''} aria-describedby="key-hint" />
          <span class={`cap ${wrong ? 'bad' : ''}`} id="key-hint" role={wrong ? 'alert' : undefined}>
            {wrong || 'The server printed the first one when it started. It stays in this tab.'}
          </span>
        </label>
        <label class="line tight">
          <input type="checkbox" class="switch" checked={stay} onChange={(e) => setStay(e.currentTarget.checked)} />
          <span class="small">Keep it on this device</span>
        </label>
        <button type="submit" class="btn main">
          Open the console
        </button>
      </form>
      <p class="small sec">
        To answer questions instead, <a href="/">start here</a>. To check a verdict, no key is needed: <a href="/verify">public records</a>.
      </p>
    </main>
  )
}
