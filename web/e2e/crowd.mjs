// People who answer by the API, without a browser: the same keys and statements as the app makes, from its own sources.
import { load } from './sources.mjs'

/** Registers this many people at a server. */
export async function crowd(url, size) {
  const signer = await load('identity/worker/signer.ts')
  const { said } = await load('api/shared/said.ts')
  const ask = async (path, body, token) => {
    const response = await fetch(url + path, { method: body === undefined ? 'GET' : 'POST', headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }, ...(body !== undefined && { body: JSON.stringify(body) }) })
    const text = await response.text()
    if (response.status === 429) {
      await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get('Retry-After') ?? 1)))
      return ask(path, body, token)
    }
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
    return text && JSON.parse(text)
  }
  const here = await ask('/v1/instance')
  const people = []
  for (let i = 0; i < size; i++) {
    const identity = await signer.makeIdentity(null)
    const now = (await ask('/v1/instance')).time
    const session = await ask('/v1/respondents', await signer.registration(identity, here, Math.floor(Date.parse(now) / 1000)))
    people.push({ identity, respondent: session.respondent, token: session.token })
  }

  /** One person answers what there is, by what choose says of a question, and how many that were. What it says nothing of is skipped, as
   * is what it gives a reason to skip. */
  async function answerAll(person, choose) {
    const { identity, respondent, token } = person
    let answered = 0
    for (;;) {
      const { assignments } = await ask('/v1/assignments', { count: 5 }, token)
      if (assignments.length === 0) return answered
      for (const { id, question } of assignments) {
        const content = choose(question, people.indexOf(person))
        if (content === undefined || content.skip) {
          await ask(`/v1/assignments/${id}/skip`, { reason: content?.skip ?? 'none' }, token)
          continue
        }
        const signed = await signer.answer(identity, { instance: here.instance, respondent, assignment: id, question, said: content, now: Date.now(), release_ms: 0 })
        const { assignment, device, nonce, time_ms, signature } = signed
        await ask('/v1/answers', { assignment, question: question.id, device, nonce, time_ms, signature, ...said(signed) }, token)
        answered++
      }
    }
  }

  return {
    people,
    /** All answer, one after the other. */
    answer: async (choose) => {
      let n = 0
      for (const person of people) n += await answerAll(person, choose)
      return n
    },
  }
}
