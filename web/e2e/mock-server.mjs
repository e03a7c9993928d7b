// A small TaskNet in memory, for the tests of the pages alone: it checks the form and the signatures of what the app
// sends, and answers as the API does. Its statements come from the app's own sources; that those are right is shown by
// the shared vectors. What it cannot do, the real server's test does.
import { createServer } from 'node:http'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, existsSync } from 'node:fs'
import { join, extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ed25519 } from '@noble/curves/ed25519.js'
import { load } from './sources.mjs'
import { wrongValue } from './values.mjs'
import { PublicLog } from './publiclog.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png', '.webmanifest': 'application/manifest+json' }
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** Starts the server. The result has its url, its API key, and handles to move its world. */
export async function mock() {
  const statements = await load('proof/shared/statements.ts')
  const { bounds } = await load('proof/shared/question.ts')
  const signatures = await load('proof/shared/signatures.ts')
  const merkle = await load('proof/shared/merkle.ts')
  const trees = await load('payouts/shared/tree.ts')
  const { hex } = await load('proof/shared/bytes.ts')
  const { micro, plain, fee, hold } = await load('money/shared/amount.ts')
  const { said } = await load('api/shared/said.ts')
  const { isLabel, cannotTell } = await load('answering/shared/types.ts')
  const { canonical } = await load('proof/shared/canonical.ts')
  const rnd = (n) => randomBytes(n).toString('hex')
  let serial = 0
  const without = (object, ...names) => Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
  const id = (prefix) => `${prefix}_${(Date.now().toString(32) + (serial++).toString(32).padStart(4, '0')).padStart(26, '0')}`
  const iso = (ms) => new Date(ms).toISOString()

  const apiKey = `tn_${'0123456789abcdefghjkmnpqrs'.repeat(2)}`
  const receiptSeed = randomBytes(32)
  const pushKey = Buffer.concat([Buffer.from([4]), randomBytes(64)]).toString('base64url') // a point as far as pages look
  const instance = {
    instance: rnd(32), version: 'mock', token: { address: signatures.checksummed(rnd(20)), symbol: 'tUSD', decimals: 6 }, fee_basis_points: 1500, default_price: '0.018', relay_basis_points: 500, chain_id: 31337, dev_chain: true,
    vault: signatures.checksummed(rnd(20)), receipt_key: hex(ed25519.getPublicKey(receiptSeed)),
    limits: { text_length: 1000, choice_length: 500, choices: 20, answers: 1000, values: 100, body_bytes: 65536, media_bytes: 8 << 20, deadline_seconds_min: 10, deadline_seconds_max: 2592000 }, time: iso(Date.now()), policies: ['fixed:n', 'confidence:p'],
  }
  const log = new PublicLog(`tasknet/${instance.instance}`)
  instance.log = { name: log.name, key: log.key }
  const world = { questions: new Map(), people: new Map(), devices: new Map(), tokens: new Map(), challenges: new Map(), leases: new Map(), media: new Map(), deposits: [], keys: [], idempotent: new Map(), epochs: [], skips: [], struck: new Set(), ended: new Set(), tokenDevices: new Map(), moves: new Map(), down: false, tamper: false, available: 500_000_000n, deposited: 500_000_000n, spent: 0n, streams: new Set(), visits: new Set(), visited: 0, takes: 0, seq: 0 }
  world.keys.push({ id: id('key'), name: 'first', created_at: iso(Date.now() - 3600_000), used_at: iso(Date.now()) })
  world.deposits.push({ tx: `0x${rnd(32)}`, block: 7, amount: '500', credited_at: iso(Date.now() - 3600_000) })

  class Bad extends Error {
    constructor(status, code, detail) {
      super(detail)
      Object.assign(this, { status, code })
    }
  }
  const must = (ok, status, code, detail = 'Check what was sent.') => {
    if (!ok) throw new Bad(status, code, detail)
  }

  /** What the API shows of a question to its requester, and to a respondent. */
  const seen = (q) => without(q, 'salt', 'snapshot', 'answersGiven', 'asked_by', 'known')
  const asked = (q) => ({ id: q.id, hash: q.hash, salt: q.salt, type: q.type, text: q.text, passage: q.passage, choices: q.choices, image: q.image, audio: q.audio, choice_images: q.choice_images, number: q.number, least: q.least, most: q.most, length: q.length, quorum: q.quorum, price: q.price, fee: q.fee, deadline: q.deadline, snapshot: q.snapshot, asked_by: q.asked_by, answers: q.answers, sample: q.sample, warnings: q.warnings })

  function ask(asked_for, { sample = false, asked_by = 'Storm survey', at = Date.now() } = {}) {
    const body = { price: instance.default_price, ...asked_for }
    const type = body.type ?? 'choice'
    const choices = type === 'yes_no' ? ['Yes', 'No'] : (body.choices ?? [])
    const least = { number: 0, text: 0, boxes: 1, polygons: 1, mask: 1, spans: 1 }[type] ?? 2
    must(choices.length >= least, 422, 'bad_choices')
    must(isLabel(type) || body.quorum.policy.startsWith('fixed:'), 422, 'bad_policy')
    const { max } = bounds(body.quorum)
    const price = micro(body.price)
    const q = {
      id: id('q'), type, text: body.text ?? '', passage: body.passage, choices, number: body.number, least: body.least || undefined, most: type === 'multiple' ? (body.most ?? choices.length) : undefined, length: type === 'text' ? (body.length ?? 200) : undefined, quorum: body.quorum, price: body.price, fee: plain(fee(price, 1500)), hold: plain(hold(price, 1500, max)), deadline: iso(at + body.deadline_seconds * 1000), created_at: iso(at),
      status: 'open', answers: 0, counts: isLabel(type) ? choices.map(() => 0) : [], wanted: max, sample, salt: rnd(16), snapshot: rnd(32), asked_by, answersGiven: [],
    }
    if (body.image) {
      must(world.media.has(body.image), 422, 'unknown_image')
      q.image = { ...world.media.get(body.image).image, alt: body.image_alt }
    }
    if (body.audio) q.audio = world.media.get(body.audio).image
    if (body.warnings) q.warnings = body.warnings
    if (body.choice_images) q.choice_images = body.choice_images.map((i) => ({ ...world.media.get(i.image).image, alt: i.alt }))
    must(micro(q.hold) <= world.available, 402, 'insufficient_funds', 'Deposit before you ask this.')
    world.available -= micro(q.hold)
    q.hash = hex(statements.questionHash(instance.instance, asked(q)))
    world.questions.set(q.id, q)
    for (const visit of world.visits) visit.write(`event: question.offered\ndata: ${JSON.stringify({ question: q.id })}\n\n`)
    return q
  }

  function emit(q, type, data) {
    const event = `id: ${++world.seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
    for (const s of world.streams) if (s.question === undefined || s.question === q.id) s.res.write(event)
  }

  function close(q, reason) {
    const top = Math.max(0, ...q.counts)
    const value = q.answersGiven.find((a) => a.value !== undefined)?.value
    const choice = top === 0 || q.counts.indexOf(top) !== q.counts.lastIndexOf(top) ? null : q.counts.indexOf(top)
    const paid = BigInt(q.answers) * micro(q.price)
    const charged = BigInt(q.answers) * micro(q.fee)
    const shares = q.choices.map((_, i) => (q.answersGiven.filter((a) => Array.isArray(a.value) && a.value.includes(i)).length / Math.max(1, q.answers)).toFixed(6))
    const posterior = q.type === 'multiple' ? shares : q.counts.map((n) => ((n + 0.02) / (q.answers + 0.02 * q.counts.length)).toFixed(6))
    q.verdict = { id: id('vrd'), outcome: choice === null && value === undefined ? 'none' : reason === 'quorum' ? 'decided' : 'leaning', choice, label: choice === null ? undefined : q.choices[choice], ...(value !== undefined && { value, agreement: '1.000000' }), confidence: choice === null ? '0.000000' : posterior[choice], posterior, counts: q.counts, answers: q.answers, claims: false, ...(isLabel(q.type) && { correction: 'discount/1' }), golds: 0, pooled: false, cannot_tell: q.answersGiven.filter((a) => a.choice === -1).length, method: !isLabel(q.type) ? 'median/1' : q.quorum.policy.startsWith('fixed:') ? 'majority/1' : 'dawid-skene/1', snapshot: q.snapshot, reason, paid: plain(paid), fee: plain(charged), forfeited: '0', released: plain(micro(q.hold) - paid - charged), at: iso(Date.now()) }
    Object.assign(q, { status: 'closed', closed_at: iso(Date.now()), wanted: 0 })
    world.available += micro(q.verdict.released)
    world.spent += paid + charged
    for (const a of q.answersGiven) {
      const person = world.people.get(a.respondent)
      person.yours += micro(q.price)
      person.today++
      if (q.type === 'text' && person.erasure && a.at_ms <= (person.erasure.at + 600) * 1000) blot(q, a, person)
    }
    emit(q, 'question.closed', seen(q))
    setTimeout(settle, 300)
  }

  /** Erases what somebody typed: what is left of an answer is that there was one, and their wallet's word. */
  function blot(q, answer, person) {
    if (answer.value === undefined) return false
    for (const name of ['value', 'nonce', 'signature']) delete answer[name]
    answer.erased = person.erasure
    const own = person.answered.find((a) => a.id === answer.id)
    delete own.value
    own.erased = true
    return true
  }

  /** What a person was paid for in a month, oldest first. */
  function lines(person) {
    const out = person.answered.map((a) => world.questions.get(a.question)).filter((q) => q.status === 'closed').map((q) => ({ at: q.closed_at, what: 'answer', question: q.id, amount: q.price, state: person.inEpoch > 0n ? 'in_epoch' : 'on_chain', epoch: 1, ...(person.inEpoch === 0n && { tx: person.payouts[0]?.tx }), entry: `tx_${q.id.slice(2)}` }))
    return [...out, ...(person.lines ?? [])].sort((a, b) => a.at.localeCompare(b.at))
  }

  /** Moves what is yours into an epoch, and that on chain. */
  function settle() {
    const due = [...world.people.values()].filter((p) => p.yours > 0n)
    if (due.length === 0) return
    const number = world.epochs.length + 1
    const amount = due.reduce((n, p) => n + p.yours, 0n)
    for (const p of due) p.cumulative += p.yours
    world.epochs.push(epochTree(number, amount, due.length))
    const leaves = due.map((p) => merkle.payoutLeaf(p.wallet, p.cumulative))
    const proofs = leaves.map((_, i) => leaves.filter((_, j) => j !== i).slice(0, 1))
    due.forEach((p, i) => {
      // A tree of two levels at most serves here: with more people, each has a tree with its neighbour.
      const rootHash = hex(merkle.payoutRoot(leaves[i], proofs[i]))
      p.payouts.unshift({ epoch: number, state: 'posted', respondent: p.id, address: p.wallet, amount: plain(p.yours), cumulative: plain(p.cumulative), claimed: false, root: `0x${rootHash}`, proof: proofs[i].map((h) => `0x${hex(h)}`), at: iso(Date.now()) })
      p.inEpoch += p.yours
      p.yours = 0n
    })
    setTimeout(() => due.forEach((p) => (Object.assign(p.payouts.find((x) => x.epoch === number), { state: 'settled', claimed: true, tx: `0x${rnd(32)}` }), (p.onChain += p.inEpoch), (p.inEpoch = 0n))), 300)
  }

  /** Everybody's leaf of an epoch, and what the one requester, with one deposit, has spent. */
  function epochTree(number, amount, payees) {
    const people = [...world.people.values()].filter((p) => p.cumulative > 0n)
    const total = people.reduce((n, p) => n + p.cumulative, 0n)
    const [owner, reference] = [signatures.checksummed(rnd(20)), `0x${rnd(32)}`]
    const account = trees.accountOf(owner, reference)
    const header = {
      hash: '', payouts: hex(trees.treeOf(people.map((p) => merkle.payoutLeaf(p.wallet, p.cumulative)))[0]), spending: hex(trees.treeOf([trees.spendingLeaf(account, world.spent)])[0]),
      verdicts: '0'.repeat(64), total: String(total), spent: String(world.spent), through: 7, log_root: log.root().toString('hex'), log_size: log.leaves.length,
    }
    header.hash = trees.headerHash(number, header)
    return {
      chain_id: instance.chain_id, vault: instance.vault, token: instance.token,
      epoch: { number, state: 'settled', root: header.payouts, amount: plain(amount), cumulative: plain(total), payees, header, tx: `0x${rnd(32)}`, block: 9 + number, gas: 65_000, at: iso(Date.now()) },
      payouts: people.map((p) => ({ address: p.wallet, cumulative: plain(p.cumulative) })),
      accounts: [{ account: hex(account), owner, reference, deposited: plain(world.deposited), withdrawn: '0', spent: plain(world.spent) }],
    }
  }

  /** A person's change of address that waits. */
  const waiting = (person) => (person.changes ?? []).find((c) => !c.cancelled_at && Date.parse(c.effective_at) > Date.now())

  /** How and where a person is paid. */
  function place(person) {
    const changes = person.changes ?? []
    const now = changes.filter((c) => !c.cancelled_at && c !== waiting(person)).at(-1)?.to ?? person.wallet
    const before = [...new Set([person.wallet, ...changes.filter((c) => !c.cancelled_at).map((c) => c.to)])].filter((a) => a !== now && a !== waiting(person)?.to)
    return { least: person.least ?? '0', wallet: person.wallet, address: now, ...(before.length > 0 && { before }), next: changes.length + 1, delay_s: 72 * 3600, ...(waiting(person) && { waits: waiting(person) }) }
  }

  /** Where the money is, by what became of it. */
  function totals() {
    const of = (name) => [...world.people.values()].reduce((n, p) => n + p[name], 0n)
    const paid = of('yours') + of('inEpoch') + of('onChain')
    const held = world.deposited - world.available - world.spent
    return {
      deposited: plain(world.deposited), withdrawn: '0', frozen: '0', debts: '0', requesters: plain(world.available), held: plain(held), pending: '0', respondents: plain(of('yours')), in_epoch: plain(of('inEpoch')),
      claimed: plain(of('onChain')), operator: plain(world.spent - paid), forfeits: '0', questions_closed: [...world.questions.values()].filter((q) => q.verdict).length, answers_closed: 12,
    }
  }

  /** Nothing is taken from a device that was ended. */
  const going = (device) => must(!world.ended.has(device), 403, 'device_ended', 'The wallet’s delegation of this device has expired or was revoked; register the device again.')

  function register(r) {
    const now = Date.now() / 1000
    must(/^[0-9a-f]{64}$/.test(r.device) && Number.isInteger(r.issued) && r.issued <= now + 120 && r.expires > now && r.expires - r.issued <= 2 * 366 * 86400, 422, 'bad_delegation')
    must(signatures.recover(signatures.delegationDigest(instance.chain_id, instance.instance, r), r.signature)?.toLowerCase() === r.wallet.toLowerCase(), 422, 'bad_delegation')
    must(signatures.deviceSigned(r.device, statements.registerHash({ ...r, instance: instance.instance }), r.proof), 422, 'bad_proof')
    if (r.issued <= (world.devices.get(r.device)?.delegation.issued ?? 0)) going(r.device)
    let person = [...world.people.values()].find((p) => p.wallet.toLowerCase() === r.wallet.toLowerCase())
    if (!person) {
      person = { id: id('rsp'), wallet: signatures.checksummed(r.wallet), yours: 0n, inEpoch: 0n, onChain: 0n, cumulative: 0n, today: 0, answered: [], skipped: new Set(), payouts: [], devices: [], past: [0, 3, 1, 0, 5, 4, 2, 6, 3, 0, 2, 5, 4].map((n) => 0 * n) }
      world.people.set(person.id, person)
    }
    const { wallet, device, issued, expires, signature } = r
    world.devices.set(device, { person, delegation: { wallet, device, issued, expires, signature } })
    person.devices.push({ key: device, issued_at: iso(issued * 1000), expires_at: iso(expires * 1000) })
    world.ended.delete(device)
    return session(person, device)
  }

  function session(person, device) {
    const token = `rt_${rnd(20)}`
    world.tokens.set(token, person)
    world.tokenDevices.set(token, device)
    return { respondent: person.id, token, expires_at: iso(Date.now() + 3600_000) }
  }

  const open = (person) => [...world.questions.values()].filter((q) => q.status === 'open' && !person.skipped.has(q.id) && !person.answered.some((a) => a.question === q.id))

  function take(person, count, question) {
    const held = [...world.leases.values()].filter((l) => l.person === person && !l.used && l.q.status === 'open' && (!question || l.q.id === question))
    for (const q of open(person)) {
      if (held.length >= count) break
      if (held.some((l) => l.q === q) || (question && q.id !== question)) continue
      const lease = { id: id('asg'), expires_at: iso(Date.now() + 900_000), q, person, used: false }
      world.leases.set(lease.id, lease)
      held.push(lease)
    }
    must(!question || held.length > 0, 409, 'not_available', 'This question has its answers.')
    return held.slice(0, count).map((l) => ({ id: l.id, expires_at: l.expires_at, question: world.tamper ? { ...asked(l.q), text: `${l.q.text} (changed)` } : asked(l.q) }))
  }

  /** That the question has closed, signed by the receipt key, unless the world has it signed wrongly or not at all. */
  function refusal(a, q) {
    const bad = new Bad(409, 'question_closed', 'The question has closed; nothing was recorded.')
    const answer = hex(statements.answerHash({ ...said(a), assignment: a.assignment, instance: instance.instance, nonce: a.nonce, question: q.hash, time_ms: a.time_ms }))
    const statement = { answer, device: a.device, at_ms: Date.now() }
    const signature = hex(ed25519.sign(statements.refusalHash({ ...statement, code: bad.code, instance: instance.instance }), world.refuses === 'forged' ? randomBytes(32) : receiptSeed))
    return world.refuses === 'unsigned' ? bad : Object.assign(bad, { refusal: { ...statement, signature } })
  }

  function answer(a) {
    const lease = world.leases.get(a.assignment)
    must(lease, 404, 'assignment_not_found')
    const { q } = lease
    const known = q.answersGiven.find((x) => x.assignment === a.assignment)
    if (known) return { status: 200, value: known.accepted }
    if (q.status !== 'open' || world.refuses) throw refusal(a, q)
    must(a.question === q.id && /^[0-9a-f]{32}$/.test(a.nonce), 422, 'bad_answer')
    const content = said(a)
    if (a.choice !== cannotTell) {
      must(isLabel(q.type) === (a.choice !== undefined), 422, 'wrong_kind')
      if (isLabel(q.type)) must(Number.isInteger(a.choice) && a.choice >= 0 && a.choice < q.choices.length, 422, 'no_such_choice')
      else must(!wrongValue(q, a.value), 422, 'bad_value', wrongValue(q, a.value))
    }
    if (a.value !== undefined) must(JSON.stringify(a.value) === canonical(a.value), 422, 'bad_value', 'The value is not canonical.')
    const device = world.devices.get(a.device)
    must(device?.person === lease.person, 403, 'not_your_assignment')
    going(a.device)
    const given = { ...content, assignment: a.assignment, instance: instance.instance, nonce: a.nonce, question: q.hash, time_ms: a.time_ms }
    must(signatures.deviceSigned(a.device, statements.answerHash(given), a.signature), 422, 'bad_signature')
    const at_ms = Date.now()
    const answerId = id('ans')
    const record = statements.answerRecordHash({ ...given, answer: answerId, at_ms, device: a.device, respondent: lease.person.id, signature: a.signature })
    const tree = createHash('sha256').update(Buffer.concat([Buffer.of(0), record])).digest('hex')
    const receipt = { id: id('rcp'), record: hex(record), root: tree, index: 0, size: 1, path: [], log: log.name, first: log.leaves.length, at_ms, by_ms: at_ms + (world.logs ? -1 : 24 * 3600_000) }
    if (world.logs !== 'nothing') log.leaves.push(world.logs === 'another' ? randomBytes(32) : Buffer.from(record))
    receipt.signature = hex(ed25519.sign(statements.receiptHash(instance.instance, receipt), receiptSeed))
    const accepted = { answer: answerId, pays: q.price, at: iso(at_ms), receipt }
    q.answersGiven.push({ id: answerId, respondent: lease.person.id, assignment: a.assignment, ...content, nonce: a.nonce, time_ms: a.time_ms, at_ms, signature: a.signature, hash: hex(record), delegation: device.delegation, accepted })
    lease.used = true
    lease.person.answered.unshift({ id: answerId, question: q.id, ...content, at: iso(at_ms) })
    q.answers++
    q.counts = q.counts.map((n, i) => n + (i === a.choice ? 1 : 0))
    const { max } = bounds(q.quorum)
    q.wanted = max - q.answers
    emit(q, 'question.progress', { question: q.id, status: q.status, answers: q.answers, counts: q.counts, wanted: q.wanted })
    if (q.answers >= max) close(q, 'quorum')
    return { status: 201, value: accepted }
  }

  const respondentOf = (a) => world.questions.get(a.question).answersGiven.find((given) => given.id === a.id).respondent

  function mine(a) {
    const q = world.questions.get(a.question)
    const row = { id: a.id, question: q.id, type: q.type, text: q.text, choices: q.choices, image: q.image, ...(a.erased ? { erased: true } : said(a)), label: q.choices[a.choice], at: a.at, pays: q.price, state: q.status === 'closed' ? 'final' : 'held', pay: { state: q.status === 'closed' ? 'paid' : 'held', amount: q.price } }
    if (world.struck.has(a.id)) Object.assign(row, { struck: true, pays: '0', pay: { state: 'none', amount: '0', why: 'struck' } })
    else if (q.status === 'closed' && world.people.get(respondentOf(a)).waits) Object.assign(row, { state: 'pending', pay: { state: 'waiting', amount: q.price, why: 'newcomer', until: world.people.get(respondentOf(a)).waits.until } })
    if (q.status === 'closed' && q.known) row.known = q.known
    return q.verdict ? { ...row, outcome: q.verdict.outcome, verdict: q.verdict.label, verdict_value: q.verdict.value, confidence: q.verdict.confidence, counts: q.counts } : row
  }

  const heldOf = (person) => person.answered.reduce((n, a) => n + (world.questions.get(a.question).status === 'closed' ? 0n : micro(world.questions.get(a.question).price)), 0n)
  const page = (list, url, name) => {
    const limit = Number(url.searchParams.get('limit') ?? 20)
    const from = Number(url.searchParams.get('cursor') ?? 0)
    return { [name]: list.slice(from, from + limit), ...(from + limit < list.length && { next: String(from + limit) }) }
  }
  const recordOf = (q) => ({ question: asked(q), org: 'org_mock', fee: q.fee, closed_at: q.closed_at, verdict: q.verdict, answers: q.answersGiven.map((a) => without(a, 'accepted')), settlement: `tx_${q.id.slice(2)}` })

  /** What closed questions cost, oldest first, and what some of that sums to. */
  const linesOf = () => [...world.questions.values()].filter((q) => q.verdict && !q.sample).map((q) => ({ at: q.closed_at, tx: `tx_${q.id.slice(2)}`, kind: 'settlement', question: q.id, about: q.text.slice(0, 120), answers: q.answers, paid: q.verdict.paid, bonus: '0', fee: q.verdict.fee, forfeited: '0', refunded: q.verdict.released, cost: plain(micro(q.verdict.paid) + micro(q.verdict.fee)) }))
  const costs = (lines) => {
    const total = (name) => plain(lines.reduce((n, l) => n + micro(l[name]), 0n))
    return { questions: lines.length, answers: lines.reduce((n, l) => n + l.answers, 0), bonuses: 0, paid: total('paid'), bonus: '0', fee: total('fee'), forfeited: '0', refunded: total('refunded'), cost: total('cost') }
  }

  function spending(by) {
    const lines = linesOf()
    const today = iso(Date.now()).slice(0, 10)
    const parts = lines.length === 0 ? [] : [{ ...(by === 'day' && { day: today }), ...costs(lines) }]
    return { from: iso(Date.now() - 29 * 86400_000).slice(0, 10), to: today, by, symbol: 'tUSD', all: costs(lines), parts }
  }

  /** An estimate of a draft with a fixed rule is certain; another one is made up. An hour's work pays world.floor at least, at 8 s an answer. */
  function estimate({ question, project, tasks = 1 }) {
    const draft = question ?? project
    must(draft, 400, 'bad_estimate')
    const { min, max } = bounds(draft.quorum)
    const price = micro(draft.price ?? instance.default_price)
    const sum = (n) => plain(hold(price, 1500, n * tasks))
    const mean = (min + max) / 2
    const least = world.floor === undefined ? undefined : (world.floor * 8n + 3599n) / 3600n
    return {
      tasks, price: plain(price), fee: plain(fee(price, 1500)), symbol: 'tUSD', each: { low: min, expected: mean.toFixed(3), high: max, basis: min === max ? 'policy' : 'prior', questions: 0 }, all: { low: min * tasks, expected: Math.round(mean * tasks), high: max * tasks },
      cost: { low: sum(min), expected: plain(BigInt(Math.round(mean * tasks)) * (price + fee(price, 1500))), high: sum(max), most: sum(max) }, pace: { known: false },
      fair_pay: { basis: 'instance', answers: 90, seconds_per_answer: '8.000', pays_per_hour: plain((price * 3600n) / 8n), ...(least !== undefined && { floor_per_hour: plain(world.floor), least_price: plain(least) }), fair: least === undefined || price >= least },
    }
  }

  /** Moves between two phones: who began one, and the messages. A request waits for another message by looking again. */
  const noMove = () => new Bad(404, 'no_such_move', 'This code was used or is older than five minutes; show a new one on the old phone.')
  async function move(found, after) {
    const end = Date.now() + 10_000
    for (;;) {
      if (world.moves.get(found.id) !== found) throw noMove()
      if (after === undefined || found.done || found.messages.length > after || Date.now() > end) return { value: without(found, 'owner', 'ticket') }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** What the new phone says. */
  async function claimMove(found, { ticket, message, after, done }) {
    must(/^[\w-]{22,64}$/.test(ticket) && /^[\w-]{1,2048}$/.test(message), 422, 'invalid_request')
    must(!found.ticket || (found.ticket === ticket && (found.done || found.messages[0] === message)), 409, 'move_taken', 'Another device has used this code already; show a new one on the old phone, where nobody else can see it.')
    if (!found.ticket) Object.assign(found, { ticket, messages: [message] })
    if (done) Object.assign(found, { done, messages: [] })
    return move(found, after)
  }

  /** The API: status and value, or a thrown Bad. */
  async function api(req, res, url, body) {
    const path = url.pathname.slice(3)
    const token = (req.headers.authorization ?? '').replace('Bearer ', '')
    const json = () => JSON.parse(body.toString() || '{}')
    const route = `${req.method} ${path}`
    const person = world.tokens.get(token)
    const needPerson = () => {
      must(person, 401, 'unknown_token', 'Sign in again.')
      going(world.tokenDevices.get(token))
    }
    const needKey = () => must(token === apiKey, 401, 'unknown_key', 'This API key is not known; check it.')
    const once = async (make) => {
      needKey()
      const key = req.headers['idempotency-key']
      must(key, 400, 'idempotency_key_required')
      const before = world.idempotent.get(key)
      must(!before || before.body === body.toString(), 409, 'idempotency_conflict')
      if (!before) world.idempotent.set(key, { body: body.toString(), value: await make() })
      return { status: 201, value: world.idempotent.get(key).value }
    }
    let m
    switch (route) {
      case 'GET /instance': return { value: { ...instance, time: iso(Date.now()) } }
      case 'POST /respondents': return { status: 201, value: register(json()) }
      case 'POST /sessions/challenge': {
        must(world.devices.has(json().device), 404, 'unknown_device')
        const challenge = rnd(16)
        world.challenges.set(challenge, json().device)
        return { value: { challenge, expires_at: iso(Date.now() + 60_000) } }
      }
      case 'POST /sessions': {
        const l = json()
        going(l.device)
        must(world.challenges.get(l.challenge) === l.device && signatures.deviceSigned(l.device, statements.sessionHash({ ...l, instance: instance.instance }), l.signature), 401, 'bad_login')
        return { status: 201, value: session(world.devices.get(l.device).person, l.device) }
      }
      case 'GET /me': needPerson(); return { value: { respondent: person.id, wallet: person.wallet, available: open(person).length, answered: person.answered.length, earned: plain(person.yours + person.inEpoch + person.onChain), held: plain(heldOf(person) + (person.waits?.pending ?? 0n)), ...(person.waits && { capped: person.waits.capped, pending_until: person.waits.until }), ...(waiting(person) && { moves: waiting(person) }), symbol: 'tUSD', devices: person.devices } }
      case 'GET /me/events': {
        world.visited++
        needPerson()
        must(url.search === '', 400, 'token_in_address', 'Nothing of a stream is said in its address.')
        must(!world.alone, 403, 'no_streams', 'There are no streams here.')
        res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }).write(': here\n\n')
        world.visits.add(res)
        res.on('close', () => world.visits.delete(res))
        return undefined
      }
      case 'POST /assignments': world.takes++; needPerson(); person.taste = json(); return { value: { assignments: take(person, json().count ?? 1, json().question) } }
      case 'POST /answers': return answer(json())
      case 'GET /me/answers': needPerson(); return { value: page(person.answered.map(mine), url, 'answers') }
      case 'GET /me/payouts': needPerson(); return { value: page(person.payouts, url, 'payouts') }
      case 'GET /me/statement': case 'GET /me/statement.csv': {
        needPerson()
        const month = url.searchParams.get('month')
        must(/^\d{4}-(0[1-9]|1[0-2])$/.test(month ?? ''), 400, 'bad_month', 'A month is a year and a month, such as 2026-11.')
        const of = lines(person).filter((l) => l.at.startsWith(month))
        if (path.endsWith('.csv')) return { text: ['at,what,question,amount,token,state,epoch,transaction,ledger_entry', ...of.map((l) => [l.at, l.what, l.question ?? '', l.amount, 'tUSD', l.state, l.epoch ?? '', l.tx ?? '', l.entry].join(','))].join('\n') + '\n' }
        const total = (keep) => plain(of.filter(keep).reduce((n, l) => n + micro(l.amount), 0n))
        return { value: { ...page(of, url, 'lines'), month, since: person.since ?? iso(Date.now()).slice(0, 7), respondent: person.id, symbol: 'tUSD', count: of.length, earned: total((l) => l.state !== 'waiting' && l.state !== 'forfeited'), waited: total((l) => l.state === 'waiting'), forfeited: total((l) => l.state === 'forfeited') } }
      }
      case 'GET /me/push': {
        needPerson()
        return { value: { key: pushKey, channels: ['web'], most: 5, subscriptions: person.subscriptions ?? [], wishes: person.wishes ?? { languages: [], types: [], least: '0', quiet: { from: '22:00', until: '07:00', zone: 'UTC' }, per_day: 10 } } }
      }
      case 'POST /me/push/subscriptions': {
        needPerson()
        const { endpoint, keys } = json().web
        must(endpoint.startsWith('https://') && keys.auth && keys.p256dh, 400, 'bad_subscription')
        const device = [...world.devices].find(([, d]) => d.person === person)[0]
        person.subscriptions = [...(person.subscriptions ?? []).filter((s) => s.device !== device), { id: id('sub'), channel: 'web', device, created_at: iso(Date.now()) }]
        return { status: 201, value: person.subscriptions.at(-1) }
      }
      case 'PUT /me/push/wishes': needPerson(); return { value: (person.wishes = json()) }
      case 'POST /me/push/opened': needPerson(); (person.opened ??= []).push(json().wake); return { status: 204 }
      case 'GET /me/accuracy': needPerson(); return { value: person.accuracy ?? { known: 0, right: 0, low: '0', high: '1', weeks: [] } }
      case 'GET /me/export': {
        needPerson()
        return { value: { about: 'All that this server keeps of you.', tables: [{ table: 'respondents', about: 'Who you are here.', rows: [{ id: person.id, wallet: person.wallet }] }] } }
      }
      case 'GET /me/payout': { needPerson(); return { value: place(person) } }
      case 'POST /me/payout/address': {
        needPerson()
        const { to, number, signature, proof } = json()
        const changes = (person.changes ??= [])
        must(/^0x[0-9a-fA-F]{40}$/.test(to), 400, 'bad_wallet', 'A wallet is 0x and 40 hex digits.')
        must(to !== instance.vault, 400, 'address_not_payable', 'Nobody can be paid there: it is zero, the vault or the token. Give the address of a wallet.')
        must(number === changes.length + 1, 409, 'address_change_number', 'This is not the number of your next change of address.')
        const digest = signatures.payoutAddressDigest(instance.chain_id, instance.instance, { respondent: person.id, wallet: person.wallet, to, number })
        must(signatures.recover(digest, signature) === person.wallet, 400, 'bad_payout_signature')
        must(!proof || signatures.recover(digest, proof) === to, 400, 'bad_payout_proof')
        must(!waiting(person), 409, 'address_change_pending')
        must(place(person).address !== to, 409, 'same_address', 'Your pay goes to this address already.')
        changes.push({ respondent: person.id, wallet: person.wallet, to, number, signature, ...(proof && { proof }), at: iso(Date.now()), effective_at: iso(Date.now() + (proof ? 0 : 72 * 3600_000)) })
        return { value: changes.at(-1) }
      }
      case 'DELETE /me/payout/address': {
        needPerson()
        must(waiting(person), 404, 'no_address_change', 'No change of your address waits.')
        waiting(person).cancelled_at = iso(Date.now())
        return { status: 204 }
      }
      case 'PUT /me/payout': {
        needPerson()
        const { least } = json()
        must(micro(least) >= 0n && micro(least) <= 1_000_000_000n, 400, 'least_out_of_range', 'The least payout is from 0 to 1000.')
        person.least = plain(micro(least))
        return { value: { least: person.least } }
      }
      case 'GET /me/earnings': needPerson(); return { value: { held: plain(heldOf(person) + (person.waits?.pending ?? 0n)), pending: plain(person.waits?.pending ?? 0n), ...(person.waits && { pending_until: person.waits.until }), forfeited: plain(person.forfeited ?? 0n), yours: plain(person.yours), in_epoch: plain(person.inEpoch), on_chain: plain(person.onChain), least: person.least ?? '0', symbol: 'tUSD', wallet: person.wallet, address: place(person).address, ...(waiting(person) && { moves: waiting(person) }), days: Array.from({ length: 14 }, (_, i) => ({ date: iso(Date.now() - (13 - i) * 86400_000).slice(0, 10), amount: i === 13 ? plain(person.yours + person.inEpoch + person.onChain) : plain(BigInt(person.past[i] ?? 0) * 18_000n), answers: i === 13 ? person.today : (person.past[i] ?? 0) })) } }
      case 'POST /questions': return once(() => seen(ask(json(), { asked_by: 'Mock org' })))
      case 'GET /questions': needKey(); return { value: page([...world.questions.values()].reverse().filter((q) => !url.searchParams.get('status') || q.status === url.searchParams.get('status')).map(seen), url, 'questions') }
      case 'GET /balance': needKey(); return { value: { available: plain(world.available), held: plain([...world.questions.values()].filter((q) => q.status === 'open').reduce((n, q) => n + micro(q.hold), 0n)), spent: plain(world.spent), deposited: plain(world.deposited), symbol: 'tUSD' } }
      case 'GET /deposits': needKey(); return { value: { ...page(world.deposits, url, 'deposits'), vault: instance.vault, token: instance.token.address, reference: `0x${rnd(32)}`, confirmations: 2 } }
      case 'POST /deposits/faucet': return once(() => {
        const amount = micro(json().amount)
        setTimeout(() => ((world.deposited += amount), (world.available += amount), world.deposits.unshift({ tx: `0x${rnd(32)}`, block: 9 + world.deposits.length, amount: plain(amount), credited_at: iso(Date.now()) })), 1000)
        return {}
      })
      case 'POST /estimates': needKey(); return { value: estimate(json()) }
      case 'GET /money/spending': needKey(); return { value: spending(url.searchParams.get('by')) }
      case 'GET /me/bonuses': needPerson(); return { value: page(person.bonuses ?? [], url, 'bonuses') }
      case 'POST /media': {
        needKey()
        must(/^(image\/(png|jpeg|gif|webp)|audio\/(wav|mpeg|ogg))$/.test(req.headers['content-type'] ?? ''), 415, 'bad_image')
        return { status: 201, value: media(body, req.headers['content-type']) }
      }
      case 'GET /keys': needKey(); return { value: page(world.keys, url, 'keys') }
      case 'POST /keys': return once(() => {
        const key = { id: id('key'), name: json().name, created_at: iso(Date.now()) }
        world.keys.unshift(key)
        return { ...key, secret: `tn_${'z'.repeat(52)}` }
      })
      case 'GET /records/epochs': return { value: page(world.epochs.map((e) => e.epoch), url, 'epochs') }
      case 'GET /records/totals': return { value: totals() }
      case 'GET /records/questions': return { value: page([...world.questions.values()].filter((q) => q.verdict).map(recordOf), url, 'records') }
    }
    if ((m = /^GET \/records\/epochs\/(\d+)\/payouts$/.exec(route))) {
      const tree = world.epochs[Number(m[1]) - 1]
      must(tree, 404, 'no_such_epoch', 'There is no such epoch.')
      return { value: { epoch: (world.forgeTree?.(structuredClone(tree)) ?? tree).epoch, payouts: [] } }
    }
    if ((m = /^GET \/records\/epochs\/(\d+)\/tree$/.exec(route))) {
      const tree = world.epochs[Number(m[1]) - 1]
      must(tree, 404, 'no_epoch', 'There is no such epoch.')
      return { value: world.forgeTree?.(structuredClone(tree)) ?? tree }
    }
    if ((m = /^POST \/respondents\/(\w+)\/erasure$/.exec(route))) {
      const of = world.people.get(m[1])
      const { at, signature } = json()
      must(of && Math.abs(at * 1000 - Date.now()) < 600_000, 400, 'erasure_time')
      must(signatures.recover(signatures.erasureDigest(instance.chain_id, instance.instance, { respondent: of.id, wallet: of.wallet, at }), signature) === of.wallet, 400, 'bad_erasure_signature')
      for (const d of of.devices) d.revoked_at ??= iso(Date.now())
      of.erased = (of.erased ?? 0) + 1
      of.erasure = { at, signature }
      const typed = [...world.questions.values()].filter((q) => q.type === 'text').flatMap((q) => q.answersGiven.filter((a) => a.respondent === of.id).map((a) => [q, a]))
      const answers = typed.filter(([q, a]) => q.status === 'closed' && blot(q, a, of)).length
      return { value: { devices: of.devices.length, answers, waiting: typed.filter(([q]) => q.status === 'open').length } }
    }
    if (route === 'POST /moves') {
      needPerson()
      const begun = { id: id('mov'), owner: person, expires_at: iso(Date.now() + 300_000), messages: [], done: false }
      world.moves.set(begun.id, begun)
      return { status: 201, value: without(begun, 'owner') }
    }
    if ((m = /^(GET|POST|DELETE) \/moves\/(\w+)(\/messages|\/claim)?$/.exec(route))) {
      const found = world.moves.get(m[2])
      if (!found) throw noMove()
      if (m[3] === '/claim') return claimMove(found, json())
      needPerson()
      if (found.owner !== person) throw noMove()
      if (m[1] === 'DELETE') return world.moves.delete(m[2]), { status: 204 }
      if (m[1] === 'GET') return move(found, url.searchParams.has('after') ? Number(url.searchParams.get('after')) : undefined)
      const { number, message } = json()
      must(found.messages.length + 1 === number || found.messages[number - 1] === message, 409, 'not_your_turn')
      found.messages[number - 1] = message
      return move(found)
    }
    if ((m = /^DELETE \/me\/devices\/(\w+)$/.exec(route))) {
      needPerson()
      const device = person.devices.find((d) => d.key === m[1])
      must(device, 404, 'unknown_device')
      device.revoked_at = iso(Date.now())
      world.ended.add(m[1])
      return { status: 204 }
    }
    if ((m = /^DELETE \/me\/push\/subscriptions\/(\w+)$/.exec(route))) {
      needPerson()
      must(person.subscriptions?.some((s) => s.id === m[1]), 404, 'no_such_subscription')
      person.subscriptions = person.subscriptions.filter((s) => s.id !== m[1])
      return { status: 204 }
    }
    if ((m = /^POST \/assignments\/(\w+)\/skip$/.exec(route))) {
      needPerson()
      must(['none', 'unclear', 'broken', 'not_for_me', 'wrong_choices', 'offensive', 'other'].includes(json().reason), 422, 'bad_reason')
      const lease = world.leases.get(m[1])
      must(lease?.person === person, 404, 'assignment_not_found')
      lease.used = true
      person.skipped.add(lease.q.id)
      world.skips.push([lease.q.id, json().reason])
      return { status: 204 }
    }
    if ((m = /^GET \/invoices\/(\d{4}-\d{2})(\/csv)?$/.exec(route))) {
      needKey()
      const lines = m[1] === iso(Date.now()).slice(0, 7) ? linesOf() : []
      if (m[2]) return { text: ['date,transaction,about,cost', ...lines.map((l) => `${l.at},${l.tx},${JSON.stringify(l.about)},${l.cost}`), 'total,,,'].join('\n') }
      return { value: { ...page(lines, url, 'lines'), organisation: 'org_mock', name: 'Mock org', month: m[1], over: false, symbol: 'tUSD', all: costs(lines) } }
    }
    if ((m = /^DELETE \/keys\/(\w+)$/.exec(route))) {
      needKey()
      world.keys.find((k) => k.id === m[1]).revoked_at = iso(Date.now())
      return { status: 204 }
    }
    if ((m = /^GET \/questions\/(\w+)$/.exec(route))) {
      needKey()
      must(world.questions.has(m[1]), 404, 'question_not_found', 'There is no such question.')
      return { value: seen(world.questions.get(m[1])) }
    }
    if ((m = /^POST \/questions\/(\w+)\/bonuses$/.exec(route))) {
      return once(() => {
        const { answer, amount, reason } = json()
        const of = world.questions.get(m[1])?.answersGiven.find((a) => a.id === answer || a.accepted?.answer === answer)
        must(of, 404, 'no_such_answer', 'There is no such answer; check the id.')
        must(micro(amount) > 0n && micro(amount) <= world.available && reason.length > 0, 402, 'insufficient_funds', 'The balance does not cover this; deposit more, or ask for fewer or cheaper answers.')
        world.available -= micro(amount)
        const bonus = { id: id('bns'), question: m[1], answer, amount, reason, at: iso(Date.now()), by: 'Mock org' }
        ;(world.people.get(of.respondent).bonuses ??= []).unshift(bonus)
        return bonus
      })
    }
    if ((m = /^POST \/questions\/(\w+)\/cancel$/.exec(route))) {
      needKey()
      close(world.questions.get(m[1]), 'cancelled')
      return { value: seen(world.questions.get(m[1])) }
    }
    if ((m = /^GET (?:\/questions\/(\w+))?\/events$/.exec(route))) {
      needKey()
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
      res.write(': hello\n\n')
      const stream = { res, question: m[1] }
      world.streams.add(stream)
      res.on('close', () => world.streams.delete(stream))
      return undefined
    }
    if ((m = /^GET \/records\/questions\/([^/]+)$/.exec(route))) {
      const q = world.questions.get(decodeURIComponent(m[1]))
      must(q?.verdict, 404, 'record_not_found', 'There is no closed question with this id.')
      return { value: world.forge ? world.forge(recordOf(q)) : recordOf(q) }
    }
    throw new Bad(404, 'no_such_route', `The mock does not have ${route}.`)
  }

  function media(data, type) {
    const hash = createHash('sha256').update(data).digest('hex')
    const [width, height] = type === 'image/png' ? [data.readUInt32BE(16), data.readUInt32BE(20)] : [350, 450]
    const image = { hash, url: `/media/${hash}`, type, width, height, bytes: data.length }
    world.media.set(hash, { data, type, image })
    return image
  }

  const server = createServer(async (req, res) => {
    const url = new URL(req.url, 'http://mock')
    const chunks = []
    for await (const chunk of req) chunks.push(chunk)
    if (world.down) return req.socket.destroy()
    const common = { 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff' }
    if (url.pathname.startsWith('/v1/')) {
      try {
        await world.before?.(url)
        const reply = await api(req, res, url, Buffer.concat(chunks))
        if (!reply) return
        if (reply.text !== undefined) return res.writeHead(200, { ...common, 'Content-Type': 'text/csv; charset=utf-8' }).end(reply.text)
        res.writeHead(reply.status ?? 200, { ...common, 'Content-Type': 'application/json' }).end(reply.value === undefined ? undefined : JSON.stringify(reply.value))
      } catch (e) {
        const status = e.status ?? 500
        if (status === 500) console.error(e)
        res.writeHead(status, { ...common, 'Content-Type': 'application/problem+json' }).end(JSON.stringify({ type: `/problems/${e.code}`, title: 'Error', status, code: e.code ?? 'internal', detail: e.message, refusal: e.refusal }))
      }
      return
    }
    if (url.pathname.startsWith('/log/')) {
      const found = log.file(url.pathname.slice(5))
      return res.writeHead(found ? 200 : 404, { ...common, 'Content-Type': 'application/octet-stream' }).end(found)
    }
    if (url.pathname === '/share' && req.method === 'POST') {
      const form = await new Response(Buffer.concat(chunks), { headers: { 'Content-Type': req.headers['content-type'] } }).formData()
      const shared = new URLSearchParams([...form].filter(([, value]) => value !== '').map(([name, value]) => [name, typeof value === 'string' ? value : 'lost']))
      return res.writeHead(303, { ...common, Location: `/ask#${shared}` }).end()
    }
    const held = world.media.get(url.pathname.replace('/media/', ''))
    if (held && url.search) world.previews = (world.previews ?? 0) + 1
    if (held) return res.writeHead(200, { ...common, 'Content-Type': held.type, 'Content-Security-Policy': "default-src 'none'; sandbox" }).end(held.data)
    let file = join(root, 'dist', url.pathname)
    if (!extname(file) || !existsSync(file)) file = join(root, 'dist/index.html')
    let content = readFileSync(file)
    // A later release: the same files, under another version.
    if (world.release && url.pathname === '/sw.js') content = content.toString().replace(/(version\\?":\\?")[0-9a-f]{16}/, `$1${world.release}`)
    const own = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(extname(file) === '.html' ? content.toString() : '')?.[1]
    // What has its hash in its name is kept, as from the real server.
    const caching = url.pathname.startsWith('/assets/') && { 'Cache-Control': 'public, max-age=31536000, immutable' }
    res.writeHead(200, { ...common, ...(own && { 'Content-Security-Policy': own }), ...caching, 'Content-Type': types[extname(file)] ?? 'application/octet-stream' }).end(content)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    apiKey,
    world,
    instance,
    signatures,
    log,
    ask,
    media,
    close,
    /** Ends all that a test made it do wrong. */
    calm: () => Object.assign(world, { down: false, before: undefined, release: undefined, tamper: false, forge: undefined, forgeTree: undefined, floor: undefined, logs: undefined, refuses: undefined, alone: undefined }),
    stop: async () => {
      for (const res of [...[...world.streams].map((s) => s.res), ...world.visits]) res.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
