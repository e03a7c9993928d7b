import type { Task } from '../../api/shared/projects'
import { told } from '../shared/truth'
import { asRequester } from '../../console/shared/requester'
import { Desk } from '../../console/view/desk'
import { Live } from '../../console/view/question'
import { Trouble, useLoad } from '../../frame/view/parts'
import './projects.css'

/** A task: its question as it is asked, or what came of it. */
export default function TaskPage({ id, task }: { id: string; task: string }) {
  return (
    <Desk>
      <Found key={task} project={id} of={task} />
    </Desk>
  )
}

function Found({ project, of }: { project: string; of: string }) {
  const { value, error, again } = useLoad(() => asRequester<Task>(`/v1/projects/${project}/task?${new URLSearchParams({ key: of })}`), [])
  const base = `/console/projects/${project}`
  const crumbs = (
    <>
      <a href="/console/projects">Projects</a> / <a href={base}>Project</a> / <a href={`${base}/tasks`}>Tasks</a> / <span class="fact breaking">{of}</span>
    </>
  )
  if (!value) {
    return (
      <>
        <p class="cap crumbs">{crumbs}</p>
        {error === undefined ? <div class="bone box" role="status" aria-label="Loading" /> : <Trouble error={error} again={again} />}
      </>
    )
  }
  return (
    <Live
      id={value.question}
      crumbs={crumbs}
      facts={[
        ['Task', value.asked > 1 ? `${value.state}, asked ${value.asked} times` : value.state],
        ['Truth', value.truth && value.asking && told(value.asking, value.truth)],
      ]}
    />
  )
}
