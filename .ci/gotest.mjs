// Runs `go test` with these arguments and writes what a person wants to read of it: a line for each package, the whole output
// of what failed, why tests were skipped, and a last line that counts. Its exit status is that of the tests: node gotest.mjs [ARG...]
//
// A few tests that failed are tried once more, alone: on a busy machine a real browser, database or chain now and then takes
// longer than a test waits. What passes only then is named, so that nobody takes it for sound. A data race or a panic is no
// such accident.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** More failures than this are no accident. */
const fewEnough = 4

/** So many lines of where a test hung are enough: the goroutines that do something come first. */
const dumped = 400

const noAccident = /WARNING: DATA RACE|^(panic|fatal error): /m

const print = (text) => process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`)
const short = (name) => name.replace(/^github\.com\/tasknet\/tasknet\/?/, '') || '.'

/** Runs go test, prints, and returns the counts and what failed: packages, each with its tests, none where it broke as a whole or by no accident. */
async function run(args) {
  const count = { pass: 0, fail: 0, skip: 0 }
  const failed = new Map() // package to its failed tests, without those inside of others
  const outputs = new Map() // package, or package and test, to what it printed
  const packages = new Map() // package to what is known of it
  const broken = new Set() // packages that failed by no accident
  const key = (event) => [event.Package, event.Test].filter(Boolean).join(' ')

  const packageEnd = (event, tests) => {
    const state = { pass: 'ok  ', fail: 'FAIL', skip: '-   ' }[event.Action]
    const seconds = `${(event.Elapsed ?? 0).toFixed(1)}s`.padStart(7)
    const what = tests.run === 0 ? 'no tests' : `${tests.run} tests`
    if (event.Action !== 'skip') print(`${state} ${seconds}  ${short(event.Package).padEnd(24)} ${what}`)
    if (event.Action !== 'fail') return
    // What the package itself printed tells of a panic, a race or a failed build, which belong to no test.
    print(outputs.get(key(event)) ?? '')
    // A test that did not end, as when the time was up, says so in its own name.
    for (const [name, said] of outputs) if (name.startsWith(`${event.Package} `)) print(said.split('\n').slice(0, dumped).join('\n'))
    failed.set(event.Package, broken.has(event.Package) ? [] : tests.failed)
    if (tests.failed.length === 0) count.fail++
  }

  const child = spawn('go', ['test', '-json', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.on('close', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    let event
    try {
      event = JSON.parse(line)
    } catch {
      print(line)
      continue
    }
    const { Action, Output = '' } = event
    if (Action === 'build-output') print(Output)
    if (noAccident.test(Output)) broken.add(event.Package)
    if (Action === 'output') outputs.set(key(event), (outputs.get(key(event)) ?? '') + Output)
    if (!(Action in count)) continue

    const tests = packages.get(event.Package) ?? { run: 0, failed: [] }
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
      tests.failed.push(event.Test)
      print(said)
    }
    if (Action === 'skip') {
      const reason = said.split('\n').filter((text) => !/^\s*(===|---)/.test(text)).join(' ').trim()
      print(`skip          ${short(event.Package)} ${event.Test}: ${reason}`)
    }
  }
  const status = await ended
  if (status !== 0 && count.fail === 0) count.fail++ // go test itself failed
  return { count, failed }
}

const args = process.argv.slice(2)
const isPackage = (arg) => /^\.|^github\.com\//.test(arg)
const options = args.slice(0, args.findIndex(isPackage))
const flags = args.slice(args.findLastIndex(isPackage) + 1) // of the tests themselves
const { count, failed } = await run(args)
const tops = (tests) => [...new Set(tests.map((test) => test.split('/')[0]))]
const again = [...failed].map(([name, tests]) => [name, tops(tests)])
const many = again.reduce((sum, [, tests]) => sum + tests.length, 0)
if (many > 0 && many <= fewEnough && again.every(([, tests]) => tests.length > 0)) {
  for (const [name, tests] of again) {
    print(`\nonce more: ${short(name)} ${tests.join(' ')}`)
    const second = await run([...options, '-run', `^(${tests.join('|')})$`, name, ...flags])
    if (second.count.fail > 0 || second.count.pass === 0) continue
    count.fail -= failed.get(name).length
    count.pass += failed.get(name).length
    print(`passed only when tried again: ${short(name)} ${tests.join(' ')}`)
  }
}
print(`go: ${count.pass} passed, ${count.fail} failed, ${count.skip} skipped`)
// An empty run is a broken one, not a clean one.
process.exit(count.fail > 0 || count.pass === 0 ? 1 : 0)
