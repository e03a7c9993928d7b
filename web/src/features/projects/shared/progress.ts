import type { Project } from '../../api/shared/projects'
import { count } from '../../frame/shared/words'

/** A stroke of a row of them: a task, or a round number of tasks, that is done, ended without enough answers, or open. */
export type Stroke = 'done' | 'ended' | 'open'

const rounds = [1, 2, 5]

/** How many tasks a stroke stands for, a round number, so that there are at most `most` strokes. */
export function perStroke(all: number, most: number): number {
  for (let scale = 1; ; scale *= 10) for (const n of rounds) if (n * scale * most >= all) return n * scale
}

/** The strokes of a project: what is done first, what is open last. Whatever there is of a kind has at least one. */
export function strokes({ all, done, ended }: Project['tasks'], most = 60): Stroke[] {
  if (all === 0) return []
  const per = perStroke(all, most)
  const total = Math.ceil(all / per)
  const open = all - done - ended
  const share = (n: number) => (n === 0 ? 0 : Math.max(1, Math.round(n / per)))
  let [d, e, o] = [share(done), share(ended), share(open)]
  // What rounding added or left goes to the largest kind.
  const spare = total - d - e - o
  if (d >= e && d >= o) d += spare
  else if (o >= e) o += spare
  else e += spare
  return [...Array<Stroke>(d).fill('done'), ...Array<Stroke>(e).fill('ended'), ...Array<Stroke>(o).fill('open')]
}

/** A project's state in one sentence, as the title of its page. */
export function headline(p: Pick<Project, 'tasks' | 'status' | 'work' | 'imports'>): string {
  if (p.work === 'cancelling') return 'It is being cancelled.'
  if (p.status === 'cancelled') return p.tasks.ended > 0 ? `Cancelled: ${count(p.tasks.ended, 'task')} ended without enough answers.` : 'Cancelled.'
  if (p.status === 'paused') return p.work === 'pausing' ? 'It is being paused.' : 'Paused: nobody is asked.'
  if (p.work === 'reopening') return 'Ended tasks are asked anew.'
  if (p.tasks.all === 0) return p.imports > 0 ? 'The first tasks are coming in.' : 'It has no tasks yet.'
  if (p.tasks.open > 0) return `${count(p.tasks.open, 'task is', 'tasks are')} open.`
  if (p.tasks.ended === 0) return p.tasks.all === 1 ? 'The one task is done.' : `All ${p.tasks.all.toLocaleString('en')} tasks are done.`
  return `No task is open; ${count(p.tasks.ended, 'task', 'tasks')} ended without enough answers.`
}

/** The state of a project in a word, with how it is meant. */
export function state(p: Pick<Project, 'status' | 'work' | 'problem' | 'tasks'>): { word: string; tone: '' | 'live' | 'bad' } {
  if (p.problem) return { word: 'stopped', tone: 'bad' }
  if (p.work) return { word: p.work, tone: 'live' }
  if (p.status === 'running') return p.tasks.open > 0 ? { word: 'running', tone: 'live' } : { word: 'no tasks', tone: '' }
  return { word: p.status, tone: '' }
}

/** Which of the moves a project's state allows. */
export function moves(p: Pick<Project, 'status' | 'work' | 'tasks' | 'problem'>): { pause: boolean; resume: boolean; cancel: boolean; reopen: boolean } {
  return {
    pause: p.status === 'running' && p.tasks.open > 0 && !p.work,
    resume: p.status === 'paused' || (p.problem !== undefined && p.status !== 'cancelled'),
    cancel: p.status !== 'cancelled' && p.tasks.open > 0,
    reopen: p.work === undefined && ((p.status === 'completed' && p.tasks.ended > 0) || p.status === 'cancelled'),
  }
}
