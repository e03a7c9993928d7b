import { useEffect, useRef, useState } from 'preact/hooks'
import type { Project } from '../../api/shared/projects'
import type { Instance } from '../../api/shared/wire'
import { asRequester } from '../../console/shared/requester'
import { balance, Desk } from '../../console/view/desk'
import { rule } from '../../console/shared/live'
import { Foretold } from '../../console/view/foretold'
import { go } from '../../frame/shared/route'
import { count, span } from '../../frame/shared/words'
import { Money, Trouble, useCell, useLoad, useTitle } from '../../frame/view/parts'
import { instance } from '../../identity/shared/session'
import { plain, typed } from '../../money/shared/amount'
import { hex, random } from '../../proof/shared/bytes'
import { blank, body, problems, steps, type Plan, type Step } from '../shared/plan'
import { named } from '../shared/types'
import { AnswerFields, Cost } from './answerfields'
import { GuideFields } from './guidefields'
import { GuidePreview } from './guidepreview'
import { Preview } from './preview'
import { QuestionFields } from './questionfields'
import './projects.css'

export default function NewProjectPage() {
  return (
    <Desk>
      <Form />
    </Desk>
  )
}

const keptPlan = 'new-project'
const order = [...(Object.keys(steps) as Step[]), 'look'] as const
type At = (typeof order)[number]
const names: { [at in At]: string } = { ...steps, look: 'Look it over' }

function restored(): Plan {
  try {
    return { ...blank, ...(JSON.parse(sessionStorage.getItem(keptPlan) ?? '{}') as Partial<Plan>) }
  } catch {
    return blank
  }
}

function Form() {
  const heading = useTitle('New project')
  const here = useLoad(() => instance(), [])
  const money = useCell(balance)
  const [plan, setPlan] = useState<Plan>(restored)
  const [at, setAt] = useState<At>('question')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const form = useRef<HTMLFormElement>(null)
  // The same body goes out under the same key, so that a second press after a lost reply makes one project.
  const sent = useRef({ json: '', key: '' })

  const set = (part: Partial<Plan>) =>
    setPlan((before) => {
      const after = { ...before, ...part }
      try {
        sessionStorage.setItem(keptPlan, JSON.stringify(after))
      } catch {
        // It is kept by the page alone.
      }
      return after
    })
  useEffect(() => {
    if (here.value && plan.price === '') set({ price: here.value.default_price })
  }, [here.value])
  useEffect(() => {
    if (tried) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [tried])

  if (here.error !== undefined && !here.value) return <Trouble error={here.error} again={here.again} />
  if (!here.value) return <div class="bone box" role="status" aria-label="Loading" />
  const { limits, token } = here.value
  const wrong = (step: At) => (step === 'look' ? {} : problems(plan, step, limits))
  const firstWrong = order.find((step) => Object.keys(wrong(step)).length > 0)
  const told = tried ? wrong(at) : {}
  const index = order.indexOf(at)

  const show = (step: At) => {
    setTried(false)
    setAt(step)
    scrollTo(0, 0)
    form.current?.focus({ preventScroll: true })
  }
  const onward = () => {
    if (Object.keys(wrong(at)).length > 0) {
      setTried(true)
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
    } else if (at !== 'look') show(order[index + 1]!)
    else if (firstWrong) {
      show(firstWrong)
      setTried(true)
    } else void make()
  }
  const make = async () => {
    const json = body(plan)
    const text = JSON.stringify(json)
    if (sent.current.json !== text) sent.current = { json: text, key: hex(random(16)) }
    setBusy(true)
    setError(undefined)
    try {
      const project = await asRequester<Project>('/v1/projects', { json, headers: { 'Idempotency-Key': sent.current.key } })
      sessionStorage.removeItem(keptPlan)
      go(`/console/projects/${project.id}/imports`)
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }

  return (
    <>
      <header class="stack none">
        <p class="cap crumbs">
          <a href="/console/projects">Projects</a> / New
        </p>
        <h1 class="title" ref={heading} tabIndex={-1}>
          New project
        </h1>
      </header>
      <ol class="steps" aria-label="Steps">
        {order.map((step, i) => (
          <li key={step}>
            {i < index ? (
              <button type="button" class="past" onClick={() => show(step)}>
                {names[step]}
              </button>
            ) : (
              <span aria-current={step === at ? 'step' : undefined}>{names[step]}</span>
            )}
          </li>
        ))}
      </ol>
      <div class="plan">
        <form
          ref={form}
          class="stack loose"
          noValidate
          tabIndex={-1}
          aria-label={names[at]}
          onSubmit={(event) => {
            event.preventDefault()
            onward()
          }}
        >
          {at === 'question' && <QuestionFields plan={plan} set={set} told={told} limits={limits} />}
          {at === 'guide' && <GuideFields plan={plan} set={set} told={told} />}
          {at === 'answers' && <AnswerFields plan={plan} set={set} told={told} here={here.value} money={money} />}
          {at === 'look' && <Look plan={plan} set={set} here={here.value} />}
          {error !== undefined && <Trouble error={error} />}
          <div class="line tight">
            {index > 0 && (
              <button type="button" class="btn" onClick={() => show(order[index - 1]!)}>
                Back
              </button>
            )}
            <button type="submit" class="btn main" disabled={busy}>
              {at !== 'look' ? 'Continue' : busy ? 'Making it' : 'Make the project'}
            </button>
          </div>
        </form>
        {at === 'guide' ? <GuidePreview plan={plan} /> : plan.config.trim() === '' && <Preview plan={plan} symbol={token.symbol} />}
      </div>
    </>
  )
}

/** All of a plan, to be read once more before it is made. */
function Look({ plan, set, here }: { plan: Plan; set: (part: Partial<Plan>) => void; here: Instance }) {
  const money = useCell(balance)
  const { name, quorum, gold_rate, difficulty_rate, languages, choices, most_per_person: each } = body(plan)
  const price = typed(plan.price)
  const configured = plan.config.trim() !== ''
  return (
    <>
      <section class="card stack tight">
        <h2 class="ask small-ask">{name}</h2>
        <dl class="facts2 small">
          <dt>Question</dt>
          <dd class="breaking">{plan.text.trim() || (configured ? 'as the configuration says' : 'each row brings its own')}</dd>
          <dt>Answer</dt>
          <dd class="breaking">
            {configured ? 'as the configuration says' : named(plan.type)}
            {choices && <span class="sec">: {choices.join(', ')}</span>}
          </dd>
          <dt>Guide</dt>
          <dd>{plan.instructions.trim() || plan.examples.length > 0 ? `${plan.instructions.trim() ? 'instructions' : 'no instructions'}, ${plan.examples.length === 1 ? '1 example' : `${plan.examples.length} examples`}` : 'none'}</dd>
          <dt>Rule</dt>
          <dd>{rule(quorum)} for each task</dd>
          <dt>Pay</dt>
          <dd>{price !== undefined && <Money of={plain(price)} symbol={here.token.symbol} />} an answer</dd>
          {Number(difficulty_rate) > 0 && plan.rule === 'confidence' && (
            <>
              <dt>Hard tasks</dt>
              <dd>{Math.round(Number(difficulty_rate) * 10_000) / 100} % more pay for each further answer</dd>
            </>
          )}
          <dt>Known tasks</dt>
          <dd>{Number(gold_rate) * 100} %</dd>
          <dt>For one person</dt>
          <dd>{each ? `at most ${count(each, 'task')}` : 'any number of tasks'}</dd>
          <dt>Deadline</dt>
          <dd>{span(plan.deadline)} after a task is asked</dd>
          <dt>Languages</dt>
          <dd>{languages?.join(', ') || 'any'}</dd>
        </dl>
      </section>
      <Cost plan={plan} here={here} money={money} />
      <Foretold of={{ project: body(plan), tasks: 1000 }} pay={(price) => set({ price })} />
      <p class="small sec">Making it costs nothing. Type and choices stay as they are; all else can be changed later, for tasks to come. Next you add tasks.</p>
    </>
  )
}
