// A small TaskNet in memory, for the tests of the pages alone: it checks the form and the signatures of what the app
// sends, and answers as the API does. Its statements come from the app's own sources; that those are right is shown by
// the shared vectors. What it cannot do, the real server's test does.
import { createServer } from 'node:http'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, existsSync } from 'node:fs'
import { join, extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer as createVite } from 'vite'
import { ed25519 } from '@noble/curves/ed25519.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png', '.webmanifest': 'application/manifest+json' }
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** Starts the server. The result has its url, its API key, and handles to move its world. */
export async function mock() {
  const vite = await createVite({ root, server: { middlewareMode: true, hmr: false, ws: false }, appType: 'custom', logLevel: 'error', optimizeDeps: { noDiscovery: true } })
  const load = (path) => vite.ssrLoadModule(`/src/features/${path}`)
  const statements = await load('proof/shared/statements.ts')
  const signatures = await load('proof/shared/signatures.ts')
  const merkle = await load('proof/shared/merkle.ts')
  const { hex } = await load('proof/shared/bytes.ts')
  const { micro, plain, fee, hold } = await load('money/shared/amount.ts')
  const { said } = await load('api/shared/said.ts')
  const { isLabel, cannotTell } = await load('answering/shared/types.ts')
  const { canonical } = await load('proof/shared/canonical.ts')
  const wrongValue = await import('./values.mjs').then((m) => m.wrongValue)
  const rnd = (n) => randomBytes(n).toString('hex')
  let serial = 0
  const without = (object, ...names) => Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
  const id = (prefix) => `${prefix}_${(Date.now().toString(32) + (serial++).toString(32).padStart(4, '0')).padStart(26, '0')}`
  const iso = (ms) => new Date(ms).toISOString()

  const apiKey = `tn_${'0123456789abcdefghjkmnpqrs'.repeat(2)}`
  const receiptSeed = randomBytes(32)
  const instance = {
    instance: rnd(32), version: 'mock', token: { address: signatures.checksummed(rnd(20)), symbol: 'tUSD', decimals: 6 }, fee_basis_points: 1500, default_price: '0.018', chain_id: 31337, dev_chain: true,
    vault: signatures.checksummed(rnd(20)), receipt_key: hex(ed25519.getPublicKey(receiptSeed)),
    limits: { text_length: 1000, choice_length: 80, choices: 20, answers: 1000, values: 100, body_bytes: 65536, media_bytes: 8 << 20, deadline_seconds_min: 10, deadline_seconds_max: 2592000 }, time: iso(Date.now()), policies: ['fixed:n', 'confidence:p'],
  }
  const world = { questions: new Map(), people: new Map(), devices: new Map(), tokens: new Map(), challenges: new Map(), leases: new Map(), media: new Map(), deposits: [], keys: [], idempotent: new Map(), epochs: [], skips: [], struck: new Set(), down: false, tamper: false, available: 500_000_000n, deposited: 500_000_000n, spent: 0n, streams: new Set(), seq: 0 }
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
  const asked = (q) => ({ id: q.id, hash: q.hash, salt: q.salt, type: q.type, text: q.text, passage: q.passage, choices: q.choices, image: q.image, audio: q.audio, choice_images: q.choice_images, number: q.number, least: q.least, most: q.most, length: q.length, quorum: q.quorum, price: q.price, fee: q.fee, deadline: q.deadline, snapshot: q.snapshot, asked_by: q.asked_by, answers: q.answers, sample: q.sample })

  function ask(asked_for, { sample = false, asked_by = 'Storm survey', at = Date.now() } = {}) {
    const body = { price: instance.default_price, ...asked_for }
    const type = body.type ?? 'choice'
    const choices = type === 'yes_no' ? ['Yes', 'No'] : (body.choices ?? [])
    const least = { number: 0, text: 0, boxes: 1, polygons: 1, mask: 1, spans: 1 }[type] ?? 2
    must(choices.length >= least, 422, 'bad_choices')
    must(isLabel(type) || body.quorum.policy.startsWith('fixed:'), 422, 'bad_policy')
    const { max } = statements.bounds(body.quorum)
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
    if (body.choice_images) q.choice_images = body.choice_images.map((i) => ({ ...world.media.get(i.image).image, alt: i.alt }))
    must(micro(q.hold) <= world.available, 402, 'insufficient_funds', 'Deposit before you ask this.')
    world.available -= micro(q.hold)
    q.hash = hex(statements.questionHash(instance.instance, asked(q)))
    world.questions.set(q.id, q)
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
    }
    emit(q, 'question.closed', seen(q))
    setTimeout(settle, 300)
  }

  /** Moves what is yours into an epoch, and that on chain. */
  function settle() {
    const due = [...world.people.values()].filter((p) => p.yours > 0n)
    if (due.length === 0) return
    const number = world.epochs.length + 1
    world.epochs.push(number)
    for (const p of due) p.cumulative += p.yours
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

  function register(r) {
    const now = Date.now() / 1000
    must(/^[0-9a-f]{64}$/.test(r.device) && Number.isInteger(r.issued) && r.issued <= now + 120 && r.expires > now && r.expires - r.issued <= 2 * 366 * 86400, 422, 'bad_delegation')
    must(signatures.recover(signatures.delegationDigest(instance.chain_id, instance.instance, r), r.signature)?.toLowerCase() === r.wallet.toLowerCase(), 422, 'bad_delegation')
    must(signatures.deviceSigned(r.device, statements.registerHash({ ...r, instance: instance.instance }), r.proof), 422, 'bad_proof')
    let person = [...world.people.values()].find((p) => p.wallet.toLowerCase() === r.wallet.toLowerCase())
    if (!person) {
      person = { id: id('rsp'), wallet: signatures.checksummed(r.wallet), yours: 0n, inEpoch: 0n, onChain: 0n, cumulative: 0n, today: 0, answered: [], skipped: new Set(), payouts: [], devices: [], past: [0, 3, 1, 0, 5, 4, 2, 6, 3, 0, 2, 5, 4].map((n) => 0 * n) }
      world.people.set(person.id, person)
    }
    const { wallet, device, issued, expires, signature } = r
    world.devices.set(device, { person, delegation: { wallet, device, issued, expires, signature } })
    person.devices.push({ key: device, issued_at: iso(issued * 1000), expires_at: iso(expires * 1000) })
    return session(person)
  }

  function session(person) {
    const token = `rt_${rnd(20)}`
    world.tokens.set(token, person)
    return { respondent: person.id, token, expires_at: iso(Date.now() + 3600_000) }
  }

  const open = (person) => [...world.questions.values()].filter((q) => q.status === 'open' && !person.skipped.has(q.id) && !person.answered.some((a) => a.question === q.id))

  function take(person, count) {
    const held = [...world.leases.values()].filter((l) => l.person === person && !l.used && l.q.status === 'open')
    for (const q of open(person)) {
      if (held.length >= count) break
      if (held.some((l) => l.q === q)) continue
      const lease = { id: id('asg'), expires_at: iso(Date.now() + 900_000), q, person, used: false }
      world.leases.set(lease.id, lease)
      held.push(lease)
    }
    return held.slice(0, count).map((l) => ({ id: l.id, expires_at: l.expires_at, question: world.tamper ? { ...asked(l.q), text: `${l.q.text} (changed)` } : asked(l.q) }))
  }

  function answer(a) {
    const lease = world.leases.get(a.assignment)
    must(lease, 404, 'assignment_not_found')
    const { q } = lease
    const known = q.answersGiven.find((x) => x.assignment === a.assignment)
    if (known) return { status: 200, value: known.accepted }
    must(q.status === 'open', 409, 'question_closed', 'The question has closed; nothing was recorded.')
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
    const given = { ...content, assignment: a.assignment, instance: instance.instance, nonce: a.nonce, question: q.hash, time_ms: a.time_ms }
    must(signatures.deviceSigned(a.device, statements.answerHash(given), a.signature), 422, 'bad_signature')
    const at_ms = Date.now()
    const answerId = id('ans')
    const record = statements.answerRecordHash({ ...given, answer: answerId, at_ms, device: a.device, respondent: lease.person.id, signature: a.signature })
    const tree = createHash('sha256').update(Buffer.concat([Buffer.of(0), record])).digest('hex')
    const receipt = { id: id('rcp'), record: hex(record), root: tree, index: 0, size: 1, path: [], at_ms }
    receipt.signature = hex(ed25519.sign(statements.receiptHash(instance.instance, receipt), receiptSeed))
    const accepted = { answer: answerId, pays: q.price, at: iso(at_ms), receipt }
    q.answersGiven.push({ id: answerId, respondent: lease.person.id, assignment: a.assignment, ...content, nonce: a.nonce, time_ms: a.time_ms, at_ms, signature: a.signature, hash: hex(record), delegation: device.delegation, accepted })
    lease.used = true
    lease.person.answered.unshift({ id: answerId, question: q.id, ...content, at: iso(at_ms) })
    q.answers++
    q.counts = q.counts.map((n, i) => n + (i === a.choice ? 1 : 0))
    const { max } = statements.bounds(q.quorum)
    q.wanted = max - q.answers
    emit(q, 'question.progress', { question: q.id, status: q.status, answers: q.answers, counts: q.counts, wanted: q.wanted })
    if (q.answers >= max) close(q, 'quorum')
    return { status: 201, value: accepted }
  }

  const respondentOf = (a) => world.questions.get(a.question).answersGiven.find((given) => given.id === a.id).respondent

  function mine(a) {
    const q = world.questions.get(a.question)
    const row = { id: a.id, question: q.id, type: q.type, text: q.text, choices: q.choices, image: q.image, ...said(a), label: q.choices[a.choice], at: a.at, pays: q.price, state: q.status === 'closed' ? 'final' : 'held', pay: { state: q.status === 'closed' ? 'paid' : 'held', amount: q.price } }
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

  /** The API: status and value, or a thrown Bad. */
  async function api(req, res, url, body) {
    const path = url.pathname.slice(3)
    const token = (req.headers.authorization ?? '').replace('Bearer ', '')
    const json = () => JSON.parse(body.toString() || '{}')
    const route = `${req.method} ${path}`
    const person = world.tokens.get(token)
    const needPerson = () => must(person, 401, 'unknown_token', 'Sign in again.')
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
        must(world.challenges.get(l.challenge) === l.device && signatures.deviceSigned(l.device, statements.sessionHash({ ...l, instance: instance.instance }), l.signature), 401, 'bad_login')
        return { status: 201, value: session(world.devices.get(l.device).person) }
      }
      case 'GET /me': needPerson(); return { value: { respondent: person.id, wallet: person.wallet, available: open(person).length, answered: person.answered.length, earned: plain(person.yours + person.inEpoch + person.onChain), held: plain(heldOf(person) + (person.waits?.pending ?? 0n)), ...(person.waits && { capped: person.waits.capped, pending_until: person.waits.until }), symbol: 'tUSD', devices: person.devices } }
      case 'POST /assignments': needPerson(); return { value: { assignments: take(person, json().count ?? 1) } }
      case 'POST /answers': return answer(json())
      case 'GET /me/answers': needPerson(); return { value: page(person.answered.map(mine), url, 'answers') }
      case 'GET /me/payouts': needPerson(); return { value: page(person.payouts, url, 'payouts') }
      case 'GET /me/earnings': needPerson(); return { value: { held: plain(heldOf(person) + (person.waits?.pending ?? 0n)), pending: plain(person.waits?.pending ?? 0n), ...(person.waits && { pending_until: person.waits.until }), forfeited: plain(person.forfeited ?? 0n), yours: plain(person.yours), in_epoch: plain(person.inEpoch), on_chain: plain(person.onChain), symbol: 'tUSD', wallet: person.wallet, days: Array.from({ length: 14 }, (_, i) => ({ date: iso(Date.now() - (13 - i) * 86400_000).slice(0, 10), amount: i === 13 ? plain(person.yours + person.inEpoch + person.onChain) : plain(BigInt(person.past[i] ?? 0) * 18_000n), answers: i === 13 ? person.today : (person.past[i] ?? 0) })) } }
      case 'POST /questions': return once(() => seen(ask(json(), { asked_by: 'Mock org' })))
      case 'GET /questions': needKey(); return { value: page([...world.questions.values()].reverse().filter((q) => !url.searchParams.get('status') || q.status === url.searchParams.get('status')).map(seen), url, 'questions') }
      case 'GET /balance': needKey(); return { value: { available: plain(world.available), held: plain([...world.questions.values()].filter((q) => q.status === 'open').reduce((n, q) => n + micro(q.hold), 0n)), spent: plain(world.spent), deposited: plain(world.deposited), symbol: 'tUSD' } }
      case 'GET /deposits': needKey(); return { value: { ...page(world.deposits, url, 'deposits'), vault: instance.vault, token: instance.token.address, reference: `0x${rnd(32)}`, confirmations: 2 } }
      case 'POST /deposits/faucet': return once(() => {
        const amount = micro(json().amount)
        setTimeout(() => ((world.deposited += amount), (world.available += amount), world.deposits.unshift({ tx: `0x${rnd(32)}`, block: 9 + world.deposits.length, amount: plain(amount), credited_at: iso(Date.now()) })), 1000)
        return {}
      })
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
      case 'GET /records/questions': return { value: page([...world.questions.values()].filter((q) => q.verdict).map(recordOf), url, 'records') }
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
        const reply = await api(req, res, url, Buffer.concat(chunks))
        if (!reply) return
        res.writeHead(reply.status ?? 200, { ...common, 'Content-Type': 'application/json' }).end(reply.value === undefined ? undefined : JSON.stringify(reply.value))
      } catch (e) {
        const status = e.status ?? 500
        if (status === 500) console.error(e)
        res.writeHead(status, { ...common, 'Content-Type': 'application/problem+json' }).end(JSON.stringify({ type: `/problems/${e.code}`, title: 'Error', status, code: e.code ?? 'internal', detail: e.message }))
      }
      return
    }
    const held = world.media.get(url.pathname.replace('/media/', ''))
    if (held) return res.writeHead(200, { ...common, 'Content-Type': held.type, 'Content-Security-Policy': "default-src 'none'; sandbox" }).end(held.data)
    let file = join(root, 'dist', url.pathname)
    if (!extname(file) || !existsSync(file)) file = join(root, 'dist/index.html')
    res.writeHead(200, { ...common, 'Content-Type': types[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    apiKey,
    world,
    ask,
    media,
    close,
    stop: async () => {
      for (const s of world.streams) s.res.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await vite.close()
    },
  }
}
