import { Told } from './told'

/** What answers JSON-RPC: a wallet after EIP-1193, or a node. */
export interface Provider {
  request(of: { method: string; params?: unknown[] }): Promise<unknown>
  /** Wallets tell of changes. */
  on?(event: string, listener: (value: never) => void): void
}

/** Where the chain is asked, and whether it can send. */
export interface Source {
  provider: Provider
  isWallet: boolean
}

/** What a node or a wallet refused. A contract's own error is in data, in hex. */
export class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: string,
  ) {
    super(message)
  }
}

const patienceMs = 20_000

/** A node of the chain at an address. */
export function node(url: string): Provider {
  let id = 0
  return {
    async request({ method, params = [] }) {
      let reply: { result?: unknown; error?: { code: number; message: string; data?: unknown } }
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }),
          credentials: 'omit',
          signal: AbortSignal.timeout(patienceMs),
        })
        reply = (await response.json()) as typeof reply
      } catch {
        throw new Told('The node did not answer. It must speak JSON-RPC, allow requests from web pages (CORS), and have an https address when this page has one.')
      }
      if (reply.error) throw new RpcError(reply.error.code, reply.error.message, revert(reply.error))
      return reply.result
    },
  }
}

/** A wallet, which is no more believed than a node: what it throws becomes an error of ours. */
export function wallet(of: Provider): Provider {
  return {
    ...(of.on && { on: of.on.bind(of) }),
    async request(asked) {
      try {
        return await of.request(asked)
      } catch (error) {
        const { code = 0, message = 'The wallet refused.' } = (error ?? {}) as { code?: number; message?: string }
        throw new RpcError(code, message, revert(error))
      }
    },
  }
}

/** The contract's error in what a node or a wallet says, which wallets wrap in different ways. */
function revert(error: unknown, depth = 0): string | undefined {
  if (typeof error === 'string') return /^0x[0-9a-f]{8}/i.exec(error) ? error : undefined
  if (typeof error !== 'object' || error === null || depth > 4) return undefined
  const { data, error: inner, originalError } = error as { data?: unknown; error?: unknown; originalError?: unknown }
  return revert(data, depth + 1) ?? revert(inner, depth + 1) ?? revert(originalError, depth + 1)
}
