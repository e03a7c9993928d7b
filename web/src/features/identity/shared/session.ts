import { exclusive } from '../../../outbox/exclusive'
import { keep, kept } from '../../../outbox/database'
import { call, open, Refused, type Request } from '../../api/shared/http'
import { follow, type Stream } from '../../api/shared/sse'
import { Cell } from '../../frame/shared/cell'
import { serverNow } from '../../frame/shared/clock'
import { forgetKnown } from '../../frame/shared/known'
import type { Challenge, Instance, Session } from '../../api/shared/wire'
import type * as SignerModule from '../worker/signer'
import { shell } from '../../../shell/seam'
import type { Holder, Identity, Person } from './identity'

let signerLoading: Promise<typeof SignerModule> | undefined

/** The chunk that holds the curves. */
export function signer(): Promise<typeof SignerModule> {
  signerLoading ??= import('../worker/signer')
  signerLoading.catch(() => (signerLoading = undefined))
  return signerLoading
}

/** The chunk that writes keys down and reads them again. */
export const backup = () => import('../worker/backup')

/** The chunk that sends pay elsewhere. */
export const payoutAddress = () => import('../worker/payoutaddress')

/** The chunk that asks for passkeys. */
export const passkeys = () => import('../worker/passkey')

let instanceKnown: Instance | undefined
let instanceAsked: Promise<Instance> | undefined

/** What the server says of itself; the last known while it does not answer, so that an offline start works. */
export function instance(fresh = false): Promise<Instance> {
  if (instanceKnown && !fresh) return Promise.resolve(instanceKnown)
  if (fresh) return askInstance()
  instanceAsked ??= askInstance().finally(() => (instanceAsked = undefined))
  return instanceAsked
}

async function askInstance(): Promise<Instance> {
  try {
    instanceKnown = (await call<Instance>('/v1/instance')).value
    await keep('instance', instanceKnown)
  } catch (error) {
    const before = instanceKnown ?? (await kept<Instance>('instance'))
    if (!before || error instanceof Refused) throw error
    return before
  }
  return instanceKnown
}

const own = () => kept<Identity>('identity')

/** Who this device answers as, undefined before the first start. */
export async function identity(): Promise<Person | undefined> {
  return shell ? shell.person() : own()
}

/** The same with the wallet's key. */
export async function holder(): Promise<Holder | undefined> {
  return shell ? shell.holder() : own()
}

/** Who this device answers as, known to this server from now on. */
export async function registered(): Promise<Person> {
  return shell ? shell.registered() : registeredHere()
}

/** Who signs answers: without asking the server anything, unless the device was never registered or will soon have to be again. */
export async function answerer(): Promise<Identity> {
  const me = await own()
  return me?.registration && me.registration.expires > soon() ? me : registeredHere()
}

/** By when a registration is renewed. */
const soon = () => serverNow() / 1000 + 7 * 24 * 3600

/** The identity, made now if there is none, and known to this server. */
export function registeredHere(): Promise<Identity> {
  return exclusive('identity', async () => {
    const { makeIdentity } = await signer()
    let me = await own()
    if (!me) {
      me = await makeIdentity()
      await keep('identity', me)
    }
    const here = await instance()
    if (me.registration?.instance === here.instance && me.registration.expires > soon()) return me
    return register(me, await instance(true))
  })
}

/** Makes this device known to the server as the wallet's, and keeps the session that comes with it. */
export async function register(me: Identity, here: Instance): Promise<Identity> {
  // By the server's clock: a phone's may be days off, and a statement from the future is refused.
  const now = Math.floor(Date.parse(here.time) / 1000)
  const name = async (issued: number) => {
    const body = await (await signer()).registration(me, here, issued)
    return [(await call<Session>('/v1/respondents', { json: body })).value, body.expires] as const
  }
  const [session, expires] = await name(now).catch((error: unknown) => {
    if (error instanceof Refused && error.code === 'device_ended') return name(now + 1) // in this very second: only a later statement lifts that
    throw error
  })
  const known: Identity = { ...me, registration: { instance: here.instance, respondent: session.respondent, expires } }
  await keep('identity', known)
  await keep('session', session)
  return known
}

/** Set when the server says that this device was ended, until the person brings it back. */
export const ended = new Cell(false)

/** Notes when an error says so. */
export function noteEnded(error: unknown): void {
  if (error instanceof Refused && error.code === 'device_ended') ended.set(true)
}

/** Registers a device that was ended again, with a new statement of the wallet. */
export async function comeBack(): Promise<void> {
  if (shell) await shell.comeBack()
  else {
    const me = await own()
    if (me) await register(me, await instance(true))
  }
  ended.set(false)
}

async function renewed(): Promise<Session> {
  const me = await registeredHere()
  const here = await instance()
  try {
    const challenge = (await call<Challenge>('/v1/sessions/challenge', { json: { device: me.device.key } })).value
    const session = (await call<Session>('/v1/sessions', { json: await (await signer()).login(me, here.instance, challenge) })).value
    await keep('session', session)
    return session
  } catch (error) {
    if (!(error instanceof Refused) || error.status >= 500 || error.status === 429 || error.code === 'device_ended') throw error
    // The server does not know the device (any more): say again who it is.
    await register(me, await instance(true))
    return (await kept<Session>('session'))!
  }
}

let renewal: Promise<Session> | undefined

/** A request as the respondent, its token renewed silently when the server no longer takes it. */
export function asRespondent<T>(path: string, request: Request = {}): Promise<T> {
  return withToken(async (token) => (await call<T>(path, { ...request, token })).value)
}

/** The text of a file of the respondent's. */
export function fileAsRespondent(path: string, type = 'text/csv'): Promise<string> {
  return withToken(async (token) => (await open(path, { token, headers: { Accept: type } })).text())
}

/** Follows a stream of the respondent's until the signal aborts. Throws what the server refuses it by. */
export function followAsRespondent(path: string, stream: Pick<Stream, 'signal' | 'onEvent' | 'onState'>): Promise<void> {
  return withToken(
    (token) =>
      new Promise((resolve, reject) => {
        const onState: Stream['onState'] = (state, error) => {
          stream.onState(state, error)
          if (error) reject(error)
        }
        follow({ ...stream, path, token, onState, aside: true }).then(resolve, reject)
      }),
  )
}

async function withToken<T>(send: (token: string) => Promise<T>): Promise<T> {
  try {
    return await withFresh(send)
  } catch (error) {
    noteEnded(error)
    throw error
  }
}

async function withFresh<T>(send: (token: string) => Promise<T>): Promise<T> {
  if (shell) return shell.withToken(send)
  let session = await kept<Session>('session')
  if (!session || Date.parse(session.expires_at) < serverNow()) session = await renew()
  try {
    return await send(session.token)
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error
    session = await renew()
    return send(session.token)
  }
}

function renew(): Promise<Session> {
  renewal ??= renewed().finally(() => (renewal = undefined))
  return renewal
}

/** Puts the person of a wallet's key in the place of the one on this device. When they took a copy of it, if they did. */
export async function adopt(key: Uint8Array, backedUpAt: number | undefined): Promise<void> {
  if (shell) {
    await shell.adopt(key)
    if (backedUpAt !== undefined) await shell.noteBackup(backedUpAt)
  } else await register(await (await signer()).restoreIdentity(key, backedUpAt), await instance(true))
  ended.set(false)
  await forgetKnown()
}

/** Notes that the person has a copy of the wallet's key. */
export async function noteBackup(now: number): Promise<void> {
  if (shell) return shell.noteBackup(now)
  const me = await own()
  if (me) await keep('identity', { ...me, backedUpAt: now })
}
