// What is said of states, in words.

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const soon = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' })

export const phases = {
  held: ['Not working', ''],
  joining: ['Joining', ''],
  away: ['No server', 'bad'],
  waiting: ['Waiting for work', 'live'],
  working: ['Working', 'good'],
  finishing: ['Finishing', 'live'],
  stopping: ['Stopping', ''],
}

/** Why no work is done, and what ends that. */
export function why(live) {
  const { settings } = live
  switch (live.why) {
    case 'paused':
      return 'Paused.'
    case 'no_server':
      return 'No server is chosen yet.'
    case 'hours':
      return live.until ? `Outside its hours until ${soon.format(new Date(live.until))}.` : 'Outside its hours.'
    case 'battery':
      return 'The computer runs on its battery.'
    case 'metered':
      return 'The network is metered.'
    case 'in_use':
      return `The computer is in use. Work begins when it was not for ${settings.idle_minutes} min.`
    case 'hot':
      return `The processor is too hot for the limit of ${settings.max_celsius} °C.`
    case 'busy':
      return `Other programs need the processor: more than ${settings.max_load} %.`
  }
  return ''
}

const verbs = { train: 'Training', evaluate: 'Measuring', infer: 'Asking' }

/** The sentence over what is done now. */
export function title(live) {
  if (live.now) {
    const verb = verbs[live.now.kind]
    return verb ? `${verb}: ${live.now.title}` : live.now.title || 'A job'
  }
  switch (live.phase) {
    case 'held':
      return why(live)
    case 'joining':
      return `Joining ${host(live.settings.server)}.`
    case 'away':
      return `${host(live.settings.server)} cannot be joined.`
    case 'stopping':
      return 'Giving back what it worked on.'
  }
  return live.others ? 'Nothing to do of what you chose.' : 'Nothing to do yet. Work comes by itself.'
}

export const host = (server) => (URL.canParse(server) ? new URL(server).host : server)

export const kinds = { train: 'train', evaluate: 'measure', infer: 'ask' }

export const outcomes = {
  done: ['done', 'good'],
  failed: ['failed', 'bad'],
  given_back: ['given back', ''],
  unwanted: ['not needed', ''],
}

export function bytes(n) {
  const gib = n / 2 ** 30
  if (gib >= 1) return `${number(gib, gib < 10 ? 1 : 0)} GiB`
  const mib = n / 2 ** 20
  return `${number(mib, mib < 10 ? 1 : 0)} MiB`
}

export const number = (n, digits = 0) => n.toLocaleString(undefined, { maximumFractionDigits: digits })

export function span(ms) {
  const seconds = Math.max(Math.round(ms / 1000), 0)
  if (seconds < 90) return `${seconds}\u00a0s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes}\u00a0min` : `${number(minutes / 60, 1)}\u00a0h`
}

/** A time of today as a clock shows it, and another with its day. */
export function when(text) {
  const at = new Date(text)
  return at.toDateString() === new Date().toDateString() ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`
}

/** An amount as the server writes it, with two to six decimals, never rounded up. */
export function amount(text) {
  const [whole, part = ''] = text.split('.')
  const digits = part.replace(/0+$/, '').slice(0, 6).padEnd(2, '0')
  return `${whole}.${digits}`
}
