import { useState } from 'preact/hooks'
import { Unreachable } from '../../api/shared/http'
import type { Project, Task, Tasks, TaskState } from '../../api/shared/projects'
import { asRequester } from '../../console/shared/requester'
import { balance } from '../../console/view/desk'
import { go, place } from '../../frame/shared/route'
import { count, sure } from '../../frame/shared/words'
import { Money, Tally, Trouble, useCell } from '../../frame/view/parts'
import { usePages } from '../../frame/view/pages'
import { Room } from './room'

const filters: [TaskState | '', string][] = [
  ['', 'All'],
  ['open', 'Open'],
  ['done', 'Done'],
  ['ended', 'Ended'],
]

export default function TasksPage({ id }: { id: string }) {
  return (
    <Room id={id} at="tasks">
      {({ project }) => <List project={project} />}
    </Room>
  )
}

export const taskPath = (project: string, key: string) => `/console/projects/${project}/task?${new URLSearchParams({ key })}`

function List({ project }: { project: Project }) {
  const path = useCell(place)
  const state = (new URLSearchParams(path.split('?')[1]).get('state') ?? '') as TaskState | ''
  const [key, setKey] = useState('')
  const symbol = useCell(balance)?.symbol ?? ''
  const { all: tasks, next, error, load } = usePages(async (cursor, signal) => {
    const page = await asRequester<Tasks>(`/v1/projects/${project.id}/tasks?${new URLSearchParams({ limit: '20', ...(state && { state }), ...(cursor && { cursor }) })}`, { signal })
    return { items: page.tasks, next: page.next }
  }, [state])
  const counts = { '': project.tasks.all, open: project.tasks.open, done: project.tasks.done, ended: project.tasks.ended }
  return (
    <section class="card list">
      <div class="line head">
        <div class="line tight" role="group" aria-label="Which tasks">
          {filters.map(([value, word]) => (
            <button type="button" key={value} class="chip" aria-pressed={state === value} onClick={() => go(`/console/projects/${project.id}/tasks${value && `?state=${value}`}`)}>
              {word} <span class="n">{counts[value].toLocaleString('en')}</span>
            </button>
          ))}
        </div>
        <form
          class="tasksearch end"
          role="search"
          onSubmit={(event) => {
            event.preventDefault()
            if (key.trim()) go(taskPath(project.id, key.trim()))
          }}
        >
          <input class="input" aria-label="Key of a task" value={key} onInput={(e) => setKey(e.currentTarget.value)} />
          <button type="submit" class="btn slim">
            Find by key
          </button>
        </form>
      </div>
      {error !== undefined && !(tasks && error instanceof Unreachable) && <Trouble error={error} again={() => void load()} />}
      {tasks === undefined && error === undefined && (
        <div class="stack" role="status" aria-label="Loading">
          {[1, 2, 3, 4, 5].map(() => (
            <div class="bone row" />
          ))}
        </div>
      )}
      {tasks?.length === 0 && (
        <div class="empty">
          <p>{state ? `No ${state} tasks.` : 'It has no tasks yet.'}</p>
          {!state && project.status !== 'cancelled' && (
            <a class="btn main" href={`/console/projects/${project.id}/imports`}>
              Add tasks
            </a>
          )}
        </div>
      )}
      {tasks && tasks.length > 0 && (
        <table class="table stacked">
          <thead>
            <tr>
              <th>Task</th>
              <th>Answers</th>
              <th>Verdict</th>
              <th class="r">Confidence</th>
              <th class="r">Cost</th>
              <th class="r">State</th>
            </tr>
          </thead>
          <tbody>
            {tasks.map((t) => (
              <Row key={`${t.key} ${t.question} ${t.state}`} task={t} project={project} symbol={symbol} />
            ))}
          </tbody>
        </table>
      )}
      {next && (
        <p class="older">
          <button type="button" class="btn slim" onClick={() => void load(next)}>
            More tasks
          </button>
        </p>
      )}
    </section>
  )
}

function Row({ task, project, symbol }: { task: Task; project: Project; symbol: string }) {
  const { verdict, answers = 0 } = task
  const full = verdict?.for ?? answers
  return (
    <tr>
      <td class="keycell">
        <a href={taskPath(project.id, task.key)}>{task.key}</a>
        {task.shows && <span class="cap block clip1">{task.shows}</span>}
      </td>
      <td>{answers > 0 ? <Tally full={full} half={answers - full} crossed={verdict?.outcome === 'decided'} label={verdict ? `${full} answers for, ${answers - full} for others` : count(answers, 'answer')} /> : <span class="cap">none</span>}</td>
      <td class="said1">
        <Verdict of={verdict} />
      </td>
      <td class="r n">{verdict && verdict.outcome !== 'none' ? sure(verdict.agreement ?? verdict.confidence) : ''}</td>
      <td class="r">{verdict && <Money of={verdict.cost} symbol={symbol} />}</td>
      <td class="r sec">
        {task.state}
        {task.asked > 1 && ` (${task.asked}×)`}
      </td>
    </tr>
  )
}

function Verdict({ of }: { of: Task['verdict'] }) {
  if (!of) return <span class="sec">open</span>
  if (of.outcome === 'none') return of.reason === 'cancelled' ? <span class="sec">cancelled</span> : <b class="bad">No verdict</b>
  return of.outcome === 'leaning' ? <span class="sec">leaning {of.says}</span> : <b>{of.says}</b>
}
