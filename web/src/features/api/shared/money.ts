// What the API says of a requester's money, and of what it would cost to ask.

import type { NewProject } from './projects'
import type { Amount, Ask, Time } from './wire'

export interface NewEstimate {
  question?: Ask
  project?: NewProject
  project_id?: string
  /** What the open tasks of that project still take. */
  open?: boolean
  tasks?: number
}

export type Basis = 'policy' | 'project' | 'organisation' | 'instance' | 'prior' | 'stated' | 'nothing'

export interface Estimate {
  tasks: number
  /** Answers that open tasks have already. */
  given?: number
  price: Amount
  fee: Amount
  symbol: string
  each: { low: number; expected: string; high: number; basis: Basis; questions: number }
  all: { low: number; expected: number; high: number }
  cost: { low: Amount; expected: Amount; high: Amount; most: Amount }
  pace: { known: boolean; answers_per_hour?: string; seconds?: number }
  fair_pay: { basis: Basis; answers: number; seconds_per_answer?: string; pays_per_hour?: Amount; floor_per_hour?: Amount; least_price?: Amount; fair: boolean }
}

export interface NewBonus {
  answer: string
  amount: Amount
  /** What it is for: the respondent reads it. */
  reason: string
}

export interface Costs {
  questions: number
  answers: number
  bonuses: number
  paid: Amount
  bonus: Amount
  fee: Amount
  forfeited: Amount
  refunded: Amount
  cost: Amount
}

export interface SpendingPart extends Costs {
  day?: string
  month?: string
  project?: string
  name?: string
}

export interface Spending {
  from: string
  to: string
  by: 'day' | 'month' | 'project'
  symbol: string
  all: Costs
  parts: SpendingPart[]
}

export interface Line {
  at: Time
  tx: string
  kind: 'settlement' | 'bonus'
  question: string
  project?: string
  about?: string
  answers: number
  paid: Amount
  bonus: Amount
  fee: Amount
  forfeited: Amount
  refunded: Amount
  cost: Amount
}

export interface Invoice {
  next?: string
  organisation: string
  name: string
  month: string
  over: boolean
  symbol: string
  /** On the first page only. */
  all?: Costs
  lines: Line[]
}

export interface Bonus {
  id: string
  question: string
  answer: string
  amount: Amount
  reason: string
  at: Time
  by: string
}

export interface Bonuses {
  next?: string
  bonuses: Bonus[]
}
