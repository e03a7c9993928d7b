// The form of settings. A change counts at once, as soon as the program has kept it.
import { h } from './dom.js'
import { set } from './server.js'
import { bytes } from './words.js'

const days = [['mon', 'Mo', 'Monday'], ['tue', 'Tu', 'Tuesday'], ['wed', 'We', 'Wednesday'], ['thu', 'Th', 'Thursday'], ['fri', 'Fr', 'Friday'], ['sat', 'Sa', 'Saturday'], ['sun', 'Su', 'Sunday']]

export class Settings {
  #form
  #fail
  #live
  #shown = ''
  #sending = 0
  #typed = {} // ids that were refused, by where they are: what took long to type is mended, not typed again

  constructor(form, fail) {
    this.#form = form
    this.#fail = fail
    form.addEventListener('submit', (event) => event.preventDefault())
  }

  /** Shows what the program has, unless somebody changes it just now, or it is shown. */
  show(live) {
    this.#live = live
    const { mains, metered, idle_seconds: idle, celsius, load } = live.machine
    const readable = [mains, metered, idle === undefined, celsius === undefined, load === undefined]
    const state = JSON.stringify([live.settings, live.has, live.autostart, live.earned?.symbol, readable.map((r) => r === 'unknown' || r === true)])
    if (state === this.#shown || this.#sending > 0 || this.#editing()) return
    this.#shown = state
    const focus = document.activeElement?.id
    this.#form.replaceChildren(...this.#controls(live))
    if (focus) this.#form.querySelector(`#${CSS.escape(focus)}`)?.focus()
  }

  #editing() {
    const at = document.activeElement
    return this.#form.contains(at) && at.matches('input:is([type="text"],[type="url"],[type="number"],[type="time"],[type="range"]), textarea') && at.dataset.touched === 'yes'
  }

  async #change(change, kept = () => {}) {
    const next = structuredClone(this.#live.settings)
    change(next)
    this.#sending++
    try {
      await set('settings', next)
      this.#live.settings = next
      kept()
      this.#fail('')
    } catch (error) {
      this.#fail(error.message)
    } finally {
      this.#sending--
      this.#shown = ''
      this.show(this.#live)
    }
  }

  #slider(id, label, { min, max, step, value, say, write }) {
    const words = h('b', { class: 'end n' }, say(value))
    const input = h('input', { id, class: 'range', type: 'range', min, max, step, value, 'aria-valuetext': say(value) })
    const paint = () => input.style.setProperty('--v', max > min ? (input.valueAsNumber - min) / (max - min) : 1)
    paint()
    input.addEventListener('input', () => {
      input.dataset.touched = 'yes'
      words.textContent = say(input.valueAsNumber)
      input.setAttribute('aria-valuetext', say(input.valueAsNumber))
      paint()
    })
    input.addEventListener('change', () => {
      input.dataset.touched = ''
      this.#change((s) => write(s, input.valueAsNumber))
    })
    return h('label', { class: 'field' }, h('span', { class: 'line' }, label, words), input)
  }

  #switch(id, label, { value, note, disabled = false, write }) {
    const input = h('input', { id, class: 'switch end', type: 'checkbox', role: 'switch', checked: value, disabled, 'aria-labelledby': `${id}-label`, 'aria-describedby': note ? `${id}-note` : undefined })
    input.addEventListener('change', () => write(input.checked))
    return h('label', {}, h('span', {}, h('span', { id: `${id}-label` }, label), note ? [h('br'), h('span', { class: 'cap', id: `${id}-note` }, note)] : []), input)
  }

  #number(id, label, { value, min, max, unit, note, write }) {
    const input = h('input', { id, class: 'input small-input n', type: 'number', inputmode: 'numeric', min, max, value, 'aria-labelledby': `${id}-label`, 'aria-describedby': note ? `${id}-note` : undefined })
    input.addEventListener('input', () => (input.dataset.touched = 'yes'))
    input.addEventListener('change', () => {
      input.dataset.touched = ''
      const n = input.valueAsNumber
      this.#change((s) => write(s, Number.isFinite(n) ? Math.round(n) : 0))
    })
    return h('label', {}, h('span', {}, h('span', { id: `${id}-label` }, label), note ? [h('br'), h('span', { class: 'cap', id: `${id}-note` }, note)] : []), h('span', { class: 'end line unit' }, input, h('span', { class: 'cap' }, unit)))
  }

  #text(id, label, { type, mode, value, note, write }) {
    const input = h('input', { id, class: 'input', type, inputmode: mode, value, spellcheck: 'false', autocomplete: 'off', 'aria-labelledby': `${id}-label`, 'aria-describedby': note ? `${id}-note` : undefined })
    input.addEventListener('input', () => (input.dataset.touched = 'yes'))
    input.addEventListener('change', () => {
      input.dataset.touched = ''
      this.#change((s) => write(s, input.value.trim()))
    })
    return h('label', { class: 'field' }, h('span', { id: `${id}-label` }, label), input, note ? h('span', { class: 'cap', id: `${id}-note` }, note) : undefined)
  }

  #ids(key, label, note) {
    const typed = this.#typed[key]
    const input = h('textarea', { id: key, class: 'input ids', rows: 2, spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', 'aria-labelledby': `${key}-label`, 'aria-describedby': `${key}-note`, 'aria-invalid': typed === undefined ? undefined : 'true' })
    input.value = typed ?? this.#live.settings[key].join('\n')
    input.addEventListener('input', () => (input.dataset.touched = 'yes'))
    input.addEventListener('change', () => {
      input.dataset.touched = ''
      this.#typed[key] = input.value
      const ids = [...new Set(input.value.split(/[\s,;]+/).filter(Boolean))]
      this.#change((s) => (s[key] = ids), () => delete this.#typed[key])
    })
    return h('label', { class: 'field' }, h('span', { id: `${key}-label` }, label), input, h('span', { class: 'cap', id: `${key}-note` }, note))
  }

  #hours(settings) {
    const hours = settings.hours
    const rows = [
      this.#switch('hours', 'Only at certain hours', {
        value: hours !== null,
        write: (on) => this.#change((s) => (s.hours = on ? { from: '22:00', to: '07:00', days: days.map(([key]) => key) } : null)),
      }),
    ]
    if (hours === null) return rows
    const time = (id, label, key) => {
      const input = h('input', { id, class: 'input', type: 'time', value: hours[key], 'aria-label': label })
      input.addEventListener('input', () => (input.dataset.touched = 'yes'))
      input.addEventListener('blur', () => {
        if (input.dataset.touched !== 'yes') return
        input.dataset.touched = ''
        this.#change((s) => (s.hours[key] = input.value))
      })
      return input
    }
    const boxes = days.map(([key, short, long]) => {
      const input = h('input', { id: `day-${key}`, type: 'checkbox', checked: hours.days.includes(key), 'aria-label': long })
      input.addEventListener('change', () => this.#change((s) => (s.hours.days = input.checked ? [...s.hours.days, key] : s.hours.days.filter((d) => d !== key))))
      return h('label', {}, input, h('span', { 'aria-hidden': 'true' }, short))
    })
    rows.push(
      h('div', {}, h('fieldset', { class: 'stack tight' },
        h('legend', { class: 'sr' }, 'Hours'),
        h('div', { class: 'times' }, time('from', 'From', 'from'), h('span', { class: 'cap' }, 'to'), time('to', 'To', 'to')),
        h('div', { class: 'days', role: 'group', 'aria-label': 'Days that they begin on' }, boxes))),
    )
    return rows
  }

  #controls(live) {
    const { settings, has, machine } = live
    const gib = (n) => bytes(n * 2 ** 20)
    const memory = Math.max(Math.floor(has.memory_bytes / 2 ** 20), settings.memory_mib)
    const disk = Math.max(Math.floor((has.disk_bytes * 0.9) / 2 ** 20), settings.disk_mib)
    const cores = Math.max(has.cores, settings.cores)
    const unread = 'cannot be read here, so it has no effect'
    return [
      h('h2', {}, 'What it may use'),
      this.#slider('cores', 'Processor', { min: 1, max: cores, step: 1, value: settings.cores, say: (n) => `${n} of ${cores} ${cores === 1 ? 'core' : 'cores'}`, write: (s, n) => (s.cores = n) }),
      this.#slider('memory', 'Memory', { min: 128, max: memory, step: Math.max(Math.floor(memory / 128), 1), value: settings.memory_mib, say: (n) => `${gib(n)} of ${gib(memory)}`, write: (s, n) => (s.memory_mib = n) }),
      this.#slider('disk', 'Disk', { min: 1, max: disk, step: Math.max(Math.floor(disk / 128), 1), value: settings.disk_mib, say: gib, write: (s, n) => (s.disk_mib = n) }),
      h('h2', {}, 'When it works'),
      h('div', { class: 'rows small' },
        this.#hours(settings),
        this.#switch('mains', 'Pause on battery', { value: settings.mains_only, note: machine.mains === 'unknown' ? unread : '', write: (on) => this.#change((s) => (s.mains_only = on)) }),
        this.#switch('metered', 'Pause on a metered network', { value: settings.unmetered_only, note: machine.metered === 'unknown' ? unread : '', write: (on) => this.#change((s) => (s.unmetered_only = on)) }),
        this.#switch('idle', 'Pause while I use it', { value: settings.idle_only, note: machine.idle_seconds === undefined ? unread : '', write: (on) => this.#change((s) => (s.idle_only = on)) }),
        settings.idle_only ? this.#number('idle-minutes', 'In use until nothing was touched for', { value: settings.idle_minutes, min: 1, max: 1440, unit: 'min', write: (s, n) => (s.idle_minutes = n) }) : undefined,
        this.#number('celsius', 'Pause over', { value: settings.max_celsius, min: 0, max: 120, unit: '°C', note: machine.celsius === undefined ? unread : '0: no limit', write: (s, n) => (s.max_celsius = n) }),
        this.#number('load', 'Pause when others need over', { value: settings.max_load, min: 0, max: 100, unit: '%', note: machine.load === undefined ? unread : 'of the processor; 0: no limit', write: (s, n) => (s.max_load = n) }),
        this.#switch('autostart', 'Start with the computer', {
          value: live.autostart === true,
          disabled: live.autostart === null,
          note: live.autostart === null ? 'cannot be set here' : '',
          write: (on) => set('autostart', { on }).then(() => this.#fail(''), (error) => this.#fail(error.message)),
        }),
      ),
      h('h2', {}, 'Whose work it does'),
      this.#ids('only', 'Only that of', 'Ids of organisations (org_…) and jobs (job_…), one a line. None: everybody’s.'),
      this.#ids('not', 'Never that of', 'Likewise. None: nobody is left out.'),
      this.#text('least', 'Least pay for an hour', { type: 'text', mode: 'decimal', value: settings.min_price, note: `In ${live.earned?.symbol ?? 'tokens'}, such as 0.25. What pays less is not done here; 0: it works for nothing, too. A training is taken to be an hour’s.`, write: (s, text) => (s.min_price = text.replace(',', '.') || '0') }),
      h('h2', {}, 'Where it works'),
      this.#text('server', 'Server', { type: 'url', value: settings.server, note: 'Its address, such as https://tasknet.example', write: (s, text) => (s.server = text) }),
      this.#text('name', 'Name of this computer', { type: 'text', value: settings.name, note: 'What it may use, whose work it does, the server and the name count once the work at hand is done.', write: (s, text) => (s.name = text) }),
    ]
  }
}
