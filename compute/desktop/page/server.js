// The program that this page is of. What is asked of it has the token that the link was traded for, kept for this tab alone.

const place = 'node-token'

export class Refused extends Error {
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

async function refusal(response) {
  const said = await response.json().catch(() => ({}))
  return new Refused(said.code ?? 'failed', said.message ?? 'That failed.')
}

/** Trades the code in the address, which is good once, for a token. */
export async function enter() {
  const code = location.hash.slice(1)
  if (code === '') return
  history.replaceState(undefined, '', location.pathname) // a copied address opens nothing
  const response = await fetch('api/enter', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ code }) })
  if (!response.ok) throw await refusal(response)
  sessionStorage.setItem(place, (await response.json()).token)
}

const authorization = () => ({ Authorization: `Bearer ${sessionStorage.getItem(place) ?? ''}` })

async function ask(method, path, body) {
  const headers = body === undefined ? authorization() : { ...authorization(), 'Content-Type': 'application/json' }
  const response = await fetch(`api/${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
  if (!response.ok) throw await refusal(response)
  return response
}

export const post = (path, body) => ask('POST', path, body)
export const set = (path, body) => ask('PUT', path, body)
export const log = async () => (await ask('GET', 'log')).text()

/** Calls with each state that the program tells, until it ends. */
export async function watch(tell) {
  const response = await ask('GET', 'live')
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const events = (rest + value).split('\n\n')
    rest = events.pop()
    if (events.length > 0) tell(JSON.parse(events.at(-1).slice('data: '.length)))
  }
}
