import type { Job, Judged, JobLease, JobPart, LeaseWhy, Serving } from '../../api/shared/jobs'
import { count, span } from '../../frame/shared/words'
import { shown } from '../../money/shared/amount'
import { bytes } from '../../projects/shared/upload'

// What is said of jobs, in plain words.

const kinds: { [kind: string]: string } = { train: 'Train a model', evaluate: 'Measure a model', infer: 'Ask a model' }

/** What a job does; of a kind that is not known here, its name. */
export function kindName(kind: string): string {
  return kinds[kind] ?? kind[0]?.toUpperCase() + kind.slice(1)
}

/** By what the model of a training is accepted, in a sentence. */
export function judgedBy({ hidden, not }: Judged): string {
  if (hidden > 0) return `By ${count(hidden, 'task')} that no node gets: it counts when on them it is surely better than saying how frequent each label is.`
  const why = { few_tasks: 'fewer than 500 tasks have labels', large_data: 'the data are larger than 64 MiB', large_model: 'the model is too large for the server to ask', unreadable: 'the server cannot read the data' }[not ?? '']
  return `By no tasks of its own${why ? `, since ${why}` : ''}: it is compared with others' models by its bits alone, and otherwise counts as it is.`
}

type Tone = '' | 'live' | 'good' | 'bad'

/** A job's state in a word. That it waits is not a state of the API's: it is open, and no node has it. */
export function jobState({ state, parts, parts_waiting }: Pick<Job, 'state' | 'parts' | 'parts_waiting'>): { word: string; tone: Tone } {
  if (state !== 'open') return { word: state, tone: state === 'done' ? 'good' : state === 'failed' ? 'bad' : '' }
  return parts > parts_waiting ? { word: 'running', tone: 'live' } : { word: 'waiting', tone: '' }
}

/** How much of a job is done, 0 to 1. Where there is nothing to split, it is as far as the node that has it. */
export function share(job: Pick<Job, 'state' | 'rows' | 'rows_done'>, leases: Pick<JobLease, 'state' | 'progress' | 'from_row' | 'to_row'>[]): number {
  if (job.state === 'done') return 1
  let done = job.rows_done
  for (const { state, progress, from_row, to_row } of leases) if (state === 'running' && progress.of > 0) done += (to_row - from_row) * (progress.step / progress.of)
  return Math.min(job.rows > 0 ? done / job.rows : 0, 0.99) // only what is done is all there
}

/** Where a job is, in a sentence. */
export function headline(job: Pick<Job, 'state' | 'kind' | 'rows' | 'rows_done' | 'parts' | 'parts_waiting' | 'created_at' | 'ended_at' | 'problem' | 'serving'>, leases: Pick<JobLease, 'state' | 'progress'>[]): string {
  const took = job.ended_at ? span((Date.parse(job.ended_at) - Date.parse(job.created_at)) / 1000) : ''
  switch (job.state) {
    case 'done':
      return `Done ${took} after it was asked for.`
    case 'cancelled':
      return `Cancelled after ${took}. What was done by then stays.`
    case 'failed':
      return `It failed after ${took}.`
  }
  const running = leases.filter((l) => l.state === 'running')
  const now = running[0]?.progress
  if (job.serving) return served(job.serving)
  if (job.parts === 0) return 'It waits for a node that can do it.'
  if (running.length === 0 && job.parts_waiting > 0) return 'A node gave it back or was lost. It waits for another.'
  if (job.rows > 1) return `${count(running.length, 'node is', 'nodes are')} at work; ${job.rows_done.toLocaleString('en')} of ${count(job.rows, 'row')} are done.`
  if (!now || now.of === 0) return 'A node has it, and reads its files.'
  if (job.kind !== 'train') return `A node is at it: ${Math.floor((100 * now.step) / now.of)} %.`
  return now.step === now.of ? 'A node has trained it, and hands it in.' : `A node trains it: step ${now.step.toLocaleString('en')} of at most ${now.of.toLocaleString('en')}.`
}

/** Who answers a live job now, in a sentence. */
function served({ nodes, waiting }: Serving): string {
  const wait = waiting > 0 ? ` ${count(waiting, 'row waits', 'rows wait')} for an answer.` : ''
  return (nodes > 0 ? `${count(nodes, 'node has', 'nodes have')} the model loaded and answer${nodes > 1 ? '' : 's'} rows.` : 'No node has the model loaded now.') + wait
}

/** A time of milliseconds, in a few words. */
export function quick(ms: number): string {
  return ms < 1000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

const leaseStates: { [state in JobLease['state']]: [string, Tone] } = {
  running: ['at work', 'live'],
  done: ['done', 'good'],
  failed: ['failed', 'bad'],
  given: ['given back', ''],
  lost: ['lost', 'bad'],
  over: ['not needed', ''],
  timeout: ['took too long', 'bad'],
}

export function leaseState(state: JobLease['state']): { word: string; tone: Tone } {
  const [word, tone] = leaseStates[state] ?? [state, '']
  return { word, tone }
}

/** Why a node was given a part, in sentences: what came before, what it got, and whose turn it was. */
export function why(w: LeaseWhy, job: Pick<Job, 'kind' | 'rows' | 'importance'>): string[] {
  const out: string[] = []
  if (w.again === 'lost') out.push('Nothing was heard any more of the node that had it before.')
  if (w.again === 'failed') out.push('The node that had it before failed at it.')
  if (w.again === 'slow') out.push('Another node takes longer at it than expected, so this one does it as well: the first to be done counts.')
  if (w.from_step) out.push(`It goes on from the checkpoint of step ${w.from_step.toLocaleString('en')}.`)
  if (w.copy === 'drawn') out.push('Another owner does the same part, to compare: the owner of this node was drawn for it.')
  if (w.copy === 'open') out.push('Another owner does the same part, to compare: any other could.')
  if (w.network === 'apart') out.push('Nobody else did this part on the network that the node is in.')
  if (w.network === 'shared') out.push('Somebody else did this part on the same network: no node elsewhere came for it.')
  if (w.trainer) out.push(`It has the trainer ${w.trainer}, which the job asks for.`)
  if (job.rows > 1) out.push(`It got ${count(w.rows, 'row')}${w.seconds ? `: what a machine as fast as this one does in about ${span(w.seconds)}` : ''}.`)
  if (w.fetch_seconds) out.push(`To fetch the files takes it about ${span(w.fetch_seconds)}, by what it measured of its network and disk.`)
  if (w.pays) out.push(`It pays ${shown(w.pays)}${w.pays_hour ? `, ${shown(w.pays_hour)} for an hour of this node’s work` : ''}${w.min_price ? `, which takes no less than ${shown(w.min_price)}` : ''}.`)
  if (w.stake) out.push(`Its owner has ${shown(w.stake)} at stake.`)
  if (w.waiting > 1) out.push(w.turn === 0 ? `It was your turn: of ${w.waiting} organisations with work for it, you had used the least.` : `Of ${w.waiting} organisations with work for it, ${count(w.turn, 'was', 'were')} before you, and had nothing that it could take.`)
  else out.push('Nobody else had work that it could do.')
  const paid = w.pays ? ' and among equals paid most for its work' : ''
  out.push(w.local_bytes > 0 ? `Of your jobs this was the most important (${job.importance} of 10)${paid}; ${bytes(w.local_bytes)} of its files were there already.` : `Of your jobs that it could do, this was the most important (${job.importance} of 10)${paid || ', and the oldest among equals'}.`)
  return out
}

/** What came of comparing results, in a word each: "3 audits: 2 agreed, 1 decided". */
export function checked(checks: NonNullable<Job['checks']>): string[] {
  return [true, false].flatMap((audit) => {
    const some = checks.filter((c) => c.audit === audit)
    if (some.length === 0) return []
    const states = new Map<string, number>()
    for (const { state } of some) states.set(state, (states.get(state) ?? 0) + 1)
    return [`${audit ? count(some.length, 'audit') : count(some.length, 'part compared', 'parts compared')}: ${[...states].map(([state, n]) => `${n} ${state}`).join(', ')}`]
  })
}

/** Where a case about a stake is, in a word. */
export function caseState(state: NonNullable<Job['cases']>[number]['state']): { word: string; tone: Tone } {
  const words: { [state: string]: [string, Tone] } = { prepared: ['waits for the court', ''], opened: ['stake frozen', 'live'], slashed: ['slashed', 'bad'], dismissed: ['dismissed', ''], expired: ['expired', ''] }
  const [word, tone] = words[state] ?? [state, '']
  return { word, tone }
}

/** Where a part of a job is, in a word. */
export function partState({ state }: Pick<JobPart, 'state'>): { word: string; tone: Tone } {
  return { word: state, tone: state === 'done' ? 'good' : state === 'running' ? 'live' : '' }
}

const outputs: { [role: string]: [string, string] } = {
  spec: ['The model’s spec', 'spec.json'],
  weights: ['Weights', 'weights.safetensors'],
  card: ['Card', 'card.json'],
  report: ['Card, to read', 'README.md'],
  loss: ['Plot of the loss', 'loss.svg'],
  reliability: ['Plot of its confidence', 'reliability.svg'],
  metrics: ['Metrics', 'metrics.json'],
  predictions: ['Predictions', 'predictions.jsonl'],
}

/** What a job has made, and what to call the file. */
export function output(role: string): { name: string; file: string } {
  const [name, file] = outputs[role] ?? [role[0]?.toUpperCase() + role.slice(1), role]
  return { name, file }
}

/** A large count in short: 61 k, 2.4 M. */
export function large(n: number): string {
  return n < 10_000 ? n.toLocaleString('en') : new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(n)
}
