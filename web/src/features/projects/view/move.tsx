import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Project } from '../../api/shared/projects'
import { asRequester } from '../../console/shared/requester'
import { refreshBalance } from '../../console/view/desk'
import { count } from '../../frame/shared/words'
import { Money, Trouble } from '../../frame/view/parts'
import { micro } from '../../money/shared/amount'
import type { Inside } from './room'

type Verb = 'pause' | 'resume' | 'cancel' | 'reopen'

const move = (p: Project, verb: Verb) => asRequester<Project>(`/v1/projects/${p.id}/${verb}`, { method: 'POST' })

/** A button that moves a project, after saying what it does. */
function Confirmed({ inside, verb, word, title, stay, go, children }: { inside: Inside; verb: Verb; word: string; title: string; stay: string; go: string; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const act = async () => {
    setError(undefined)
    setBusy(true)
    try {
      inside.update(await move(inside.project, verb))
      void refreshBalance()
      dialog.current?.close()
    } catch (e) {
      setError(e)
    }
    setBusy(false)
  }
  return (
    <>
      <button type="button" class="btn" onClick={() => (setError(undefined), dialog.current?.showModal())}>
        {word}
      </button>
      <dialog ref={dialog} class="sheet" aria-labelledby={`${verb}-title`}>
        <h2 class="title" id={`${verb}-title`}>
          {title}
        </h2>
        <p class="sec">{children}</p>
        {error !== undefined && <Trouble error={error} />}
        <div class="line tight">
          <button type="button" class="btn main" onClick={() => dialog.current?.close()}>
            {stay}
          </button>
          <button type="button" class="btn" disabled={busy} onClick={() => void act()}>
            {go}
          </button>
        </div>
      </dialog>
    </>
  )
}

export function Pause({ inside }: { inside: Inside }) {
  return (
    <Confirmed inside={inside} verb="pause" word="Pause" title="Ask nobody for now?" stay="Go on asking" go="Pause">
      Its {count(inside.project.tasks.open, 'open task')} are given to nobody until you resume. Answers that people have begun still count, and deadlines go on. Imports wait.
    </Confirmed>
  )
}

export function Cancel({ inside, symbol }: { inside: Inside; symbol: string }) {
  const { tasks, hold } = inside.project
  return (
    <Confirmed inside={inside} verb="cancel" word="Cancel" title="Close all open tasks?" stay="Go on asking" go="Cancel the project">
      {count(tasks.open, 'task closes', 'tasks close')} with the answers that they have. Those are paid; the rest of what is set aside, at most <Money of={BigInt(tasks.open) * micro(hold)} symbol={symbol} />, comes back. Tasks that are done stay as they are.
    </Confirmed>
  )
}

export function Reopen({ inside, symbol }: { inside: Inside; symbol: string }) {
  const { tasks, hold } = inside.project
  return (
    <Confirmed inside={inside} verb="reopen" word="Reopen" title="Ask the ended tasks anew?" stay="Leave it" go="Reopen">
      {count(tasks.ended, 'task')} closed without enough answers. Each gets a new question, by the price and the rule of now, and {tasks.ended === 1 ? '' : 'together they '}set{tasks.ended === 1 ? 's' : ''} aside at most <Money of={BigInt(tasks.ended) * micro(hold)} symbol={symbol} />.
    </Confirmed>
  )
}

/** Takes back a pause, or has work go on that a problem stopped. Nothing is lost by it, so it asks nothing. */
export function Resume({ inside, word = 'Resume' }: { inside: Inside; word?: string }) {
  const [error, setError] = useState<unknown>()
  const resume = async () => {
    setError(undefined)
    try {
      inside.update(await move(inside.project, 'resume'))
    } catch (e) {
      setError(e)
    }
  }
  return (
    <>
      <button type="button" class="btn main" onClick={() => void resume()}>
        {word}
      </button>
      {error !== undefined && <Trouble error={error} />}
    </>
  )
}
