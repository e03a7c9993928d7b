import { useEffect, useRef, useState } from 'preact/hooks'
import type { Project } from '../../api/shared/projects'
import { asRequester } from '../../console/shared/requester'
import { balance } from '../../console/view/desk'
import { go } from '../../frame/shared/route'
import { Trouble, useCell, useLoad } from '../../frame/view/parts'
import { instance } from '../../identity/shared/session'
import { change, planOf, problems, type Plan } from '../shared/plan'
import { AnswerFields } from './answerfields'
import { GuideFields } from './guidefields'
import { GuidePreview } from './guidepreview'
import { Room, type Inside } from './room'

/** What can be changed of a project that is there: all but its question. */
export default function EditPage({ id }: { id: string }) {
  return (
    <Room id={id} at="">
      {(inside) => <Edit inside={inside} />}
    </Room>
  )
}

function Edit({ inside }: { inside: Inside }) {
  const { project } = inside
  const here = useLoad(() => instance(), [])
  const money = useCell(balance)
  const [plan, setPlan] = useState<Plan>(() => planOf(project))
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (tried) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [tried])
  if (here.error !== undefined && !here.value) return <Trouble error={here.error} again={here.again} />
  if (!here.value) return <div class="bone box" role="status" aria-label="Loading" />
  const { limits } = here.value
  const wrong = { ...problems(plan, 'guide', limits), ...problems(plan, 'answers', limits) }
  const told = tried ? wrong : {}
  const set = (part: Partial<Plan>) => setPlan((before) => ({ ...before, ...part }))
  const save = async () => {
    setTried(true)
    if (Object.keys(wrong).length > 0) {
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
      return
    }
    setBusy(true)
    setError(undefined)
    try {
      inside.update(await asRequester<Project>(`/v1/projects/${project.id}`, { method: 'PATCH', json: change(plan) }))
      go(`/console/projects/${project.id}`)
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }
  return (
    <div class="plan">
      <form
        ref={form}
        class="stack loose"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <h2>The guide</h2>
        <GuideFields plan={plan} set={set} told={told} />
        <h2>Answers and pay</h2>
        <p class="small sec">Open tasks keep what they have. This is for tasks to come, and for those that are reopened.</p>
        <AnswerFields plan={plan} set={set} told={told} here={here.value} money={money} />
        {error !== undefined && <Trouble error={error} />}
        <div class="line tight">
          <button type="button" class="btn" onClick={() => go(`/console/projects/${project.id}`)}>
            Leave it
          </button>
          <button type="submit" class="btn main" disabled={busy}>
            Save
          </button>
        </div>
      </form>
      <GuidePreview plan={plan} />
    </div>
  )
}
