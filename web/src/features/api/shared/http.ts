import { Cell } from '../../frame/shared/cell'
import { noteServerTime } from '../../frame/shared/clock'
import type { Problem } from './wire'

/** What the API refused, in its own words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly retryAfterMs = 0,
    /** The server's signed statement that it does not accept an answer. */
    readonly refusal?: Problem['refusal'],
  ) {
    super(detail)
  }
}

/** The server could not be reached, or what answered was not the API. */
export class Unreachable extends Error {
  constructor() {
    super('The server did not answer.')
  }
}

export interface Request {
  method?: string
  token?: string
  json?: unknown
  body?: BodyInit
  headers?: { [name: string]: string }
  signal?: AbortSignal
  /** Whether it goes out even if the page is closed meanwhile. Its body is small. */
  keepalive?: boolean
  /** Whether its failure says nothing of the server: others are asked at the same time. */
  aside?: boolean
}

/** Whether the server answered the last time it was asked. */
export const reachable = new Cell(true)

let heardMs: number | undefined

/** When the server last said anything, undefined before it did. */
export function lastHeard(): number | undefined {
  return heardMs
}

/** Notes that the server has said something. */
export function heard(): void {
  heardMs = Date.now()
}

const patienceMs = 20_000

/** A reply of the API, its status and its body, undefined when it is empty. Throws Refused, Unreachable or AbortError. */
export async function call<T>(path: string, request: Request = {}, patience = patienceMs): Promise<{ status: number; value: T }> {
  const response = await open(path, request, patience)
  const text = await response.text().catch(() => {
    throw new Unreachable()
  })
  if (text === '') return { status: response.status, value: undefined as T }
  try {
    return { status: response.status, value: JSON.parse(text) as T }
  } catch {
    throw new Unreachable()
  }
}

/** The response to a request that succeeded, its body unread. */
export async function open(path: string, request: Request = {}, patience = patienceMs): Promise<Response> {
  const headers: { [name: string]: string } = { Accept: 'application/json', ...request.headers }
  if (request.token) headers.Authorization = `Bearer ${request.token}`
  if (request.json !== undefined) headers['Content-Type'] = 'application/json'
  const timeout = new AbortController()
  const timer = patience > 0 ? setTimeout(() => timeout.abort(), patience) : undefined
  const forward = () => timeout.abort()
  request.signal?.addEventListener('abort', forward)
  const asked = Date.now()
  try {
    const response = await fetch(path, {
      method: request.method ?? (request.json !== undefined || request.body !== undefined ? 'POST' : 'GET'),
      headers,
      body: request.json !== undefined ? JSON.stringify(request.json) : (request.body ?? null),
      signal: timeout.signal,
      keepalive: request.keepalive ?? false,
      credentials: 'omit',
      cache: 'no-store',
    })
    heard()
    // A page that a hotel's network puts in between is no clock.
    if (/json/.test(response.headers.get('Content-Type') ?? '')) noteServerTime(response.headers.get('Date'), asked, Date.now())
    reachable.set(true)
    if (response.ok) return response
    throw await refusal(response)
  } catch (error) {
    if (error instanceof Refused) throw error
    if (request.signal?.aborted) throw new DOMException('aborted', 'AbortError')
    if (!request.aside) reachable.set(false)
    throw new Unreachable()
  } finally {
    clearTimeout(timer) // the signal stays connected: it ends the reading of a body, too
  }
}

async function refusal(response: Response): Promise<Refused> {
  const retry = Number(response.headers.get('Retry-After') ?? 0) * 1000
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>
  return new Refused(response.status, problem.code ?? `http_${response.status}`, problem.detail ?? `The server answered ${response.status}.`, Number.isFinite(retry) ? retry : 0, problem.refusal)
}

/** Whether sending the same thing again later can succeed. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable) return true
  return error instanceof Refused && (error.status >= 500 || error.status === 408 || error.status === 425 || error.status === 429)
}
