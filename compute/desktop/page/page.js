// The page of a node: what it does, what it may, and what it did.
import { h, put } from './dom.js'
import { plot } from './plot.js'
import { enter, log, post, Refused, watch } from './server.js'
import { Settings } from './settings.js'
import { amount, bytes, host, kinds, number, outcomes, phases, span, title, when, why } from './words.js'

const at = (id) => document.getElementById(id)

function fail(message) {
  at('problem').textContent = message
  at('problem').hidden = message === ''
}

const settings = new Settings(at('form'), fail)

/** A button that does something once, and says what went wrong. */
function button(id, words, main, act) {
  const element = h('button', { class: main ? 'btn main' : 'btn', type: 'button', id }, words)
  let busy = false // not disabled: that would take the focus away
  element.addEventListener('click', async () => {
    if (busy) return
    busy = true
    try {
      await act()
      fail('')
    } catch (error) {
      fail(error.message)
    }
    busy = false
  })
  return element
}

let acts = ''

function showActs(live) {
  const paused = live.settings.paused
  const wanted = paused ? 'resume' : `pause ${live.phase === 'working'}`
  if (wanted === acts) return
  acts = wanted
  const had = at('acts').contains(document.activeElement)
  at('acts').replaceChildren(
    ...(paused
      ? [button('resume', 'Resume', true, () => post('resume'))]
      : [
          ...(live.phase === 'working' ? [button('finish', 'Let it finish, then pause', false, () => post('pause', { finish: true }))] : []),
          button('pause', 'Pause now', true, () => post('pause', { finish: false })),
        ]),
  )
  if (had) at('acts').querySelector('.main').focus()
}

function showNow(live) {
  const now = live.now
  put(at('now-title'), title(live))
  put(at('now-why'), live.phase === 'away' ? `${live.problem} It is tried again.` : live.phase === 'held' && live.why === 'no_server' ? 'Enter the address of a server below, under Where it works.' : live.phase === 'finishing' ? 'It is paused when this is done.' : live.others ? 'There is work, but none of those that you chose under Whose work it does.' : '')
  put(at('plot'), now?.curve?.length > 1 ? plot(now.curve, now.last.of, Math.max(at('now-title').clientWidth, 240)) : [])
  const facts = []
  if (now && now.last.of > 0) {
    const share = now.last.step / now.last.of
    const took = Date.now() - new Date(now.began)
    facts.push(h('span', {}, h('b', { class: 'n' }, `${number(100 * share, 1)} %`), ` done: ${number(now.last.step)} of ${number(now.last.of)}`))
    if (now.last.epoch) facts.push(h('span', {}, 'epoch ', h('b', { class: 'n' }, number(now.last.epoch))))
    if (now.last.accuracy !== undefined) facts.push(h('span', {}, 'right in ', h('b', { class: 'n' }, `${number(100 * now.last.accuracy, 1)} %`), ' of what it has not seen'))
    facts.push(h('span', {}, h('b', { class: 'n' }, span(took)), ' so far'))
  } else if (now) {
    facts.push(h('span', {}, 'Fetching what it needs.'))
  }
  put(at('facts'), facts)
}

function showDone(live) {
  const all = live.history ?? []
  put(at('done-sum'), all.length > 0 ? `the last ${number(all.length)}` : '')
  if (all.length === 0) {
    put(at('done'), h('p', { class: 'small sec' }, 'Nothing yet. A part of a job is listed here when it ends.'))
    return
  }
  const rows = all.map((p) => {
    const [word, look] = outcomes[p.outcome] ?? [p.outcome, '']
    return h('tr', {},
      h('td', {}, p.title || p.job, h('br'), h('span', { class: 'cap thin' }, `${when(p.ended)} · ${span(new Date(p.ended) - new Date(p.began))}`), h('span', { class: 'cap' }, [kinds[p.kind] ?? p.kind, p.part > 0 ? `part ${p.part + 1}` : '', p.problem].filter(Boolean).join(' · '))),
      h('td', { class: 'sec n wide' }, when(p.ended)),
      h('td', { class: 'sec n wide' }, span(new Date(p.ended) - new Date(p.began))),
      h('td', { class: 'r' }, h('span', { class: `chip ${look}` }, word)))
  })
  const head = h('tr', {}, h('th', { scope: 'col' }, 'What'), ['Ended', 'Took'].map((word) => h('th', { scope: 'col', class: 'wide' }, word)), h('th', { scope: 'col', class: 'r' }, 'Outcome'))
  put(at('done'), h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'done-title' }, h('table', { class: 'table' }, h('thead', {}, head), h('tbody', {}, rows))))
}

function showEarned(live) {
  const e = live.earned
  if (!e) {
    put(at('earned'), h('p', { class: 'small sec' }, live.settings.server ? `What this wallet has earned at ${host(live.settings.server)} is shown once it is joined.` : 'What is earned is shown here.'))
    return
  }
  const money = (text) => h('b', { class: 'n', title: text }, amount(text))
  put(at('earned'),
    h('div', { class: 'line base' }, h('span', { class: 'hero n', title: e.yours }, amount(e.yours)), h('span', { class: 'sec' }, e.symbol)),
    h('p', { class: 'small sec' }, 'yours. ', money(e.held), ' held, ', money(e.in_epoch), ' in an epoch, ', money(e.on_chain), ' on chain: all that this wallet earned at ', host(live.settings.server), '.'))
}

/** What is at stake, and what that is for. Where nobody stakes anything, nothing of it is shown. */
function showStake(live) {
  const s = live.stake
  at('stake').hidden = !s
  if (!s) return
  const symbol = live.earned?.symbol ?? ''
  const row = (name, text) => h('div', {}, h('span', {}, name), h('span', { class: 'value n', title: text }, `${amount(text)} ${symbol}`))
  const some = (text) => Number(text) > 0
  put(at('stake'),
    h('h2', { id: 'stake-title' }, 'Stake'),
    h('p', { class: 'cap' }, 'Tokens of yours, locked in a contract. Some jobs go only to computers whose owners have a stake; of a proven lie it pays up to half, and otherwise it is yours and can be asked back.'),
    h('div', { class: 'rows small' },
      row('Staked', s.staked),
      some(s.staked) ? row('Counts for jobs', s.counts) : undefined,
      some(s.asked) ? row('Asked back', s.asked) : undefined),
    s.case ? h('p', { class: 'note bad' }, `All of it is frozen by case ${s.case} of the contract, which its court decides.`) : undefined,
    s.ready_at ? h('p', { class: 'small sec' }, `What was asked back can be taken from ${when(s.ready_at)} on.`) : undefined,
    s.wanted ? h('p', { class: 'small sec' }, `Jobs wait that ask for ${amount(s.wanted)} ${symbol} or more. `, h('span', { class: 'fact' }, 'tasknet stake lock'), ' stakes it.') : undefined)
}

const answers = { yes: 'yes', no: 'no' }

/** A rate that is measured when the computer joins a server. */
const measured = (rate) => (rate > 0 ? `${bytes(rate)}/s` : h('span', { class: 'cap' }, rate === 0 ? 'could not be measured' : 'measured when it joins'))

function showMachine(live) {
  const m = live.machine
  const unread = h('span', { class: 'cap' }, 'cannot be read here')
  const row = (name, value) => h('div', {}, h('span', {}, name), h('span', { class: 'value' }, value ?? unread.cloneNode(true)))
  put(at('machine'),
    row('Temperature', m.celsius === undefined ? undefined : `${number(m.celsius, 0)} °C`),
    row('Taken by others', m.load === undefined ? undefined : `${number(100 * m.load, 0)} %`),
    row('On mains power', answers[m.mains]),
    row('Metered network', answers[m.metered]),
    row('Last used', m.idle_seconds === undefined ? undefined : m.idle_seconds < 60 ? 'just now' : `${span(1000 * m.idle_seconds)} ago`),
    row('Graphics card', live.has.graphics),
    row('Free disk', bytes(live.has.disk_bytes)),
    row('Disk takes in', measured(live.measured?.disk_bytes_per_second)),
    row('From the server', measured(live.measured?.down_bytes_per_second)),
    row('To the server', measured(live.measured?.up_bytes_per_second)),
    row('Wallet', h('span', { class: 'fact' }, live.wallet)),
    row('Program', `${live.version}, ${live.has.system}`))
}

let shown

function show(live) {
  shown = live
  at('main').hidden = false
  const [words, look] = phases[live.phase] ?? [live.phase, '']
  const chip = at('phase')
  const said = live.settings.paused && live.phase === 'held' ? 'Paused' : words
  if (chip.textContent !== said) chip.textContent = said
  chip.className = `chip ${look}`
  document.title = live.now ? `${said}: ${live.now.title}` : live.phase === 'held' ? `${why(live)} Node` : `${said}: node`
  showActs(live)
  showNow(live)
  showEarned(live)
  showStake(live)
  showDone(live)
  showMachine(live)
  settings.show(live)
}

async function follow() {
  for (let failed = 0; ; failed++) {
    try {
      await watch((live) => {
        if (failed > 0) fail('')
        failed = 0
        show(live)
      })
    } catch (error) {
      if (error instanceof Refused) throw error
    }
    if (failed > 0) {
      at('phase').textContent = 'Not running'
      fail('The program does not answer. Once it runs again, open the page anew: tasknet-node desktop.')
    }
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

at('log-show').addEventListener('click', async () => {
  const shown = !at('log').hidden
  try {
    if (!shown) at('log').textContent = (await log()) || 'Nothing yet.'
    at('log').hidden = shown
    at('log-show').setAttribute('aria-expanded', String(!shown))
    at('log-show').textContent = shown ? 'Show' : 'Hide'
    at('log').scrollTop = at('log').scrollHeight
  } catch (error) {
    fail(error.message)
  }
})

at('log-save').addEventListener('click', async () => {
  try {
    const address = URL.createObjectURL(new Blob([await log()], { type: 'text/plain' }))
    h('a', { href: address, download: 'tasknet-node-log.txt' }).click()
    URL.revokeObjectURL(address)
  } catch (error) {
    fail(error.message)
  }
})

new ResizeObserver(() => shown && showNow(shown)).observe(at('now-title'))
addEventListener('hashchange', () => location.reload()) // another link was opened here
try {
  await enter()
  await follow()
} catch (error) {
  at('phase').textContent = 'Closed'
  at('main').hidden = true
  fail(error.message)
}
