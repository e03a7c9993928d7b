// A public log in memory, as C2SP tlog-tiles have it: what a server with nothing to hide serves, to be made to lie by a test.
import { createHash, randomBytes } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest()
const node = (left, right) => sha256(Buffer.of(1), left, right)

export class PublicLog {
  /** The records, in order. A test may change them. */
  leaves = []

  /** The key that signs checkpoints, where a test wants another than the log's. */
  signs
  seed = randomBytes(32)

  constructor(name) {
    this.name = name
  }

  get key() {
    return Buffer.from(ed25519.getPublicKey(this.seed)).toString('hex')
  }

  /** The root of the first so many leaves: RFC 6962, section 2.1. */
  root(size = this.leaves.length) {
    const hashes = this.leaves.slice(0, size).map((leaf) => sha256(Buffer.of(0), leaf))
    const rootOf = (of) => {
      if (of.length === 1) return of[0]
      let k = 1
      while (2 * k < of.length) k *= 2
      return node(rootOf(of.slice(0, k)), rootOf(of.slice(k)))
    }
    return hashes.length === 0 ? sha256() : rootOf(hashes)
  }

  /** The checkpoint, signed by the log's key. */
  checkpoint(seed = this.signs ?? this.seed) {
    const text = `${this.name}\n${this.leaves.length}\n${this.root().toString('base64')}\n`
    const id = sha256(Buffer.from(`${this.name}\n`), Buffer.of(1), ed25519.getPublicKey(seed)).subarray(0, 4)
    return `${text}\n— ${this.name} ${Buffer.concat([id, ed25519.sign(Buffer.from(text), seed)]).toString('base64')}\n`
  }

  /** A file of the log by its name, undefined when there is none. Names are of less than 256,000 leaves. */
  file(name) {
    if (name === 'checkpoint') return Buffer.from(this.checkpoint())
    const [, level, index] = /^tile\/(\d)\/(\d{3})(?:\.p\/\d+)?$/.exec(name) ?? []
    if (level === undefined) return undefined
    let row = this.leaves.map((leaf) => sha256(Buffer.of(0), leaf))
    for (let up = 0; up < 8 * Number(level); up++) row = row.flatMap((hash, i) => (i % 2 === 1 ? [node(row[i - 1], hash)] : []))
    const tile = row.slice(256 * Number(index), 256 * (Number(index) + 1))
    return tile.length > 0 ? Buffer.concat(tile) : undefined
  }
}
