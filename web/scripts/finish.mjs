// Finishes dist after Vite: writes the list of the shell's files into the service worker, and compresses what shrinks.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => '/' + relative(dist, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  .filter((file) => file !== '/sw.js' && !/\.(gz|br)$/.test(file))
  .filter((file) => !file.startsWith('/screenshots/')) // for the browser's own page about the app, not for the app
  .sort()

const hash = createHash('sha256')
for (const file of files) hash.update(file).update(readFileSync(join(dist, file)))
// A language is kept once somebody speaks it: assets/language/es-0a1b.js.
const language = /^\/assets\/language\/(\w+)-/
const precache = {
  version: hash.digest('hex').slice(0, 16),
  files: files.filter((file) => !language.test(file)),
  languages: Object.fromEntries(files.flatMap((file) => (language.test(file) ? [[language.exec(file)[1], file]] : []))),
}

const worker = readFileSync(join(dist, 'sw.js'), 'utf8')
const filled = worker.replace(/(["'`])__PRECACHE__\1/, () => JSON.stringify(JSON.stringify(precache)))
if (filled === worker) throw new Error('the service worker has no place for its list of files')
writeFileSync(join(dist, 'sw.js'), filled)

for (const file of [...files, '/sw.js']) {
  if (!/\.(js|css|html|svg|webmanifest)$/.test(file)) continue
  const plain = readFileSync(join(dist, file))
  writeFileSync(join(dist, `${file}.gz`), gzipSync(plain, { level: constants.Z_BEST_COMPRESSION }))
  writeFileSync(join(dist, `${file}.br`), brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }))
}
