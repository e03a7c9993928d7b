import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import Answering, { recallQuestions } from './features/answering/view/answering'
import { ended, identity } from './features/identity/shared/session'
import { recallMe } from './features/frame/shared/people'
import { go, place } from './features/frame/shared/route'
import { present } from './features/frame/shared/present'
import { settings } from './features/frame/shared/settings'
import { Lazy, Nowhere } from './features/frame/view/lazy'
import { useCell } from './features/frame/view/parts'
import Onboarding from './features/onboarding/view/onboarding'
import { spoken } from './language/spoken'

// The first question is in the first bundle; every other page is fetched when it is wanted.
const later = {
  earned: () => import('./features/earned/view/earned'),
  statement: () => import('./features/earned/view/statement'),
  answered: () => import('./features/answered/view/answered'),
  key: () => import('./features/identity/view/key'),
  move: () => import('./features/identity/view/movein'),
  how: () => import('./features/onboarding/view/how'),
  home: () => import('./features/console/view/home'),
  ask: () => import('./features/console/view/ask'),
  question: () => import('./features/console/view/question'),
  money: () => import('./features/console/view/money'),
  keys: () => import('./features/console/view/keys'),
  projects: () => import('./features/projects/view/projects'),
  jobs: () => import('./features/compute/view/compute'),
  record: () => import('./features/record/view/record'),
  payouts: () => import('./features/payouts/view/payouts'),
  ended: () => import('./features/identity/view/ended'),
  nostorage: () => import('./features/frame/view/nostorage'),
}

/** What is shown at a path. */
function Route({ path }: { path: string }) {
  const [name = '', query] = path.split('?')
  const parts = name.split('/').filter(Boolean).map(decodeURIComponent)
  switch (parts[0]) {
    case undefined:
      return <Start />
    case 'earned':
      return <Known load={parts[1] === 'statement' ? later.statement : later.earned} />
    case 'answered':
      return <Known load={later.answered} />
    case 'key':
      return <Lazy load={later.key} props={{ part: parts[1] }} />
    case 'move':
      return <Lazy load={later.move} />
    case 'how':
      return <Lazy load={later.how} />
    case 'ask':
      return <Lazy load={later.ask} />
    case 'verify':
      return <Lazy load={later.record} props={{ id: parts[1] ?? new URLSearchParams(query).get('question') ?? undefined }} />
    case 'payouts':
      return <Lazy load={later.payouts} props={{ number: parts[1] }} />
    case 'console':
      if (parts.length === 1) return <Lazy load={later.home} />
      if (parts[1] === 'q' && parts[2]) return <Lazy load={later.question} props={{ id: parts[2] }} />
      if (parts[1] === 'money') return <Lazy load={later.money} />
      if (parts[1] === 'keys') return <Lazy load={later.keys} />
      if (parts[1] === 'jobs') return <Lazy load={later.jobs} props={{ parts: parts.slice(2), query }} />
      if (parts[1] === 'projects') return <Lazy load={later.projects} props={{ parts: parts.slice(2), query }} />
  }
  return <Nowhere />
}

/** Whether somebody answers here; 'unkept' where nothing can be kept. */
type Standing = boolean | 'unkept'

const standing = (): Promise<Standing> =>
  identity().then(
    (who) => who?.registration !== undefined,
    () => 'unkept',
  )

let atStart: Standing | undefined

/** Reads what the start page shows, so that it is drawn once, with its first question. The server is not asked. */
export async function recall(): Promise<void> {
  if (place.value.split('?')[0] !== '/') return
  const shown = Promise.all([recallQuestions(), recallMe()])
  shown.catch(() => undefined) // the page finds out itself, and says so
  atStart = await standing()
  if (atStart === true) await shown.catch(() => undefined)
}

function Start() {
  const [known, setKnown] = useState(atStart)
  atStart = undefined // later it may be somebody else, or nobody
  const over = useCell(ended)
  useEffect(() => void standing().then(setKnown), [])
  if (known === 'unkept') return <Lazy load={later.nostorage} />
  if (over) return <Lazy load={later.ended} />
  if (known === undefined) return <div class="phone" aria-busy="true" />
  return known ? <Answering /> : <Onboarding onDone={() => setKnown(true)} />
}

/** A page of a respondent; who is none yet is led to the start. */
function Known({ load }: { load: () => Promise<{ default: ComponentType }> }) {
  const [known, setKnown] = useState(false)
  const over = useCell(ended)
  useEffect(() => {
    identity().then(
      (who) => (who?.registration ? setKnown(true) : go('/', true)),
      () => go('/', true),
    )
  }, [])
  if (over) return <Lazy load={later.ended} />
  return known ? <Lazy load={load} /> : <div class="phone" aria-busy="true" />
}

export function App() {
  const path = useCell(place)
  const set = useCell(settings)
  useCell(spoken) // all that is shown is said anew in another language
  useEffect(() => present(set, document.documentElement), [set])
  return <Route path={path} />
}
