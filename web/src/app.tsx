import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import Answering from './features/answering/view/answering'
import { identity } from './features/identity/shared/session'
import { go, place } from './features/frame/shared/route'
import { settings } from './features/frame/shared/settings'
import { Trouble, useCell } from './features/frame/view/parts'
import Onboarding from './features/onboarding/view/onboarding'
import { UpdateNote } from './features/frame/view/update'

// The first question is in the first bundle; every other page is fetched when it is wanted.
type Page = ComponentType<Record<string, never>>
const later = {
  earned: () => import('./features/earned/view/earned'),
  answered: () => import('./features/answered/view/answered'),
  key: () => import('./features/identity/view/key'),
  how: () => import('./features/onboarding/view/how'),
  home: () => import('./features/console/view/home'),
  ask: () => import('./features/console/view/ask'),
  question: () => import('./features/console/view/question'),
  money: () => import('./features/console/view/money'),
  keys: () => import('./features/console/view/keys'),
  record: () => import('./features/record/view/record'),
}

/** What is shown at a path. */
function Route({ path }: { path: string }) {
  const [name = '', query] = path.split('?')
  const parts = name.split('/').filter(Boolean).map(decodeURIComponent)
  switch (parts[0]) {
    case undefined:
      return <Start />
    case 'earned':
      return <Known load={later.earned} />
    case 'answered':
      return <Known load={later.answered} />
    case 'key':
      return <Lazy load={later.key} />
    case 'how':
      return <Lazy load={later.how} />
    case 'ask':
      return <Lazy load={later.ask} />
    case 'verify':
      return <Lazy load={later.record} props={{ id: parts[1] ?? new URLSearchParams(query).get('question') ?? undefined }} />
    case 'console':
      if (parts.length === 1) return <Lazy load={later.home} />
      if (parts[1] === 'q' && parts[2]) return <Lazy load={later.question} props={{ id: parts[2] }} />
      if (parts[1] === 'money') return <Lazy load={later.money} />
      if (parts[1] === 'keys') return <Lazy load={later.keys} />
  }
  return <Nowhere />
}

function Start() {
  const [known, setKnown] = useState<boolean>()
  useEffect(() => {
    identity().then(
      (who) => setKnown(who?.registration !== undefined),
      () => setKnown(false),
    )
  }, [])
  if (known === undefined) return <div class="phone" aria-busy="true" />
  return known ? <Answering /> : <Onboarding onDone={() => setKnown(true)} />
}

/** A page of a respondent; who is none yet is led to the start. */
function Known({ load }: { load: () => Promise<{ default: ComponentType }> }) {
  const [known, setKnown] = useState(false)
  useEffect(() => {
    void identity().then((who) => (who?.registration ? setKnown(true) : go('/', true)))
  }, [])
  return known ? <Lazy load={load} /> : <div class="phone" aria-busy="true" />
}

function Lazy<P>({ load, props }: { load: () => Promise<{ default: ComponentType<P> }>; props?: P }) {
  const [found, setFound] = useState<{ load: unknown; page: Page }>()
  const [error, setError] = useState<unknown>()
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let current = true
    setError(undefined)
    load().then(
      (module) => current && setFound({ load, page: module.default as unknown as Page }),
      (e: unknown) => current && setError(e),
    )
    return () => {
      current = false
    }
  }, [load, turn])
  if (error !== undefined) {
    return (
      <main class="lost">
        <h1 class="title">This page is not on this device yet.</h1>
        <Trouble error={new Error('offline')} again={() => setTurn(turn + 1)} />
      </main>
    )
  }
  if (found?.load !== load) return <div class="phone" aria-busy="true" />
  const Page = found.page
  return <Page {...((props ?? {}) as Record<string, never>)} />
}

function Nowhere() {
  return (
    <main class="lost">
      <h1 class="title">There is no such page.</h1>
      <p>
        <a href="/">Questions</a> · <a href="/console">Console</a> · <a href="/verify">Public records</a>
      </p>
    </main>
  )
}

export function App() {
  const path = useCell(place)
  const { theme, hand } = useCell(settings)
  useEffect(() => {
    const root = document.documentElement
    if (theme === 'system') delete root.dataset.theme
    else root.dataset.theme = theme
    root.dataset.hand = hand
  }, [theme, hand])
  return (
    <>
      <Route path={path} />
      <UpdateNote />
    </>
  )
}
