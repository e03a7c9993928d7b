// The JSON of jobs and artefacts, field for field as server/wire writes it.

import type { Amount, Time } from './wire'

export type JobState = 'open' | 'done' | 'failed' | 'cancelled'

/** A file that a job reads or has made. */
export interface JobFile {
  role: string
  artefact: string
  name?: string
  bytes: number
}

/** A spec as the server fills it in, or as a person writes it. */
export interface Spec {
  input: Input
  layers: Layer[]
  classes?: string[]
  loss?: { type?: string; gamma?: number }
  label_smoothing?: number
  optimizer?: { type?: string; learning_rate?: number; weight_decay?: number; momentum?: number; clip?: number }
  schedule?: { type?: string; warmup?: number }
  augment?: { shift?: number; rotate?: number; flip?: boolean }
  training?: { epochs?: number; batch_size?: number; patience?: number; hold_out?: number; seed?: number }
  /** Of a TorchScript module, which has its layers and its training in itself. */
  script?: { gives?: 'logits' | 'probabilities'; channels_first?: boolean; multiply_adds?: number; memory_bytes?: number }
}

export interface Input {
  kind: string
  height?: number
  width?: number
  channels?: number
  columns?: string[]
  mean?: number[]
  deviation?: number[]
  buckets?: number
  length?: number
}

export interface Layer {
  type: string
  units?: number
  filters?: number
  kernel?: number
  stride?: number
  size?: number
  heads?: number
  rate?: number
  activation?: string
}

/** Kinds of job may be added: what pages do not know they show by its name. */
export interface Job {
  id: string
  title: string
  kind: string
  /** It answers single rows at once. */
  live?: boolean
  state: JobState
  /** Why it failed. */
  problem?: string
  /** What nodes are given. */
  work: { model?: Spec; temperature?: number; inputs?: JobFile[] }
  importance: number
  trainer?: string
  gpu?: boolean
  memory_bytes: number
  disk_bytes: number
  max_seconds: number
  /** That are to be done; 1 where there is nothing to split. */
  rows: number
  /** In parts that nodes were given or that wait for one. */
  rows_given: number
  rows_done: number
  parts: number
  parts_waiting: number
  created_at: Time
  ended_at?: Time
  /** For all rows, done once. */
  price: Amount
  /** The operator's, on the price. */
  fee: Amount
  /** Owners who do each part. */
  replicas: number
  /** That the owners of nodes must have at stake. */
  min_stake?: Amount
  /** When what was set aside is shared out; of a job that has ended. */
  settles_at?: Time
  settled_at?: Time
  /** Of one job that is asked for, when it costs something. */
  money?: { held: Amount; paid: Amount; fee: Amount; returned: Amount }
  /** Likewise, once it is settled. */
  checks?: { part: number; audit: boolean; state: string }[]
  /** Likewise: about the stakes of owners whose results its checks refuted. */
  cases?: { number: number; part: number; amount: Amount; state: 'prepared' | 'opened' | 'slashed' | 'dismissed' | 'expired' }[]
  /** Of one live job that is asked for. */
  serving?: Serving
  /** Of a training. */
  judged?: Judged
}

/** How a live job is asked. */
export interface Serving {
  /** That have the model loaded. */
  nodes: number
  /** Rows that wait for an answer. */
  waiting: number
  answers: number
  p50_ms: number
  p99_ms: number
  times: { under_ms: number; answers: number }[]
}

/** By what the model of a training is accepted. */
export interface Judged {
  /** That have labels; 0 where it is not told. */
  tasks: number
  /** Of them, those that no node gets. */
  hidden: number
  /** Why none is hidden. */
  not?: string
}

export interface Jobs {
  next?: string
  jobs: Job[]
}

export interface NewJob {
  title: string
  kind: string
  model: Spec
  temperature?: number
  rows?: number
  part_rows?: number
  inputs: { role: string; artefact: string; name: string }[]
  importance?: number
  trainer?: string
  gpu?: boolean
  max_seconds?: number
}

export interface JobFailure {
  code: string
  message: string
}

export interface JobPart {
  number: number
  from_row: number
  /** After the last. */
  to_row: number
  state: 'waiting' | 'running' | 'done'
  /** Nodes of which nothing was heard any more. */
  lost: number
  failures?: JobFailure[]
  /** That another node would go on from. */
  checkpoint_step?: number
  outputs?: JobFile[]
  receipt?: WorkReceipt
}

export interface JobParts {
  next?: string
  parts: JobPart[]
}

/** A node's signed word on what it did. */
export interface WorkReceipt {
  lease: string
  job: string
  part: number
  work_sha256: string
  code: string
  trainer: string
  class: string
  began_ms: number
  ended_ms: number
  outputs: JobFile[]
  signature: string
}

export interface JobProgress {
  step: number
  of: number
  epoch?: number
  loss?: number
  /** Loss on the tasks held out, after the last epoch. */
  validation?: number
  accuracy?: number
}

export interface JobLease {
  id: string
  part: number
  from_row: number
  to_row: number
  node: string
  state: 'running' | 'done' | 'failed' | 'given' | 'lost' | 'over' | 'timeout'
  why: LeaseWhy
  began_at: Time
  expires_at: Time
  ended_at?: Time
  progress: JobProgress
  /** Progress so far, thinned. */
  curve?: JobProgress[]
  problem?: string
}

/** Why a node was given a part. */
export interface LeaseWhy {
  /** Organisations whose turn was before, of whose jobs nothing could be given. */
  turn: number
  /** Organisations with work that the node could do. */
  waiting: number
  /** What became of the part before. */
  again?: 'lost' | 'failed' | 'slow'
  local_bytes: number
  /** That the other files were expected to take it. */
  fetch_seconds?: number
  rows: number
  /** That they were expected to take. */
  seconds?: number
  from_step?: number
  /** Of a part that another owner does as well: its owner was drawn for it, or any other might. */
  copy?: 'drawn' | 'open'
  /** Likewise: whether somebody else did the part in the network that the node is in. */
  network?: 'apart' | 'shared'
  /** That the job has to be done by. */
  trainer?: string
  /** That counted of the owner's, of a job that asks for one. */
  stake?: Amount
  /** The job, for the part, and for an hour of the node's work where that is known. */
  pays?: Amount
  pays_hour?: Amount
  /** That the node's owner asked for an hour then. */
  min_price?: Amount
  /** Counted against the organisation's share. */
  operations: number
}

export interface JobLeases {
  next?: string
  leases: JobLease[]
}

/** A spec whose shapes fit, with what it costs. */
export interface Plan {
  model: Spec
  input: number[]
  /** The last is that of the classes. */
  layers: { type: string; in: number[]; out: number[]; parameters: number; multiply_adds: number }[]
  parameters: number
  /** For one example, forward. */
  multiply_adds: number
  memory_bytes: number
  /** When the number of tasks was given. */
  judged?: Judged
}

/** How good a model is on some examples. */
export interface Metrics {
  examples: number
  accuracy: number
  log_loss: number
  calibration_error: number
  calibration_error_before: number
  /** Rows are the labels, columns what the model says. */
  confusion: number[][]
  reliability: { examples: number; confidence: number; accuracy: number }[]
}

/** Where a model comes from and how good it is. */
export interface Card {
  data_sha256: string
  code: string
  trainer: string
  seed: number
  parameters: number
  trained_on: number
  held_out: number
  epochs: number
  best_epoch: number
  temperature: number
  metrics: Metrics
  /** On tasks that no node had, where the server kept some. */
  hidden?: { tasks: number; accuracy: number; log_loss: number; low: number; high: number; guess_log_loss: number }
}

export interface Artefact {
  id: string
  state: 'uploading' | 'complete'
  length: number
  pieces: number
  arrived: number
  /** The first that the server does not have; not in the replies to pieces. */
  missing?: { first: number; last: number }[]
  name?: string
}

export interface ArtefactManifest {
  id: string
  length: number
  /** The SHA-256 of each piece, one after the other, in base64. */
  pieces: string
}
