// Twice as large (WCAG 1.4.4 and 1.4.10): text of twice the size on a phone, the width that a phone's page has when it is zoomed,
// and a desk's window at 200 %. Nothing scrolls sideways, nothing is cut off, and every button can be pressed.
import { cases, clip } from './types.mjs'

/** What of the page is lost, in words; empty when nothing is. Words that are broken inside are looked for where they are to be. */
const lost = (whole) => {
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest('.sr, dialog:not([open])')
  const name = (element) => `${element.tagName.toLowerCase()}.${element.className?.baseVal ?? element.className} “${element.textContent.trim().slice(0, 30)}”`
  const faults = []
  const scrolls = (element) => {
    for (let at = element; at; at = at.parentElement) if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true
    return false
  }
  for (const element of document.querySelectorAll('#app *')) {
    if (!seen(element) || element.closest('svg')) continue
    const style = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    if (box.width === 0 || scrolls(element)) continue
    if (box.left < -1 || box.right > innerWidth + 1) faults.push(`out of the window: ${name(element)}`)
    const cut = (axis) => /hidden|clip/.test(style[`overflow${axis}`])
    // What is shortened with dots, or to some lines, is so at every size, and is told whole elsewhere.
    const meant = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none'
    if (!meant && element.innerText?.trim() && ((cut('X') && element.scrollWidth > element.clientWidth + 1) || (cut('Y') && element.scrollHeight > element.clientHeight + 1))) faults.push(`cut off: ${name(element)}`)
  }
  // A word of a sentence is broken only where no line would take it whole.
  const texts = document.createTreeWalker(document.querySelector('#app'), NodeFilter.SHOW_TEXT)
  for (let text = whole && texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement
    if (!seen(element) || element.closest('svg, .fact, code, pre')) continue
    for (const { 0: word, index } of text.data.matchAll(/\p{L}{3,16}/gu)) {
      const range = document.createRange()
      range.setStart(text, index)
      range.setEnd(text, index + word.length)
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) faults.push(`broken: “${word}” in ${name(element)}`)
    }
  }
  for (const element of document.querySelectorAll('#app :is(button:enabled, a[href], input:enabled, select, textarea)')) {
    if (!seen(element)) continue
    element.scrollIntoView({ block: 'center', inline: 'nearest' })
    const { left, top, width, height } = element.getBoundingClientRect()
    if (width < 2) continue
    const met = document.elementFromPoint(left + width / 2, top + height / 2)
    const label = element.closest('label') ?? (element.id && document.querySelector(`label[for="${element.id}"]`))
    const wraps = element.getClientRects().length > 1 // the middle of a link over two lines may be beside it
    if (!wraps && !element.contains(met) && !met?.contains(element) && !label?.contains(met)) faults.push(`cannot be pressed: ${name(element)}, ${met ? name(met) : 'nothing'} is there`)
  }
  scrollTo(0, 0)
  return faults
}

export async function zoomSteps({ checks, server, open, base, image, street, phone, narrow }) {
  const look = async (person, name, whole = true) => {
    await person.settled()
    // Once nothing comes any more: what is late moves what is below it.
    await checks.becomes(() => person.page.evaluate(lost, whole).then((all) => all.join('; ')), '', `${name}: what is lost`, 3000)
    await person.shot(name)
  }
  const larger = async (person) => (await person.context.newCDPSession(person.page)).send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })

  await checks.step('zoom: at twice the size, questions of every type and the pages about them lose nothing', async () => {
    const asks = [...new Map(cases({ image, street, sound: server.media(clip(2), 'audio/wav') }).map((c) => [c.ask.type, c])).values()]
    for (const { ask } of asks) server.ask({ ...base, choices: [], ...ask })
    for (const [view, size, twice] of [['text', phone, true], ['zoomed', narrow, false]]) {
      const person = await open(`zoom.${view}`, { size })
      const { page } = person
      await page.addInitScript(() => localStorage.setItem('settings', '{"undo":0}'))
      if (twice) await larger(person)
      await person.go('/')
      await page.getByRole('button', { name: 'Answer a first question' }).waitFor()
      await look(person, `zoom.${view}.onboarding`)
      await page.getByRole('button', { name: 'Answer a first question' }).click()
      for (const { name, ask } of asks) {
        await person.shows(ask.text)
        await look(person, `zoom.${view}.${name}`)
        await page.keyboard.press('s')
        await page.waitForFunction((text) => !document.querySelector('main h1')?.textContent.startsWith(text), ask.text.split('\n')[0])
      }
      for (const path of ['earned', 'answered', 'key']) {
        await person.go(`/${path}`)
        await page.getByRole('heading', { level: 1 }).first().waitFor()
        await look(person, `zoom.${view}.${path}`)
      }
      await person.close()
    }
  })

  await checks.step('zoom: at 200 %, a requester’s pages lose nothing', async () => {
    const person = await open('zoom.desk', { size: { width: 720, height: 450 }, more: { deviceScaleFactor: 2 } })
    const { page } = person
    const [q] = server.world.questions.values()
    await person.enter(server.apiKey)
    for (const [path, name] of [['console', 'console'], ['ask', 'ask'], [`console/q/${q.id}`, 'question'], ['console/money', 'money']]) {
      await person.go(`/${path}`)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await look(person, `zoom.desk.${name}`, false)
    }
    await person.close()
  })
}
