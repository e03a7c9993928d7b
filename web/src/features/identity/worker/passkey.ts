import { bytes, hex, random } from '../../proof/shared/bytes'
import { identity as t } from '../../../language/en/identity'

// A passkey of the phone as a passphrase that nobody has to remember: WebAuthn's "prf" extension makes 32 secret bytes of
// a salt, the same each time, after the fingerprint or the PIN. The passkey says nothing to any server.

export interface Passkey {
  id: string
  salt: string
}

/** That this browser or device has no passkeys that can encrypt, or that the person did not go on; with a sentence for them. */
export class NoPasskey extends Error {}

/** Whether it is worth offering: passkeys need https, and a name instead of an IP address. */
export function offersPasskeys(): boolean {
  return globalThis.isSecureContext && typeof PublicKeyCredential === 'function' && !/^[\d.]+$|:/.test(location.hostname)
}

type Prf = { prf?: { enabled?: boolean; results?: { first?: BufferSource } } }

/** A new passkey, with the passphrase that it makes. */
export async function makePasskey(address: string): Promise<{ passkey: Passkey; passphrase: string }> {
  const salt = random(32)
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: 'TaskNet' },
        user: { id: random(16) as BufferSource, name: `TaskNet wallet ${address.slice(0, 8)}`, displayName: 'TaskNet wallet' },
        challenge: random(32) as BufferSource, // checked by nobody: nothing is proven to a server
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        extensions: { prf: { eval: { first: salt as BufferSource } } },
      },
    }),
  )
  const { prf } = made.getClientExtensionResults() as Prf
  const passkey = { id: hex(new Uint8Array(made.rawId)), salt: hex(salt) }
  if (prf?.results?.first) return { passkey, passphrase: hex(read(prf.results.first)) }
  if (!prf?.enabled) throw new NoPasskey(t('passkeysCannot'))
  return { passkey, passphrase: await openPasskey(passkey) } // some make the bytes only when they are asked again
}

/** The passphrase that a passkey makes. */
export async function openPasskey(passkey: Passkey): Promise<string> {
  const got = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(32) as BufferSource,
        allowCredentials: [{ type: 'public-key', id: bytes(passkey.id) as BufferSource }],
        userVerification: 'required',
        extensions: { prf: { eval: { first: bytes(passkey.salt) as BufferSource } } },
      },
    }),
  )
  const first = (got.getClientExtensionResults() as Prf).prf?.results?.first
  if (!first) throw new NoPasskey(t('passkeyCannotOpen'))
  return hex(read(first))
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await ask()
    if (credential) return credential as PublicKeyCredential
  } catch (error) {
    if (error instanceof DOMException && error.name !== 'NotAllowedError') throw new NoPasskey(t('passkeyNone'), { cause: error })
  }
  throw new NoPasskey(t('passkeyNotGiven'))
}

function read(source: BufferSource): Uint8Array {
  return source instanceof ArrayBuffer ? new Uint8Array(source) : new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
}
