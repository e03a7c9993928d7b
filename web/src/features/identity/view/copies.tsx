import { useState } from 'preact/hooks'
import { noteBackup } from '../shared/session'
import type { Holder } from '../shared/identity'
import { hex } from '../../proof/shared/bytes'
import { day } from '../../frame/shared/words'
import { CopyButton, Hash } from '../../frame/view/parts'
import { download } from '../../frame/view/download'

/** The ways to take a copy of the wallet's key. */
export function Copies({ who, saved }: { who: Holder; saved: () => void }) {
  const [visible, setVisible] = useState(false)
  const key = `0x${hex(who.wallet.secret)}`
  const note = () => void noteBackup(Date.now()).then(saved)
  return (
    <section class="stack tight">
      <h2>Your wallet’s key</h2>
      <p class="sec">
        It receives your pay at <Hash of={who.wallet.address} name="wallet address" />. It lies on this device only: if the browser’s data is cleared, it is gone, and the money with it. A copy brings it back.
      </p>
      <div class="line tight">
        <a class="btn main" href="/key/words">
          Write down 24 words
        </a>
        <a class="btn" href="/key/file">
          Save an encrypted file
        </a>
      </div>
      <p class="cap">{who.backedUpAt ? `You took a copy on ${day(new Date(who.backedUpAt))}. Keep it where only you can read it.` : 'You have no copy yet. One way is enough, and two are better.'}</p>
      <details>
        <summary class="small">The key itself, for another wallet</summary>
        <div class="stack tight pad">
          <p class="cap">Any Ethereum wallet imports it as a private key. Anyone who sees it can take the money.</p>
          {visible && (
            <pre class="code wrap" tabIndex={0} aria-label="Private key">
              {key}
            </pre>
          )}
          <div class="line tight">
            <button type="button" class="btn slim" onClick={() => (setVisible(!visible), visible || note())}>
              {visible ? 'Hide it' : 'Show it'}
            </button>
            {visible && <CopyButton text={key}>Copy the key</CopyButton>}
            <button type="button" class="btn slim" onClick={() => (download(`tasknet-wallet-${who.wallet.address.slice(2, 8)}.txt`, 'text/plain', plain(who.wallet.address, key)), note())}>
              Download the key
            </button>
          </div>
        </div>
      </details>
    </section>
  )
}

function plain(address: string, key: string): string {
  return `TaskNet wallet\naddress ${address}\nprivate key ${key}\n\nWhoever has this key has the money of this address. TaskNet restores it under "I have a key"; other Ethereum wallets import it as a private key.\n`
}
