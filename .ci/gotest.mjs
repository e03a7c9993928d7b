// Reads `go test -json` and writes what a person wants to read of it: a line for each package, the whole output of what
// failed, why tests were skipped, and a last line that counts. Its exit status is that of the tests.
import { createInterface } from 'node:readline'

const count = { pass: 0, fail: 0, skip: 0 }
const outputs = new Map() // package, or package and test, to what it printed
const packages = new Map() // package to what is known of it
const key = (event) => [event.Package, event.Test].filter(Boolean).join(' ')
const print = (text) => process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`)
const short = (name) => name.replace(/^github\.com\/tasknet\/tasknet\/?/, '') || '.'

function packageEnd(event, tests) {
  const state = { pass: 'ok  ', fail: 'FAIL', skip: '-   ' }[event.Action]
  const seconds = `${(event.Elapsed ?? 0).toFixed(1)}s`.padStart(7)
  const what = tests.run === 0 ? 'no tests' : `${tests.run} tests`
  if (event.Action !== 'skip') print(`${state} ${seconds}  ${short(event.Package).padEnd(24)} ${what}`)
  if (event.Action !== 'fail') return
  // What the package itself printed tells of a panic, a race or a failed build, which belong to no test.
  print(outputs.get(key(event)) ?? '')
  if (tests.failed === 0) count.fail++
}

for await (const line of createInterface({ input: process.stdin })) {
  let event
  try {
    event = JSON.parse(line)
  } catch {
    print(line)
    continue
  }
  const { Action, Output = '' } = event
  if (Action === 'build-output') print(Output)
  if (Action === 'output') outputs.set(key(event), (outputs.get(key(event)) ?? '') + Output)
  if (!(Action in count)) continue

  const tests = packages.get(event.Package) ?? { run: 0, failed: 0 }
  packages.set(event.Package, tests)
  if (event.Test === undefined) {
    packageEnd(event, tests)
    continue
  }
  count[Action]++
  tests.run++
  const said = outputs.get(key(event)) ?? ''
  outputs.delete(key(event))
  if (Action === 'fail') {
    tests.failed++
    print(said)
  }
  if (Action === 'skip') {
    const reason = said.split('\n').filter((text) => !/^\s*(===|---)/.test(text)).join(' ').trim()
    print(`skip          ${short(event.Package)} ${event.Test}: ${reason}`)
  }
}

print(`go: ${count.pass} passed, ${count.fail} failed, ${count.skip} skipped`)
// An empty run is a broken one, not a clean one.
process.exit(count.fail > 0 || count.pass === 0 ? 1 : 0)
