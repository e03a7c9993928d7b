import { expect, it } from 'vitest'
import { Refused, Unreachable } from '../../api/shared/http'
import type { Import } from '../../api/shared/projects'
import { bytes, continues, nameOfPasted, upload, type Way } from './upload'

const fresh: Import = { id: 'imp_1', project: 'prj_1', name: 'tasks.csv', state: 'receiving', bytes: 0, rows: 0, made: 0, known: 0, repeated: 0, malformed: 0, first_malformed: [], created_at: '2026-11-21T00:00:00.000Z' }

/** A server that keeps what it gets, and fails as the test says. */
class Server implements Way {
  kept = new Uint8Array(0)
  state: Import['state'] = 'receiving'
  fails: ((offset: number) => Error | 'lost' | undefined)[] = []
  waits: number[] = []
  clock = 0
  slow = 0

  at = (): Import => ({ ...fresh, state: this.state, bytes: this.kept.length })
  read = () => Promise.resolve(this.at())
  put = async (offset: number, piece: Blob) => {
    this.clock += this.slow
    const failure = this.fails.shift()?.(offset)
    if (failure instanceof Error) throw failure
    if (offset !== this.kept.length) throw new Refused(409, 'import_moved', 'elsewhere')
    this.kept = Uint8Array.from([...this.kept, ...new Uint8Array(await piece.arrayBuffer())])
    if (failure === 'lost') throw new Unreachable()
    return this.at()
  }
  wait = (ms: number) => {
    this.waits.push(ms)
    return Promise.resolve()
  }
  now = () => this.clock
}

const content = Uint8Array.from({ length: 900_001 }, (_, i) => (i * 7919) % 251)
const file = new Blob([content])
const sum = (data: Uint8Array) => data.reduce((a, b, i) => (a + b * (i % 977)) % 1_000_003, 0)

it('sends every byte once, in growing pieces', async () => {
  const server = new Server()
  const told: number[] = []
  const end = await upload(file, fresh, server, (at) => told.push(at.bytes))
  expect([end.bytes, sum(server.kept)]).toEqual([content.length, sum(content)])
  expect(told).toEqual([262_144, 786_432, 900_001])
})

it('goes on where the server is when a reply was lost', async () => {
  const server = new Server()
  server.fails = [() => undefined, () => 'lost']
  const told: [number, boolean][] = []
  await upload(file, fresh, server, (at, waiting) => told.push([at.bytes, waiting]))
  expect([server.kept.length, sum(server.kept)]).toEqual([content.length, sum(content)])
  expect(server.waits).toEqual([1000])
  expect(told[1]).toEqual([262_144, true])
})

it('waits ever longer while the server is away, and sends smaller pieces after', async () => {
  const server = new Server()
  server.fails = Array.from({ length: 6 }, () => () => new Unreachable())
  const told: number[] = []
  await upload(file, fresh, server, (at, waiting) => waiting || told.push(at.bytes))
  expect(server.waits).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000])
  expect(told[0]).toBe(65_536)
  expect(sum(server.kept)).toBe(sum(content))
})

it('reads where it is when another window was quicker', async () => {
  const server = new Server()
  server.kept = content.slice(0, 1000)
  await upload(file, fresh, server, () => undefined)
  expect([sum(server.kept), server.waits]).toEqual([sum(content), []])
})

it('ends when it is refused, or given up, or cancelled elsewhere', async () => {
  const refused = new Server()
  refused.fails = [() => new Refused(413, 'import_too_large', 'too large')]
  await expect(upload(file, fresh, refused, () => undefined)).rejects.toMatchObject({ code: 'import_too_large' })
  const given = new Server()
  given.fails = [() => new Unreachable()]
  given.wait = () => Promise.reject(new DOMException('aborted', 'AbortError'))
  await expect(upload(file, fresh, given, () => undefined)).rejects.toMatchObject({ name: 'AbortError' })
  const over = new Server()
  over.state = 'cancelled'
  expect((await upload(file, fresh, over, () => undefined)).state).toBe('cancelled')
})

it('goes on only with a file that can be the same', () => {
  const begun = { ...fresh, bytes: 100 }
  expect(continues({ name: 'tasks.csv', size: 100 }, begun)).toBe(true)
  expect(continues({ name: 'tasks.csv', size: 99 }, begun)).toBe(false)
  expect(continues({ name: 'other.csv', size: 100 }, begun)).toBe(false)
  expect(continues({ name: 'tasks.csv', size: 100 }, { ...begun, state: 'running' })).toBe(false)
})

it('tells sizes, and what was pasted', () => {
  expect([bytes(999), bytes(459_400), bytes(4_200_000), bytes(42_000_000), bytes(4 * 2 ** 30)]).toEqual(['999 B', '459 kB', '4.2 MB', '42 MB', '4.29 GB'])
  expect([nameOfPasted(' {"text":"a"}'), nameOfPasted('key\ttext\na\tb'), nameOfPasted('key,text\na,b\tc')]).toEqual(['pasted.jsonl', 'pasted.tsv', 'pasted.csv'])
})
