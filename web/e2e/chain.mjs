// A real chain with a vault in it, for the page that asks no server: anvil, and the contracts as the repository has them.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { load } from './sources.mjs'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const program = `${repository}rewards/contracts/node_modules/@foundry-rs/anvil-${process.platform}-${{ x64: 'amd64' }[process.arch] ?? process.arch}/bin/anvil`
const hex = (data) => `0x${Buffer.from(data).toString('hex')}`
const raw = (digits) => Buffer.from(digits.replace(/^0x/, ''), 'hex')

/** How long a root of the vault waits, and a requester's notice, in seconds. */
export const delay = 3600
export const notice = 5 * 3600 // the least for a judgement of an hour

/** Whether anvil is installed: `npm ci --ignore-scripts` in rewards/contracts does it. */
export const hasAnvil = existsSync(program)

/** Starts a chain with a token of 18 decimals and a vault whose roots wait for an hour. */
export async function chain() {
  const { calldata } = await load('exit/shared/abi.ts')
  const { headerWords } = await load('payouts/shared/tree.ts')
  const { number, word } = await load('proof/shared/merkle.ts')
  const node = spawn(program, ['--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] })
  process.on('exit', () => node.kill('SIGKILL'))
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: node.stdout }).on('line', (line) => line.startsWith('Listening on ') && resolve(`http://${line.slice(13)}`))
    node.on('exit', () => reject(new Error('anvil ended')))
  })
  node.unref() // a chain that is left behind by a failure keeps no run from its end
  node.stdout.unref()
  const rpc = async (method, ...params) => {
    const { result, error } = await (await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) })).json()
    if (error) throw Object.assign(new Error(error.message), error)
    return result
  }
  const [poster, adjudicator] = await rpc('eth_accounts')
  const mined = async (tx) => {
    const end = Date.now() + 30_000
    for (;;) {
      const receipt = await rpc('eth_getTransactionReceipt', tx)
      if (receipt?.status === '0x1') return receipt
      if (receipt || Date.now() > end) throw new Error(`transaction ${tx} ${receipt ? 'failed' : 'is in no block'}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const source = readFileSync(`${repository}rewards/eth/contract/contracts.go`, 'utf8')
  const contract = (name) => new RegExp(`var ${name}MetaData = bind.MetaData{\\s+ABI: +(".*"),\\s+ID: .*\\s+Bin: +"(0x[0-9a-f]+)"`).exec(source)
  const deploy = async (name, ...words) => (await mined(await rpc('eth_sendTransaction', { from: poster, data: contract(name)[2] + words.map((w) => hex(w).slice(2)).join('') }))).contractAddress
  const address = (a) => word(raw(a))
  const send = async (to, signature, ...args) => mined(await rpc('eth_sendTransaction', { from: poster, to, data: calldata(signature, ...args) }))
  const read = async (to, signature, ...args) => BigInt(await rpc('eth_call', { to, data: calldata(signature, ...args) }, 'latest'))

  const token = await deploy('TestToken', address(poster))
  const vault = await deploy('Vault', address(token), address(poster), address(adjudicator), number(BigInt(delay)), number(3600n), number(BigInt(notice)), number(1n))
  await send(token, 'mint(address,uint256)', address(poster), number(10n ** 24n))
  await send(token, 'approve(address,uint256)', address(vault), number(10n ** 24n))
  await send(vault, 'putBond(uint256)', number(1n))

  const tuple = '(uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64)'
  let before = new Uint8Array(9 * 32)

  return {
    url,
    rpc,
    mined,
    id: Number(await rpc('eth_chainId')),
    token,
    vault,
    deposit: async (owner, reference, amount) => Number((await send(vault, 'deposit(address,bytes32,uint256)', address(owner), reference, number(amount))).blockNumber),
    /** Posts an epoch's header. */
    post: async ({ number: epoch, header }) => {
      const words = headerWords(epoch, header)
      await send(vault, `postRoot(${tuple},${tuple})`, Buffer.concat([before, words]))
      before = words
    },
    /** Lets time go by, in a block. */
    pass: async (seconds) => {
      await rpc('evm_increaseTime', seconds)
      await rpc('evm_mine')
    },
    claimed: (of) => read(vault, 'claimed(address)', address(of)),
    balance: (of) => read(token, 'balanceOf(address)', address(of)),
    /** A key with gas, and a provider after EIP-1193 that signs with it. */
    wallet: async () => {
      const key = randomBytes(32)
      const own = hex(keccak_256(secp256k1.getPublicKey(key, false).slice(1)).slice(12))
      await rpc('anvil_setBalance', own, '0x56bc75e2d63100000')
      const sign = async ({ from, to, data }) => {
        if (from.toLowerCase() !== own) throw { code: 4100, message: 'another account' }
        const nonce = await rpc('eth_getTransactionCount', own, 'pending')
        const gas = await rpc('eth_estimateGas', { from, to, data })
        const fields = [await rpc('eth_chainId'), nonce, '0x3b9aca00', '0x174876e800', gas, to, '0x', data, []]
        const digest = keccak_256(Buffer.concat([Buffer.of(2), rlp(fields)]))
        const signature = secp256k1.sign(digest, key, { prehash: false, format: 'recovered', lowS: true })
        const signed = [...fields, hex([signature[0]]), hex(signature.slice(1, 33)), hex(signature.slice(33))]
        return rpc('eth_sendRawTransaction', hex(Buffer.concat([Buffer.of(2), rlp(signed)])))
      }
      return {
        address: own,
        request: async ({ method, params = [] }) => {
          if (method === 'eth_requestAccounts' || method === 'eth_accounts') return [own]
          if (method === 'eth_sendTransaction') return sign(params[0])
          return rpc(method, ...params)
        },
      }
    },
    stop: () => node.kill('SIGKILL'),
  }
}

/** RLP of a list. The first fields are numbers, without leading zeros, but for the address and the data among them. */
function rlp(list) {
  const body = Buffer.concat(
    list.map((item, i) => {
      if (Array.isArray(item)) return rlp(item)
      let data = raw(item.length % 2 === 0 ? item : `0${item.slice(2)}`)
      if (i !== 5 && i !== 7) while (data[0] === 0) data = data.subarray(1)
      return data.length === 1 && data[0] < 0x80 ? data : Buffer.concat([prefix(data.length, 0x80), data])
    }),
  )
  return Buffer.concat([prefix(body.length, 0xc0), body])
}

function prefix(length, base) {
  if (length < 56) return Buffer.of(base + length)
  const digits = raw(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'))
  return Buffer.concat([Buffer.of(base + 55 + digits.length), digits])
}
