import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Balance } from '../../api/shared/wire'
import { shown } from '../../money/shared/amount'
import { lastHeard, reachable } from '../../api/shared/http'
import { place } from '../../frame/shared/route'
import { asOf } from '../../frame/shared/words'
import { Cell } from '../../frame/shared/cell'
import { Icon, Mark, useCell, useTitle } from '../../frame/view/parts'
import { UpdateNote } from '../../frame/view/update'
import { apiKey, asRequester, enter, isKey, keyProblem, leave } from '../shared/requester'

/** The requester's money, as last heard. */
export const balance = new Cell<Balance | undefined>(undefined)

export async function refreshBalance(): Promise<void> {
  balance.set(await asRequester<Balance>('/v1/balance').catch(() => balance.value))
}

const places: [string, string][] = [
  ['/console', 'Home'],
  ['/console/projects', 'Projects'],
  ['/console/jobs', 'Jobs'],
  ['/ask', 'Ask'],
  ['/console/money', 'Money'],
  ['/console/keys', 'Keys'],
  ['/verify', 'Verify'],
]

/** The frame of the requester's pages: the rail, and a gate until there is an API key. */
export function Desk({ children }: { children: ComponentChildren }) {
  const key = useCell(apiKey)
  return (
    <div class="desk">
      <Rail />
      <div class="deskbody">
        <Away />
        <UpdateNote />
        {key ? <main class="page">{children}</main> : <Gate />}
      </div>
    </div>
  )
}

/** Says that the server is away, and of when what is shown is. */
function Away() {
  if (useCell(reachable)) return null
  const heard = lastHeard()
  return (
    <div class="banner" role="status">
      <Icon of="away" />
      <span class="grow">
        <b>The server does not answer.</b>
        <br />
        {heard === undefined ? 'It is asked again by itself.' : `What is shown is as of ${asOf(heard)}. It is asked again by itself.`}
      </span>
    </div>
  )
}

/** The requester's way from page to page, and the balance. */
export function Rail() {
  const key = useCell(apiKey)
  const money = useCell(balance)
  const path = useCell(place).split('?')[0]!
  const online = useCell(reachable)
  useEffect(() => {
    if (key && online) void refreshBalance()
  }, [key, online])
  const current = path.startsWith('/console/q/') ? '/console' : path.startsWith('/console/projects/') ? '/console/projects' : path.startsWith('/console/jobs/') ? '/console/jobs' : path.startsWith('/verify/') ? '/verify' : path
  return (
    <nav class="rail" aria-label="Main" lang="en" dir="ltr">
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
          <div class="n">
            {money ? shown(money.available) : '–'} <small>{money?.symbol}</small>
          </div>
          <button type="button" class="bare" onClick={() => leave()}>
            Leave
          </button>
        </div>
      )}
    </nav>
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
