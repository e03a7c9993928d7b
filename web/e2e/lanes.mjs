// Runs groups of steps side by side: most of a step's time it waits, for one thing until an answer can no longer be undone.
import { availableParallelism } from 'node:os'
import { Checks, Person } from './drive.mjs'
import { mock } from './mock-server.mjs'

/**
 * Runs each group's steps in turn, against a mock server of its own: what they make it do is not seen by other groups.
 * The groups are begun in their order, as lanes get free. One that failed is tried once more at the end, alone, since a browser
 * on a busy machine now and then takes longer than a step waits; what passes only then is named. Returns the exit code, and
 * prints the last line.
 */
export async function runGroups(groups, chrome, { only, shots, roof, wide, ...given }) {
  const run = async (group) => {
    const server = await mock()
    const people = []
    const checks = new Checks(only, async (failed) => {
      server.calm()
      for (const person of people.splice(0)) {
        if (person.page.isClosed()) continue
        if (failed) checks.unsaid.push(`     what ${person.name} saw at ${await person.sees()}`)
        await person.close()
      }
    })
    const open = async (name, { by = chrome, ...options } = {}) => {
      const person = await Person.open(by, server.url, checks, { shots, name, ...options })
      people.push(person)
      return person
    }
    try {
      await group({ ...given, checks, chrome, server, open, shots, roof, wide, image: server.media(roof, 'image/png'), street: server.media(wide, 'image/png') })
    } catch (error) {
      checks.fail(`${group.name}: ${error.stack}`)
    } finally {
      await server.stop()
    }
    checks.say()
    return checks
  }

  const waiting = [...groups]
  const results = new Map()
  const lane = async () => {
    for (let group = waiting.shift(); group; group = waiting.shift()) results.set(group, await run(group))
  }
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, lane))

  for (const [group, first] of results) {
    if (first.failed.length === 0) continue
    console.log(`\nonce more: ${group.name}`)
    const second = await run(group)
    results.set(group, second)
    if (second.failed.length === 0) console.log(['passed only when tried again:', ...first.failed].join('\n  '))
  }
  return Checks.end([...results.values()])
}
