import { useState } from 'preact/hooks'
import { backup, noteBackup, passkeys } from '../shared/session'
import type { Holder } from '../shared/identity'
import type { Passkey } from '../worker/passkey'
import { trouble } from '../../frame/shared/words'
import { Icon, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { Back } from '../../frame/view/back'
import { download } from '../../frame/view/download'

/** The fewest characters of a passphrase: with the work per guess, years for who has the file and a large machine. */
const passphraseMin = 12

/** Saving the key as a file that a passphrase or a passkey opens. */
export function KeyFilePage({ who, saved }: { who: Holder; saved: () => void }) {
  const heading = useTitle('Encrypted file')
  const [phrase, setPhrase] = useState('')
  const [again, setAgain] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState('')
  const offers = useLoad(async () => (await passkeys()).offersPasskeys(), []).value
  const save = async (secret: () => Promise<{ passphrase: string; passkey?: Passkey }>) => {
    setBusy(true)
    setProblem('')
    try {
      const { passphrase, passkey } = await secret()
      const file = await (await backup()).seal(who.wallet.secret, passphrase, passkey)
      const name = `tasknet-wallet-${who.wallet.address.slice(2, 8)}.json`
      download(name, 'application/json', JSON.stringify(file))
      setDone(`${name} ${passkey ? `opens with the passkey, at ${location.hostname} only` : 'opens with the passphrase, here and in other Ethereum wallets'}.`)
      await noteBackup(Date.now())
      saved()
    } catch (error) {
      setProblem(error instanceof (await passkeys()).NoPasskey ? error.message : trouble(error).text)
    }
    setPhrase('')
    setAgain('')
    setBusy(false)
  }
  const short = phrase.length < passphraseMin
  return (
    <Phone bar={false}>
      <Back />
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {done ? 'The file is saved' : 'Your key as an encrypted file'}
        </h1>
        {done ? (
          <>
            <p class="line tight nowrap good" role="status">
              <Icon of="tick" size={16} /> <span>{done}</span>
            </p>
            <p class="sec">Move it to where you keep other files, not only to this phone. It is as safe as what opens it; lost is lost.</p>
            <a class="btn main" href="/earned">
              Done
            </a>
          </>
        ) : (
          <>
            <p class="sec">Nobody reads the file without what opens it, so it can lie in your mail or in a cloud. TaskNet gets neither of the two.</p>
            {problem && (
              <p class="note wrong" role="alert">
                {problem}
              </p>
            )}
            {offers && (
              <section class="stack tight">
                <h2>With a passkey</h2>
                <p class="sec">Your fingerprint, face or PIN opens it, on devices that share your passkeys. It works at this address only, so take the words as well.</p>
                <button type="button" class="btn" disabled={busy} onClick={() => void save(async () => (await passkeys()).makePasskey(who.wallet.address))}>
                  Make a passkey and save
                </button>
              </section>
            )}
            <form
              class="stack tight"
              onSubmit={(event) => {
                event.preventDefault()
                void save(() => Promise.resolve({ passphrase: phrase }))
              }}
            >
              <h2>With a passphrase</h2>
              <label class="field">
                <span>Passphrase</span>
                <input class="input" type="password" autocomplete="new-password" value={phrase} onInput={(e) => setPhrase(e.currentTarget.value)} aria-describedby="phrase-hint" />
                <span class="cap" id="phrase-hint">
                  At least {passphraseMin} characters. Four words that nobody would put together are good.
                </span>
              </label>
              <label class="field">
                <span>The same again</span>
                <input class="input" type="password" autocomplete="new-password" value={again} onInput={(e) => setAgain(e.currentTarget.value)} aria-invalid={again !== '' && !phrase.startsWith(again)} aria-describedby="again-hint" />
                <span class={`cap ${again !== '' && !phrase.startsWith(again) ? 'bad' : ''}`} id="again-hint">
                  {again !== '' && !phrase.startsWith(again) ? 'The two differ.' : 'Nobody can tell you a forgotten one.'}
                </span>
              </label>
              <button type="submit" class="btn main self" disabled={busy || short || phrase !== again}>
                {busy ? 'Encrypting' : 'Save the file'}
              </button>
            </form>
          </>
        )}
      </main>
    </Phone>
  )
}
