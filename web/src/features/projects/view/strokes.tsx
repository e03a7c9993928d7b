import type { Project } from '../../api/shared/projects'
import { perStroke, strokes } from '../shared/progress'

/** How far a project is, as strokes: solid for done, half for ended, hollow for open; crossed when all are done. */
export function Strokes({ tasks, short = false }: { tasks: Project['tasks']; short?: boolean }) {
  const most = short ? 20 : 50
  const row = strokes(tasks, most)
  if (row.length === 0) return null
  const per = perStroke(tasks.all, most)
  const label = `${tasks.done.toLocaleString('en')} of ${tasks.all.toLocaleString('en')} tasks done${tasks.ended > 0 ? `, ${tasks.ended.toLocaleString('en')} ended before` : ''}`
  return (
    <span class={`strokerow ${short ? 'short' : ''}`} role="img" aria-label={label} title={per > 1 ? `A stroke is ${per.toLocaleString('en')} tasks` : undefined}>
      {row.map((kind, i) => (
        <i key={i} class={kind} />
      ))}
      {tasks.done === tasks.all && (
        <svg viewBox="0 0 10 10" preserveAspectRatio="none" aria-hidden="true">
          <path d="M0 8.6 10 1.400" fill="none" />
        </svg>
      )}
    </span>
  )
}
