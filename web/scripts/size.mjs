// Fails when the first page grows over its budget. Sizes are of the gzip, as they travel.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const budget = { js: 40 * 1024, css: 8 * 1024, laterCss: 7 * 1024, widget: 15 * 1024, exit: 32 * 1024, worker: 25 * 1024 }
const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const size = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length
const html = readFileSync(join(dist, 'index.html'), 'utf8')
// What the page names, with what those files import statically.
const first = new Set()
const add = (file, to) => {
  if (first.has(file) || to.has(file)) return to
  to.add(file)
  const source = readFileSync(join(dist, file), 'utf8')
  for (const [, name] of source.matchAll(/(?:import|from)\s*["']\.\/([^"']+\.js)["']/g)) add(`assets/${name}`, to)
  return to
}
for (const [, file] of html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)) add(file, first)

const assets = readdirSync(join(dist, 'assets'), { recursive: true }).filter((f) => /\.\w+$/.test(f) && !/\.(gz|br)$/.test(f)).map((f) => `assets/${f}`)
const total = (files) => files.reduce((n, f) => n + size(f), 0)
const js = total([...first])
const sheets = assets.filter((f) => f.endsWith('.css'))
const css = total(sheets.filter((f) => html.includes(f)))
const laterCss = total(sheets.filter((f) => !html.includes(f)))
const exit = size('exit.html')
const worker = size('sw.js')
// What is fetched for a question of a further type, with the style sheet of all of them.
const style = total(sheets.filter((f) => f.startsWith('assets/widgets-')))
const answering = readFileSync(new URL('../src/features/answering/view/answering.tsx', import.meta.url), 'utf8')
const widgets = [...new Set([...answering.matchAll(/import\('\.\/widgets\/(\w+)'\)/g)].map(([, name]) => name))].map((name) => {
  const file = assets.find((f) => f.startsWith(`assets/${name}-`) && f.endsWith('.js'))
  if (!file) throw new Error(`no file has the widget ${name}`)
  return { name, size: total([...add(file, new Set())]) + style }
})
const widget = widgets.reduce((a, b) => (b.size > a.size ? b : a))
const kB = (n) => `${(n / 1024).toFixed(1)} kB`

for (const file of [...first]) console.log(`first  ${kB(size(file)).padStart(8)}  ${file}`)
for (const file of assets.filter((f) => f.endsWith('.js') && !first.has(f))) console.log(`later  ${kB(size(file)).padStart(8)}  ${file}`)
console.log(`first JavaScript ${kB(js)} of ${kB(budget.js)}, first CSS ${kB(css)} of ${kB(budget.css)}, later CSS ${kB(laterCss)} of ${kB(budget.laterCss)}, the largest type of question (${widget.name}) ${kB(widget.size)} of ${kB(budget.widget)}, exit.html ${kB(exit)} of ${kB(budget.exit)}, sw.js ${kB(worker)} of ${kB(budget.worker)}`)
if (js > budget.js || css > budget.css || laterCss > budget.laterCss || widget.size > budget.widget || exit > budget.exit || worker > budget.worker) {
  console.error('The app is over its budget.')
  process.exit(1)
}
