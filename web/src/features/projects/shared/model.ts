import type { ModelStatus, Project } from '../../api/shared/projects'
import { count } from '../../frame/shared/words'

/** How far something has come that a model waits for. */
export interface Share {
  what: string
  have: number
  need: number
}

/** What is told of the model of a project. */
export interface ModelSays {
  word: string
  tone: '' | 'live' | 'good' | 'bad'
  text: string
  shares: Share[]
  /** Names and values of what was measured. */
  facts: [string, string][]
  /** What went wrong, in the server's words. */
  problem?: string
}

const classed = ['choice', 'yes_no', 'scale']

/** Whether a model could help the project. */
export function mayHelp({ type, quorum, status }: Pick<Project, 'type' | 'quorum' | 'status'>): boolean {
  return classed.includes(type) && quorum.policy.startsWith('confidence:') && status !== 'cancelled'
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/** What was measured of a model, as far as it was. */
function measured(s: ModelStatus, answers: number): [string, string][] {
  const facts: [string, string][] = []
  if (s.known > 0) {
    facts.push(['Right', `${percent(s.right / s.known)}: ${s.right.toLocaleString('en')} of ${count(s.known, 'known answer')}`])
    if (s.accuracy_low && s.accuracy_high) facts.push(['Within', `${percent(Number(s.accuracy_low))} and ${percent(Number(s.accuracy_high))}, in 95 of 100 such cases`])
  }
  if (s.helped > 0) facts.push(['Saved', `about ${count(s.answers_saved, 'answer')}, ${percent(s.answers_saved / Math.max(answers + s.answers_saved, 1))} of all that were needed`], ['Helped', `with ${count(s.helped, 'task')}`])
  if (s.audits > 0) facts.push(['Audits', `${count(s.audits, 'task')} that people answered alone`])
  return facts
}

/** What is told of a model, or of its absence. */
export function modelSays({ model_status: s, answers }: Pick<Project, 'model_status' | 'answers'>): ModelSays {
  if (!s) return { word: 'off', tone: '', text: 'A model can learn from the labels and answer with people, so that fewer of them are asked.', shares: [], facts: [] }
  const facts = measured(s, answers)
  const gathered = [
    { what: 'Labels', have: s.labels, need: s.labels_needed },
    { what: 'Known answers', have: s.golds, need: s.golds_needed },
  ]
  switch (s.state) {
    case 'gathering':
      return { word: 'gathering', tone: 'live', text: 'People label. When there is enough to learn from, and to measure a model by, a node trains one.', shares: gathered, facts, problem: s.problem }
    case 'training':
      return { word: 'training', tone: 'live', text: 'A node trains the model. Nobody waits for it: people label on.', shares: [], facts, problem: s.problem }
    case 'measuring':
      return { word: 'measuring', tone: 'live', text: 'The model is asked about known answers, to see what its word is worth. Until then only people count.', shares: [], facts, problem: s.problem }
    case 'switched_off':
      return { word: 'switched off', tone: 'bad', text: 'The model contradicted people too often, and helps no more. People are asked as without it.', shares: [], facts, problem: s.reason }
    case 'helping':
      return { word: 'helping', tone: 'good', text: 'The model answers as one respondent, who is in no count and is paid nothing. People are asked where it is not sure, and about the audits.', shares: [], facts, problem: s.problem }
  }
}
