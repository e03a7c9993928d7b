import type { AnswerRecord, Erased, Instance, Record } from '../../api/shared/wire'
import { cannotTell, isLabel } from '../../answering/shared/types'
import { said } from '../../api/shared/said'
import { micro } from '../../money/shared/amount'
import { hex } from '../../proof/shared/bytes'
import { bounds } from '../../proof/shared/question'
import { delegationDigest, deviceSigned, erasureDigest, recover } from '../../proof/shared/signatures'
import { answerHash, answerRecordHash, questionHash } from '../../proof/shared/statements'
import type { Check } from '../shared/checks'

/** Runs every check on a record. A fault in one does not end the others. */
export function verify(record: Record, instance: Instance): Check[] {
  return [questionIsAsHashed(record, instance), answersAreSigned(record, instance), signersAreNamed(record, instance), sumsAreRight(record)]
}

/** What is shown of the question is what respondents signed. */
function questionIsAsHashed(record: Record, instance: Instance): Check {
  const { question } = record
  const check: Check = { name: 'question', found: 'equal' }
  try {
    const hash = hex(questionHash(instance.instance, question))
    if (hash !== question.hash) return { ...check, found: 'differs', fault: `The question’s hash is ${hash}, not ${question.hash}.` }
  } catch (error) {
    return { ...check, found: 'unreadable', fault: `The question cannot be hashed: ${(error as Error).message}.` }
  }
  return check
}

/**
 * Each answer is signed by its device, and its record hash is that of its parts. Of an erased one neither can be seen any more;
 * its respondent's wallet signed that it be.
 */
function answersAreSigned(record: Record, instance: Instance): Check {
  return each('signatures', record.answers, (a) => {
    if (a.erased) return fairlyErased(a, record, instance) ? undefined : `Answer ${a.id} is said to be erased, and its respondent’s wallet did not sign that.`
    const statement = { ...said(a), assignment: a.assignment, instance: instance.instance, nonce: a.nonce, question: record.question.hash, time_ms: a.time_ms }
    if (!deviceSigned(a.delegation.device, answerHash(statement), a.signature)) return `Answer ${a.id} is not signed by its device.`
    const hash = hex(answerRecordHash({ ...statement, answer: a.id, at_ms: a.at_ms, device: a.delegation.device, respondent: a.respondent, signature: a.signature }))
    return hash === a.hash ? undefined : `The record hash of answer ${a.id} is ${hash}, not ${a.hash}.`
  })
}

/** How long after a statement an answer may have come that it erases: until then the statement can be used. */
const erasureGoodFor = 600

/** Whether nothing is left of an answer that is of a type that can be erased, and its respondent's wallet asked for that since. */
function fairlyErased(a: AnswerRecord & Erased, record: Record, instance: Instance): boolean {
  const { wallet } = a.delegation
  if (record.question.type !== 'text' || a.choice !== undefined || a.value !== undefined || a.nonce !== undefined || a.signature !== undefined) return false
  if (!/^[0-9a-f]{64}$/.test(a.hash) || a.at_ms > (a.erased.at + erasureGoodFor) * 1000) return false
  return recover(erasureDigest(instance.chain_id, instance.instance, { respondent: a.respondent, wallet, at: a.erased.at }), a.erased.signature)?.toLowerCase() === wallet.toLowerCase()
}

/** Each device was named by a wallet, in time; and no wallet answered twice. */
function signersAreNamed(record: Record, instance: Instance): Check {
  const wallets = new Set<string>()
  const respondents = new Set<string>()
  return each('delegations', record.answers, (a) => {
    const { wallet, issued, expires, signature } = a.delegation
    if (recover(delegationDigest(instance.chain_id, instance.instance, a.delegation), signature)?.toLowerCase() !== wallet.toLowerCase()) return `The device of answer ${a.id} was not named by wallet ${wallet}.`
    // Two minutes: a phone whose clock is ahead registers a moment before the server's time.
    if (a.at_ms < (issued - 120) * 1000 || a.at_ms > expires * 1000) return `The device of answer ${a.id} was named for another time.`
    if (wallets.has(wallet.toLowerCase()) || respondents.has(a.respondent)) return `${a.respondent} answered twice.`
    wallets.add(wallet.toLowerCase())
    respondents.add(a.respondent)
    return undefined
  })
}

function each(name: Check['name'], answers: AnswerRecord[], fault: (answer: AnswerRecord) => string | undefined): Check {
  let right = 0
  let first: string | undefined
  for (const answer of answers) {
    let problem: string | undefined
    try {
      problem = fault(answer)
    } catch (error) {
      problem = `Answer ${answer.id} cannot be read: ${(error as Error).message}.`
    }
    if (problem === undefined) right++
    else first ??= problem
  }
  return { name, found: `${right} of ${answers.length}`, fault: first }
}

/**
 * The counts are those of the answers that count, the verdict leads them where the method is a majority, and the money adds
 * up. Who asks pays for as many answers as counted when any was struck: what nobody got of that is forfeited.
 */
function sumsAreRight(record: Record): Check {
  const { question, verdict } = record
  const answers = record.answers.filter((a) => !a.struck)
  const wrong = (fault: string): Check => ({ name: 'sums', found: 'differs', fault })
  const label = isLabel(question.type)
  const counts = label ? question.choices.map((_, i) => answers.filter((a) => a.choice === i).length) : []
  const fits = ({ choice, value, erased }: AnswerRecord) => Boolean(erased) || choice === cannotTell || (label ? choice !== undefined && Number.isInteger(choice) && choice >= 0 && choice < counts.length : value !== undefined)
  if (!record.answers.every(fits)) return wrong(label ? 'An answer names a choice that does not exist.' : 'An answer has no value.')
  if (verdict.answers !== answers.length || counts.join() !== verdict.counts.join()) return wrong(`The answers count ${counts.join(', ')}, the verdict says ${verdict.counts.join(', ')}.`)
  const untold = answers.filter((a) => a.choice === cannotTell).length
  if (verdict.cannot_tell !== untold) return wrong(`Of the answers ${untold} say that one cannot tell, the verdict says ${verdict.cannot_tell}.`)
  const { max } = bounds(question.quorum)
  if (answers.length > max) return wrong(`${answers.length} answers were taken where at most ${max} were asked for.`)
  if (verdict.choice !== null && (verdict.choice < 0 || verdict.choice >= counts.length || (verdict.label !== undefined && verdict.label !== question.choices[verdict.choice]))) return wrong('The verdict names a choice that does not exist.')
  if (verdict.outcome !== 'none' && (label ? verdict.choice === null : verdict.value === undefined)) return wrong(label ? 'The verdict names no choice.' : 'The verdict has no value.')
  if (verdict.method.startsWith('majority/') && verdict.choice !== null && counts[verdict.choice] !== Math.max(...counts)) return wrong('Another choice has more answers than the verdict’s.')
  const n = BigInt(answers.length)
  const price = micro(question.price)
  const share = micro(record.fee)
  if (record.fee !== question.fee) return wrong(`The fee is ${record.fee}, the question says ${question.fee}.`)
  if (micro(verdict.paid) !== n * price) return wrong(`${verdict.paid} was paid where ${n} answers cost ${question.price} each.`)
  if (micro(verdict.fee) !== n * share) return wrong(`The fee of ${verdict.fee} is not that of ${n} answers.`)
  const most = Math.max(answers.length, ...record.answers.map((a) => a.struck?.counted ?? 0))
  if (micro(verdict.forfeited) !== BigInt(most - answers.length) * price) return wrong(`${verdict.forfeited} is forfeited where ${most} answers had counted and ${answers.length} do.`)
  if (micro(verdict.paid) + micro(verdict.fee) + micro(verdict.forfeited) + micro(verdict.released) !== BigInt(max) * (price + share)) return wrong('Pay, fee, forfeits and what came back do not add up to what was held.')
  return { name: 'sums', found: 'equal' }
}
