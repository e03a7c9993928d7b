import { call, Refused, type Request } from '../../api/shared/http'
import { Cell } from '../../frame/shared/cell'

const place = 'api-key'

/** The requester's API key, undefined when none was entered. It stays in the tab unless the person wants it kept. */
export const apiKey = new Cell<string | undefined>(read())

/** Why the last key is not used any more. */
export const keyProblem = new Cell<string>('')

function read(): string | undefined {
  try {
    return sessionStorage.getItem(place) ?? localStorage.getItem(place) ?? undefined
  } catch {
    return undefined
  }
}

/** Whether text has the form of an API key. */
export function isKey(text: string): boolean {
  return /^tn_[0-9a-z]{52}$/i.test(text)
}

export function enter(key: string, onThisDevice: boolean): void {
  keyProblem.set('')
  try {
    ;(onThisDevice ? localStorage : sessionStorage).setItem(place, key)
  } catch {
    // Without storage it lasts as long as the page.
  }
  apiKey.set(key)
}

export function leave(problem = ''): void {
  try {
    sessionStorage.removeItem(place)
    localStorage.removeItem(place)
  } catch {
    // Nothing was stored.
  }
  keyProblem.set(problem)
  apiKey.set(undefined)
}

/** A request as the requester. A key that is refused is forgotten, and the page asks for another. */
export async function asRequester<T>(path: string, request: Request = {}): Promise<T> {
  try {
    return (await call<T>(path, { ...request, token: apiKey.value })).value
  } catch (error) {
    if (error instanceof Refused && error.status === 401) leave(error.message)
    throw error
  }
}
