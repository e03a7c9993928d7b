import { call, Refused, type Request } from '../features/api/shared/http'
import type { Challenge, Session } from '../features/api/shared/wire'
import type { Identity } from '../features/identity/shared/identity'
import { login } from '../features/identity/worker/signer'
import { keep, kept } from '../outbox/database'

// The worker is one file: it has the curves at hand, where a page fetches them when they are needed.

/** A request as the respondent, its token renewed by the device's key when the server no longer takes it. */
export async function asRespondent<T>(path: string, request: Request = {}): Promise<T> {
  const session = await kept<Session>('session')
  if (session && Date.parse(session.expires_at) > Date.now()) {
    try {
      return (await call<T>(path, { ...request, token: session.token })).value
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error
    }
  }
  return (await call<T>(path, { ...request, token: (await renewed()).token })).value
}

async function renewed(): Promise<Session> {
  const me = await kept<Identity>('identity')
  if (!me?.registration) throw new Error('nobody answers on this device')
  const challenge = (await call<Challenge>('/v1/sessions/challenge', { json: { device: me.device.key } })).value
  const session = (await call<Session>('/v1/sessions', { json: await login(me, me.registration.instance, challenge) })).value
  await keep('session', session)
  return session
}
