import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { Unreachable } from '../../api/shared/http'
import type { Project } from '../../api/shared/projects'
import { asRequester } from '../../console/shared/requester'
import { Desk, refreshBalance } from '../../console/view/desk'
import { Cell } from '../../frame/shared/cell'
import { Trouble, useCell, useInterval, useLoad, useTitle } from '../../frame/view/parts'
import { state } from '../shared/progress'
import './projects.css'

/** The project that was looked at last: its name stays while one goes from page to page of it. */
const last = new Cell<Project | undefined>(undefined)

const places = [
  ['', 'Overview'],
  ['tasks', 'Tasks'],
  ['imports', 'Imports'],
  ['datasets', 'Datasets'],
  ['quality', 'Quality'],
] as const

export type Place = (typeof places)[number][0]

export interface Inside {
  project: Project
  /** Puts what the server replied in the place of the project. */
  update: (p: Project) => void
  /** Reads the project again. */
  again: () => void
}

const base = (id: string) => `/console/projects/${id}`

interface Props {
  id: string
  at: Place
  /** What stands beside the name. */
  actions?: (inside: Inside) => ComponentChildren
  children: (inside: Inside) => ComponentChildren
}

/** The frame of a project's pages: whose project it is, what else there is of it, and the page below. */
export function Room(props: Props) {
  return (
    <Desk>
      <Loaded key={props.id} {...props} />
    </Desk>
  )
}

function Loaded({ id, at, actions, children }: Props) {
  const kept = useCell(last)
  const { value, error, again } = useLoad(() => asRequester<Project>(`/v1/projects/${id}`), [])
  useEffect(() => {
    if (value) last.set(value)
  }, [value])
  const project = kept?.id === id ? kept : value
  const moving = project !== undefined && (project.status === 'running' || project.work !== undefined || project.imports > 0)
  useInterval(() => moving && again(), 3000)
  // What is spent comes from the balance of the rail.
  useEffect(() => {
    if (project) void refreshBalance()
  }, [project?.paid, project?.tasks.open])
  const heading = useTitle([places.find(([path]) => path !== '' && path === at)?.[1], project?.name ?? 'Project'].filter(Boolean).join(', '))
  if (error !== undefined && !(project && error instanceof Unreachable)) return <Trouble error={error} again={again} />
  if (!project) return <div class="bone box" role="status" aria-label="Loading" />
  const inside: Inside = { project, update: (p) => last.set(p), again }
  const { word, tone } = state(project)
  return (
    <>
      <header class="line phead">
        <div class="stack none">
          <p class="cap crumbs">
            <a href="/console/projects">Projects</a> / <span class="fact">{project.id}</span>
          </p>
          <h1 class="title" ref={heading} tabIndex={-1}>
            {project.name} <span class={`chip ${tone}`}>{word}</span>
          </h1>
        </div>
        {actions && <div class="line tight end">{actions(inside)}</div>}
      </header>
      <nav class="tabs" aria-label="Project">
        {places.map(([path, name]) => (
          <a key={path} href={path ? `${base(id)}/${path}` : base(id)} aria-current={at === path ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      {children(inside)}
    </>
  )
}
