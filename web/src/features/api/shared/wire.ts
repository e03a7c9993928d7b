// The JSON of the API, field for field as server/wire writes it. Amounts are decimal strings, times RFC 3339 in UTC.

import type { Canonical } from '../../proof/shared/canonical'

export type Amount = string
export type Time = string

export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail: string
  /** The server's signed statement that it does not accept an answer. */
  refusal?: { answer: string; device: string; at_ms: number; signature: string }
}

/** What one token is worth, where somebody knows. */
export interface Rate {
  /** Of ISO 4217. */
  currency: string
  per_token: string
  /** When it was read; absent where the operator has set it. */
  at?: Time
  stale?: boolean
}

export interface Instance {
  instance: string
  version: string
  token: { address: string; symbol: string; decimals: number; rate?: Rate }
  fee_basis_points: number
  default_price: Amount
  /** The most of a payout that its gas may cost for the operator to pay it, in ten-thousandths; 0: it pays whatever that costs. */
  relay_basis_points: number
  chain_id: number
  /** JSON-RPC address of a node of the chain that this app may ask. */
  node?: string
  dev_chain: boolean
  vault: string
  /** Where contracts ask; absent where they cannot. */
  oracle?: string
  receipt_key: string
  log: { name: string; key: string }
  limits: {
    text_length: number
    choice_length: number
    choices: number
    answers: number
    values: number
    body_bytes: number
    media_bytes: number
    deadline_seconds_min: number
    deadline_seconds_max: number
  }
  time: Time
  policies: string[]
  /** How the keys that sign came to be those they are; absent while they are the first. */
  key_changes?: KeyChange[]
}

/** The server's statement that another of its keys takes the place of one, signed by both. */
export interface KeyChange {
  use: 'receipts' | 'log'
  /** Of the new key; the first key is number 1. */
  number: number
  old: string
  new: string
  from: Time
  /** What the old key signs before this time counts. */
  until: Time
  signature: string
  proof: string
}

export interface Image {
  hash: string
  url: string
  type: string
  width: number
  height: number
  bytes: number
  alt?: string
}

/** A clip to listen to. */
export interface Audio {
  hash: string
  url: string
  type: string
  bytes: number
}

/** The types of questions. The first four are answered by a choice, the others by a value. */
export type QuestionType = 'choice' | 'yes_no' | 'scale' | 'pair' | 'multiple' | 'ranking' | 'number' | 'text' | 'boxes' | 'polygons' | 'mask' | 'spans'

/** Which numbers answer a question: decimal strings without needless zeros. */
export interface NumberRange {
  min: string
  max: string
  /** Digits after the point, 0 to 6. */
  decimals: number
  unit?: string
}

/** What is asked, to be read, looked at or listened to, and answered from. Its parts depend on the type. */
export interface Content {
  type: QuestionType
  text: string
  /** What is to be read, when that is more than the text. */
  passage?: string
  /** What is chosen from, or the classes of what is marked. */
  choices: string[]
  image?: Image
  audio?: Audio
  /** None, or one for each choice. */
  choice_images?: Image[]
  number?: NumberRange
  /** Of multiple: the fewest and the most choices that an answer names. */
  least?: number
  most?: number
  /** Of text: the most characters. */
  length?: number
}

/** What an answer says: a choice by its index, -1 for "cannot tell", or the value that the question's type wants. */
export type Said = { choice: number; value?: undefined } | { value: Canonical; choice?: undefined }

export interface Quorum {
  policy: string
  min?: number
  max?: number
}

export interface AskedQuestion extends Content {
  id: string
  hash: string
  salt: string
  /** The project's id; absent for a question that stands alone. */
  project?: string
  quorum: Quorum
  price: Amount
  /** The operator's fee on one answer; the hash covers it. */
  fee: Amount
  deadline: Time
  snapshot: string
  asked_by: string
  /** What it shows that not everybody wants to see; the hash does not cover it. */
  warnings?: string[]
  /** Of a closed question only. */
  answers?: number
  sample?: boolean
}

export interface Register {
  wallet: string
  device: string
  issued: number
  expires: number
  signature: string
  proof: string
}

export interface Session {
  respondent: string
  token: string
  expires_at: Time
}

export interface Login {
  device: string
  challenge: string
  signature: string
}

export interface Challenge {
  challenge: string
  expires_at: Time
}

export interface Device {
  key: string
  issued_at: Time
  expires_at: Time
  revoked_at?: Time
}

export interface Me {
  respondent: string
  wallet: string
  available: number
  answered: number
  earned: Amount
  held: Amount
  /** So much pay is pending that there are no questions from where answers are checked, until some were. */
  capped?: boolean
  /** When all that is pending now is final at the latest. */
  pending_until?: Time
  symbol: string
  /** A change of the address that pay goes to, which waits. */
  moves?: AddressChange
  /** Kinds of questions that are not given to this person any more: what they answered there is worth nothing. */
  refused: number
  devices: Device[]
}

export interface Assignment {
  id: string
  expires_at: Time
  question: AskedQuestion
}

export interface Assignments {
  assignments: Assignment[]
}

/** Why a question is given back: none, what is wrong with it, or that it is nothing for this person. */
export type SkipReason = 'none' | 'unclear' | 'broken' | 'not_for_me' | 'wrong_choices' | 'offensive' | 'other'

/** An answer as it is sent: with a choice or a value, never both. */
export type Answer = Said & {
  assignment: string
  question: string
  device: string
  nonce: string
  time_ms: number
  signature: string
}

export interface Receipt {
  id: string
  record: string
  root: string
  index: number
  size: number
  path: string[]
  log: string
  first: number
  at_ms: number
  by_ms: number
  signature: string
}

export interface Accepted {
  answer: string
  pays: Amount
  at: Time
  receipt: Receipt
}

/** An answer as the person who gave it sees it, with what it was given to. */
export type MyAnswer = ((Said & { erased?: undefined }) | { erased: true; choice?: undefined; value?: undefined }) & {
  id: string
  question: string
  type: QuestionType
  text: string
  choices?: string[]
  image?: Image
  /** Of a choice. */
  label?: string
  at: Time
  /** Nothing when it was struck. */
  pays: Amount
  /** It does not count: this person's answers to questions with a known answer are no better than guesses, or copies. */
  struck?: boolean
  /** Pending while a newcomer's pay waits. */
  state: 'held' | 'pending' | 'final'
  /** What became of its pay. */
  pay: { state: 'held' | 'waiting' | 'paid' | 'forfeited' | 'none'; amount: Amount; until?: Time }
  outcome?: string
  verdict?: string
  verdict_value?: Canonical
  confidence?: string
  counts?: number[]
  /** Of a closed question that showed how good answers are: what was known to be the answer. Suspended, it is held against nobody. */
  known?: Said & { suspended: boolean }
}

export interface MyAnswers {
  next?: string
  answers: MyAnswer[]
}

export interface EarningsDay {
  date: string
  amount: Amount
  answers: number
}

export interface Earnings {
  /** Of open questions, with what is pending. */
  held: Amount
  /** A newcomer's pay of closed questions; absent in what an older server said. */
  pending?: Amount
  /** When it is final at the latest. */
  pending_until?: Time
  yours: Amount
  in_epoch: Amount
  on_chain: Amount
  /** Was pending and is not paid, because it was for worthless answers; absent in what an older server said. */
  forfeited?: Amount
  /** What is theirs waits until it is so much; absent in what an older server said. */
  least?: Amount
  symbol: string
  wallet: string
  /** Where pay goes now, and a change of it that waits; absent in what an older server said. */
  address?: string
  moves?: AddressChange
  days: EarningsDay[]
}

/** A change of where somebody's pay goes. Without a proof it waits, and can be cancelled. */
export interface AddressChange {
  respondent: string
  wallet: string
  to: string
  number: number
  signature: string
  proof?: string
  at: Time
  effective_at: Time
  cancelled_at?: Time
}

/** How somebody is woken when there is something to answer. */
export interface PushInfo {
  /** The server's public VAPID key, base64url. */
  key: string
  channels: string[]
  most: number
  subscriptions: PushSubscribed[]
  wishes: Wishes
}

export interface PushSubscribed {
  id: string
  channel: string
  device: string
  created_at: Time
}

/** For what and when somebody wants to be woken. */
export interface Wishes {
  languages: string[]
  types: string[]
  /** Warnings, topics and types that nobody is woken for; left out: none. */
  avoids?: string[]
  least: Amount
  quiet: { from: string; until: string; zone: string }
  per_day: number
}

/** How often somebody was right where the answer was known before, and the question has closed. */
export interface Accuracy {
  known: number
  right: number
  /** From here to high their accuracy is, with 95 % confidence. */
  low: string
  high: string
  weeks: { week: string; known: number; right: number; low: string; high: string }[]
}

/** How far a wallet's key is on its way from one phone to another. */
export interface Move {
  id: string
  expires_at: Time
  /** Sealed by the phones. */
  messages: string[]
  done: boolean
}

/** How and where somebody is paid. */
export interface PayoutPlace {
  least: Amount
  wallet: string
  address: string
  /** Where pay went before, and can be claimed. */
  before?: string[]
  /** The number of the next change. */
  next: number
  delay_s: number
  waits?: AddressChange
}

export interface ChangeAddress {
  to: string
  number: number
  signature: string
  proof?: string
}

export interface StatementLine {
  at: Time
  what: 'answer' | 'released' | 'forfeited' | 'bonus' | 'work'
  question?: string
  amount: Amount
  state: 'waiting' | 'yours' | 'in_epoch' | 'on_chain' | 'forfeited'
  epoch?: number
  tx?: string
  entry: string
}

export interface Statement {
  next?: string
  /** 2026-11, and the month in which the person came. */
  month: string
  since: string
  respondent: string
  symbol: string
  earned: Amount
  waited: Amount
  forfeited: Amount
  count: number
  lines: StatementLine[]
}

export interface Payout {
  epoch: number
  state: 'planned' | 'built' | 'posted' | 'confirmed' | 'active' | 'settled' | 'blocked' | 'voided'
  respondent?: string
  address: string
  amount: Amount
  cumulative: Amount
  claimed: boolean
  tx?: string
  root: string
  proof: string[]
  at: Time
}

/** All that a vault is told of an epoch; sums in the token's base units. */
export interface EpochHeader {
  hash: string
  payouts: string
  spending: string
  verdicts: string
  total: string
  spent: string
  through: number
  log_root: string
  log_size: number
}

export interface Epoch {
  number: number
  state: Payout['state']
  root: string
  amount: Amount
  cumulative: Amount
  payees: number
  header?: EpochHeader
  tx?: string
  block?: number
  gas: number
  at: Time
}

export interface Epochs {
  next?: string
  epochs: Epoch[]
}

/** Every leaf of an epoch's two trees. */
export interface EpochTree {
  chain_id: number
  vault: string
  token: Instance['token']
  epoch: Epoch
  payouts: { address: string; cumulative: Amount }[]
  accounts: { account: string; owner: string; reference: string; org?: string; deposited: Amount; withdrawn: Amount; spent: Amount }[]
}

/** The sums of the ledger. */
export interface Totals {
  deposited: Amount
  withdrawn: Amount
  frozen: Amount
  debts: Amount
  requesters: Amount
  held: Amount
  pending: Amount
  respondents: Amount
  in_epoch: Amount
  claimed: Amount
  operator: Amount
  forfeits: Amount
  questions_closed: number
  answers_closed: number
  open_until?: Time
}

export interface Payouts {
  next?: string
  payouts: Payout[]
}

export interface Ask {
  type: QuestionType
  text: string
  passage?: string
  choices?: string[]
  image?: string
  image_alt?: string
  audio?: string
  choice_images?: { image: string; alt?: string }[]
  number?: NumberRange
  least?: number
  most?: number
  length?: number
  warnings?: string[]
  topics?: string[]
  quorum?: Quorum
  price?: Amount
  deadline_seconds?: number
}

export type Status = 'open' | 'closing' | 'closed'

export interface Verdict {
  id: string
  outcome: 'decided' | 'leaning' | 'none'
  /** Of label types; null when the outcome is none. */
  choice: number | null
  label?: string
  /** Of value types; absent when the outcome is none. */
  value?: Canonical
  /** Of value types: how much the answers agree, 0 to 1. */
  agreement?: string
  confidence: string
  posterior: string[]
  /** Whether gold shows that verdicts like this one have the confidence that the rule asks for. */
  claims: boolean
  /** How the confidence was corrected: by gold, or, where too few golds are known, by believing a part of it. Of label types. */
  correction?: 'isotonic/1' | 'discount/1'
  golds: number
  /** The golds are those of other families of questions as well. */
  pooled: boolean
  counts: number[]
  cannot_tell: number
  answers: number
  method: string
  /** Of label types; empty for others. */
  snapshot: string
  reason: 'quorum' | 'unsettled' | 'deadline' | 'cancelled'
  paid: Amount
  fee: Amount
  /** For answers that were struck, and in whose place no others came: nobody's. */
  forfeited: Amount
  released: Amount
  at: Time
}

export interface Question extends Omit<Content, 'text'> {
  id: string
  project?: string
  text?: string
  quorum: Quorum
  price: Amount
  fee: Amount
  hold: Amount
  deadline: Time
  created_at: Time
  closed_at?: Time
  status: Status
  /** Those that count. */
  answers: number
  /** Answers that do not count, and are not paid. */
  struck?: number
  counts: number[]
  wanted: number
  hash: string
  sample?: boolean
  verdict?: Verdict
}

export interface Questions {
  next?: string
  questions: Question[]
}

export interface Progress {
  question: string
  status: Status
  /** Those that count. */
  answers: number
  /** Those that do not. */
  struck?: number
  counts: number[]
  wanted: number
}

export interface Balance {
  available: Amount
  held: Amount
  spent: Amount
  deposited: Amount
  symbol: string
}

export interface Deposit {
  tx: string
  block: number
  amount: Amount
  credited_at: Time
}

export interface Deposits {
  next?: string
  vault: string
  token: string
  reference: string
  confirmations: number
  deposits: Deposit[]
}

export interface Key {
  id: string
  name: string
  secret?: string
  created_at: Time
  used_at?: Time
  revoked_at?: Time
}

export interface Keys {
  next?: string
  keys: Key[]
}

export interface Delegation {
  wallet: string
  device: string
  issued: number
  expires: number
  signature: string
}

export type AnswerRecord = ((Said & { nonce: string; signature: string; erased?: undefined }) | Erased) & {
  id: string
  respondent: string
  assignment: string
  time_ms: number
  at_ms: number
  hash: string
  delegation: Delegation
  struck?: Strike
}

/** What is left of a text that its respondent had erased: their wallet's word for it, at a time in Unix seconds. */
export interface Erased {
  erased: { at: number; signature: string }
  choice?: undefined
  value?: undefined
  nonce?: undefined
  signature?: undefined
}

/** By what an answer was found to be worth nothing when its question was about to close. */
export interface Strike {
  snapshot: string
  /** Answers that had been accepted by then. */
  answers: number
  /** Of these, those that had counted until then, this one among them. */
  counted: number
  at: Time
}

export interface Record {
  question: AskedQuestion
  org: string
  fee: Amount
  closed_at: Time
  verdict: Verdict
  answers: AnswerRecord[]
  settlement: string
}

export interface Records {
  next?: string
  records: Record[]
}
