import { call } from '../features/api/shared/http'
import type { Accepted, Answer, Instance } from '../features/api/shared/wire'
import type { Identity } from '../features/identity/shared/identity'
import type * as Signer from '../features/identity/worker/signer'
import { kept } from './database'
import type { SenderNeeds } from './sender'

/** What a page and the service worker share of sending: the server is asked, and what it signed is checked. */
export function exchange(signer: () => Promise<Pick<typeof Signer, 'isReceiptFor' | 'isRefusalOf'>>, instance: () => Promise<Instance>): Omit<SenderNeeds, 'onOutcome' | 'now'> {
  return {
    post: async (answer: Answer) => (await call<Accepted>('/v1/answers', { json: answer })).value,
    verify: async (answer, accepted) => (await signer()).isReceiptFor(answer, accepted, await instance()),
    verifyRefusal: async (answer, { code, refusal }) => refusal !== undefined && (await signer()).isRefusalOf(answer, code, refusal, await instance()),
    instance: async () => (await instance()).instance,
    isOwn: async (answer) => (await kept<Identity>('identity'))?.device.key === answer.device,
  }
}
