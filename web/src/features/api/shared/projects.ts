// The JSON of projects, field for field as server/wire writes it.

import type { Canonical } from '../../proof/shared/canonical'
import type { Amount, Content, Image, NumberRange, Question, QuestionType, Quorum, Said, SkipReason, Time } from './wire'

/** Shows what a good answer is, or a bad one. */
export interface ProjectExample {
  good: boolean
  text?: string
  /** A hash that POST /v1/media returned. */
  image?: string
  /** In words. */
  answer: string
  why?: string
}

export interface NewProject {
  name: string
  instructions?: string
  examples?: ProjectExample[]
  type?: QuestionType
  /** A label configuration of Label Studio, in XML: what is left out of the question is what it asks. */
  label_config?: string
  text?: string
  choices?: string[]
  number?: NumberRange
  least?: number
  most?: number
  length?: number
  quorum: Quorum
  price: Amount
  deadline_seconds: number
  /** How many of the questions that somebody gets have a known truth, 0 to 0.5. */
  gold_rate: string
  languages?: string[]
  warnings?: string[]
  topics?: string[]
  /** How many of its tasks one person may answer; 0 for any number. */
  most_per_person?: number
  /** By how much of itself the price rises with each further answer that tasks take, 0 to 1. */
  difficulty_rate?: string
}

/** What may be changed of a project: all but its template. Price, quorum and deadline are those of tasks to come. */
export interface ChangeProject {
  name?: string
  instructions?: string
  examples?: ProjectExample[]
  quorum?: Quorum
  price?: Amount
  deadline_seconds?: number
  gold_rate?: string
  languages?: string[]
  warnings?: string[]
  topics?: string[]
  most_per_person?: number
  difficulty_rate?: string
}

export type ProjectStatus = 'running' | 'paused' | 'cancelled' | 'completed'

export interface Project {
  id: string
  name: string
  instructions?: string
  examples: ProjectExample[]
  type: QuestionType
  text?: string
  choices: string[]
  number?: NumberRange
  least?: number
  most?: number
  length?: number
  quorum: Quorum
  price: Amount
  difficulty_rate: string
  /** What an answer to a task pays that is added now: the price, with what it has risen by. */
  price_now: Amount
  /** The operator's fee on one answer, on top. */
  fee: Amount
  /** What a new task sets aside: the most answers, with their fee. */
  hold: Amount
  deadline_seconds: number
  gold_rate: string
  languages: string[]
  warnings: string[]
  topics: string[]
  most_per_person: number
  /** How a model helps; absent when none is wished for. */
  model_helps?: { model?: { input: { kind: string; columns?: string[] } }; labels: number; audit_share: string }
  /** How far it is; of a single project only. */
  model_status?: ModelStatus
  status: ProjectStatus
  /** What is being done to all tasks; absent when nothing is. */
  work?: 'pausing' | 'resuming' | 'cancelling' | 'reopening'
  /** The code of the error that keeps the work from going on. */
  problem?: string
  tasks: { all: number; open: number; done: number; ended: number }
  /** Answers and money are those of tasks that closed. */
  answers: number
  paid: Amount
  fees: Amount
  /** Under way. */
  imports: number
  created_at: Time
}

export interface ModelStatus {
  state: 'gathering' | 'training' | 'measuring' | 'helping' | 'switched_off'
  /** Tasks that a model may learn from, as last counted, and how many the next training needs. */
  labels: number
  labels_needed: number
  golds: number
  golds_needed: number
  trainings: number
  /** Under way for the model. */
  job?: string
  /** The training of the model that helps, with its card. */
  model_job?: string
  /** Known answers that it was asked about, and on how many it was right: a share between low and high, with 95 % confidence. */
  known: number
  right: number
  accuracy_low?: string
  accuracy_high?: string
  /** Tasks that closed with its word, and an estimate of the answers that it saved. */
  helped: number
  answers_saved: number
  audits: number
  /** Why the newest training came to nothing. */
  problem?: string
  /** Why it was switched off. */
  reason?: string
  switched_off_at?: Time
}

export interface Projects {
  next?: string
  projects: Project[]
}

/** What respondents read about a project. */
export interface Guide {
  project: string
  name: string
  instructions?: string
  examples: { good: boolean; text?: string; image?: Image; answer: string; why?: string }[]
  languages: string[]
}

export type TaskState = 'open' | 'done' | 'ended'

export interface Task {
  key: string
  state: TaskState
  /** The newest question that asks it. */
  question: string
  asked: number
  import?: string
  truth?: string
  /** Of a single task only. */
  asking?: Question
  /** What it shows, in a line. This and what follows: of a task in a list only. */
  shows?: string
  /** Accepted so far; absent when there are none. */
  answers?: number
  /** Absent while the question is open. */
  verdict?: TaskVerdict
}

/** A verdict in short. */
export interface TaskVerdict {
  outcome: 'decided' | 'leaning' | 'none'
  /** The label, or what the value amounts to; absent when the outcome is none. */
  says?: string
  confidence: string
  /** Of values. */
  agreement?: string
  /** Answers that are the label; when answers are values, all that could tell. */
  for: number
  reason: 'quorum' | 'unsettled' | 'deadline' | 'cancelled'
  cost: Amount
}

export interface Tasks {
  next?: string
  tasks: Task[]
}

export interface BadRow {
  line: number
  /** The file's name, when the row is one of an archive's. */
  file?: string
  problem: string
}

export type ImportState = 'receiving' | 'running' | 'stopped' | 'done' | 'cancelled'

/** A file of tasks on its way into a project. */
export interface Import {
  id: string
  project: string
  name: string
  state: ImportState
  problem?: string
  detail?: string
  /** Received: where the next piece begins. */
  bytes: number
  rows: number
  made: number
  known: number
  /** Rows whose key an earlier row of the same file has. */
  repeated: number
  malformed: number
  first_malformed: BadRow[]
  created_at: Time
  ended_at?: Time
}

export interface Imports {
  next?: string
  imports: Import[]
}

/** Where the labels of a version come from: the verdicts that tasks closed with, or the answers of all tasks together. */
export type LabelSource = 'verdicts' | 'auto'

export type DatasetState = 'sealing' | 'sealed' | 'failed'

/** A version of a project's labels. A sealed one never changes. */
export interface Dataset {
  id: string
  project: string
  state: DatasetState
  labels: LabelSource
  /** Of auto: the method that was chosen, and why. */
  method?: string
  reason?: string
  /** Why it was not sealed. */
  problem?: string
  rows: number
  /** Of the tree over its rows, in hex. */
  root?: string
  /** tasknet/dataset/v1 over the manifest, in hex. */
  hash?: string
  manifest?: Canonical
  created_at: Time
  sealed_at?: Time
}

export interface Datasets {
  next?: string
  datasets: Dataset[]
}

/** A task in a version, with what it showed and what was said. */
export interface DatasetRow extends Partial<Pick<Content, 'text' | 'passage' | 'image' | 'audio' | 'choice_images' | 'number'>> {
  key: string
  hash: string
  record: {
    choice?: number
    value?: Canonical
    confidence_ppm: number
    soft_ppm: number[]
    method: string
    question: string
  }
  choices: string[]
  /** What the requester knows to be the answer. */
  truth?: Said
  answers: (Said & { worker: string; at: Time })[]
}

export interface DatasetRows {
  next?: string
  rows: DatasetRow[]
}

export type Change = 'added' | 'removed' | 'relabeled' | 'recounted'

/** A task that differs between two versions. */
export interface DatasetChange {
  key: string
  change: Change
  from?: DatasetLabel
  to?: DatasetLabel
}

export type DatasetLabel = Said & { confidence: string; method: string }

export interface DatasetDiff {
  next?: string
  changes: DatasetChange[]
}

/** How many are at or over from and under to. */
export interface Counted {
  from: number
  to: number
  count: number
}

/** How good a project's labels are, by its closed tasks. Shares are 0 to 1; what is about choices alone is absent when answers are values. */
export interface Report {
  tasks: number
  /** Closed tasks that the report is not about, as there are too many. */
  left_out?: number
  /** Of those, without any answer. */
  unanswered: number
  answers: number
  /** Of the answers. */
  cannot_tell: number
  /** How many there would be if each task had got the most that the policy allows. */
  answers_fixed: number
  saved_share: number
  /** Tasks by how many answers they used; absent without tasks. */
  answers_used?: Counted[]
  paid: Amount
  fees: Amount
  cost_per_task: Amount
  /** The median between two answers of one person, without pauses; 0 when unknown. */
  answer_seconds: number
  /** Answers by seconds since the same person's answer before, without pauses; absent when unknown. */
  answer_times?: Counted[]
  agreement?: { percent: number; fleiss_kappa: number; krippendorff_alpha: number; krippendorff_alpha_ordinal: number }
  /** How alike answers are, where they are no choices: of a task from 0 to 1, and tasks by tenths of it. */
  likeness?: { mean: number; tenths: number[]; krippendorff_alpha?: number; compared_tasks: number }
  /** Of the people with the most answers, how far they agree with others who answered the same tasks. */
  agreeing?: { respondent: string; answers: number; share: number; low: number; high: number }[]
  /** How far each two of those with the most answers in common agree, and in how many tasks they could. */
  matrix?: { people: string[]; tasks: number[][]; share: number[][] }
  /** Tasks by their label. */
  labels?: number[]
  /** Answers by the label of their task, then by what they say. */
  confusion?: number[][]
  /** On tasks whose truth is known, by the confidence of their labels. */
  calibration?: { from: number; to: number; tasks: number; confidence: number; right: number }[]
  /** Of those, and of those whose answers are values; from a score of 0.5 on these count as right. */
  gold?: { tasks: number; right: number; score: number; people?: { respondent: string; answers: number; cannot_tell: number; right: number; score: number; worthless?: boolean }[] }
  people: number
  /** People with ten answers or more, by tenths of their answers that are the label, or of how like it they are. */
  skills?: number[]
  /** People who make the same mistakes more often than by chance. */
  pairs?: { a: string; b: string; common: number; both_wrong: number; expected: number; chance: number }[]
  /** The tasks that people disagree on most. */
  disputed?: { key: string; question: string; counts: number[]; label: number; value?: unknown; confidence: number }[]
  /** How often people gave a task back for good, of all tasks, by reason. */
  skipped?: { reason: SkipReason; times: number }[]
  /** Tasks of which people said that something is wrong with them, the most frequent first. */
  reported?: { key: string; question: string; reason: SkipReason; times: number }[]
}
