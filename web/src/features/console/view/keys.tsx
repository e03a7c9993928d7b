import { useRef, useState } from 'preact/hooks'
import type { Key, Keys } from '../../api/shared/wire'
import { hex, random } from '../../proof/shared/bytes'
import { when } from '../../frame/shared/words'
import { CopyButton, Trouble, useLoad, useTitle } from '../../frame/view/parts'
import { asRequester } from '../shared/requester'
import { Desk } from './desk'

export default function KeysPage() {
  return (
    <Desk>
      <Page />
    </Desk>
  )
}

function Page() {
  const heading = useTitle('Keys')
  const { value, error, again } = useLoad(() => asRequester<Keys>('/v1/keys?limit=100'), [])
  const [name, setName] = useState('')
  const [made, setMade] = useState<Key>()
  const [failure, setFailure] = useState<unknown>()
  const [revoking, setRevoking] = useState<Key>()
  const dialog = useRef<HTMLDialogElement>(null)
  const sent = useRef({ name: '', key: '' })
  const make = async () => {
    setFailure(undefined)
    if (sent.current.name !== name) sent.current = { name, key: hex(random(16)) }
    try {
      setMade(await asRequester<Key>('/v1/keys', { json: { name: name.trim() }, headers: { 'Idempotency-Key': sent.current.key } }))
      sent.current = { name: '', key: '' }
      setName('')
      again()
    } catch (e) {
      setFailure(e)
    }
  }
  const revoke = async () => {
    dialog.current?.close()
    setFailure(undefined)
    try {
      await asRequester(`/v1/keys/${revoking!.id}`, { method: 'DELETE' })
      again()
    } catch (e) {
      setFailure(e)
    }
  }
  return (
    <>
      <h1 class="title" ref={heading} tabIndex={-1}>
        API keys
      </h1>
      <form
        class="line bottom"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim()) void make()
        }}
      >
        <label class="field">
          <span>Name of a new key</span>
          <input class="input" maxLength={80} value={name} onInput={(e) => setName(e.currentTarget.value)} />
        </label>
        <button type="submit" class="btn main" disabled={name.trim() === ''}>
          Make a key
        </button>
      </form>
      {failure !== undefined && <Trouble error={failure} />}
      {made?.secret && (
        <section class="note stack tight" role="status">
          <p>
            <b>{made.name}</b> is made. This is the only time that it is shown:
          </p>
          <pre class="code wrap" tabIndex={0}>
            {made.secret}
          </pre>
          <div>
            <CopyButton text={made.secret}>Copy the key</CopyButton>
          </div>
        </section>
      )}
      <section class="card">
        {error !== undefined && <Trouble error={error} again={again} />}
        {value && (
          <ul class="rows">
            {value.keys.map((key) => (
              <li key={key.id}>
                <span>
                  <b>{key.name}</b>
                  <span class="cap block">
                    <span class="fact">{key.id}</span>, made {when(key.created_at)}, {key.used_at ? `used ${when(key.used_at)}` : 'never used'}
                  </span>
                </span>
                <span class="end">
                  {key.revoked_at ? (
                    <span class="chip">revoked</span>
                  ) : (
                    <button type="button" class="btn slim" onClick={() => (setRevoking(key), dialog.current?.showModal())}>
                      Revoke
                    </button>
                  )}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      <dialog ref={dialog} class="sheet" aria-labelledby="revoke-title">
        <h2 class="title" id="revoke-title">
          Revoke {revoking?.name}?
        </h2>
        <p class="sec">Programs that use it are refused from now on. This cannot be undone.</p>
        <div class="line tight">
          <button type="button" class="btn main" onClick={() => dialog.current?.close()}>
            Leave it
          </button>
          <button type="button" class="btn" onClick={() => void revoke()}>
            Revoke the key
          </button>
        </div>
      </dialog>
    </>
  )
}
