import { useEffect, useRef, useState } from 'preact/hooks'
import type { EpochTree } from '../../api/shared/wire'
import { count } from '../../frame/shared/words'
import { Mark } from '../../frame/view/parts'
import { readFiles, referenceOf } from '../shared/files'
import type { Job, Proofs } from '../shared/proofs'
import { node, wallet, type Provider, type Source } from '../shared/provider'
import { wordsFor } from '../shared/sending'
import { standing, type Standing } from '../shared/standing'
import { Told } from '../shared/told'
import ProofWorker from '../worker/proofs.worker?worker&inline'
import { Found } from './found'
import { Save } from './save'

const isAddress = (text: string) => /^0x[0-9a-fA-F]{40}$/.test(text.trim())

/** The hashing, beside the page. */
function prove(job: Job): Promise<Proofs> {
  const worker = new ProofWorker()
  return new Promise<Proofs>((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<Proofs>) => resolve(event.data)
    worker.onerror = () => reject(new Told('The trees could not be made again in this browser.'))
    worker.postMessage(job)
  }).finally(() => worker.terminate())
}

/** Takes what is somebody's out of a vault, by public files and the chain alone: this page needs no server of ours. */
export function Exit() {
  const [files, setFiles] = useState<EpochTree[]>([])
  const [vault, setVault] = useState('')
  const [source, setSource] = useState<Source>()
  const [address, setAddress] = useState('')
  const [reference, setReference] = useState('')
  const [found, setFound] = useState<Standing>()
  const [trouble, setTrouble] = useState<string>()
  const [done, setDone] = useState<string>()
  const [busy, setBusy] = useState(false)
  const turn = useRef(0)

  const changed = () => {
    turn.current++
    setFound(undefined)
    setTrouble(undefined)
    setDone(undefined)
    setBusy(false)
  }
  const typedReference = reference.trim() === '' ? undefined : referenceOf(reference)
  const ready = source !== undefined && isAddress(address) && (vault.trim() === '' ? files.length > 0 : isAddress(vault)) && (reference.trim() === '' || typedReference !== undefined)
  const look = async () => {
    if (!ready) return
    const mine = ++turn.current
    setBusy(true)
    setTrouble(undefined)
    try {
      const now = await standing({ from: source.provider, vault: vault.trim(), files, address: address.trim(), reference: typedReference, prove })
      if (mine === turn.current) setFound(now)
    } catch (error) {
      if (mine !== turn.current) return
      setFound(undefined)
      setTrouble(wordsFor(error))
    }
    if (mine === turn.current) setBusy(false)
  }
  return (
    <main class="leave">
      <header class="stack tight">
        <p class="line tight">
          <Mark size={26} /> <b>TaskNet</b>
        </p>
        <h1 class="title">Take what is yours, without us.</h1>
        <p class="sec">
          The vault pays by its own rules. This page needs a public file, a node of the chain, and nobody’s server: save it with the file, and it works from your disk.
        </p>
      </header>
      <Save />
      <Files files={files} vault={vault} onFiles={(f) => (changed(), setFiles(f))} onVault={(v) => (changed(), setVault(v))} />
      <Chain source={source} onSource={(s, account) => (changed(), setSource(s), account && setAddress(account))} />
      <section class="card stack">
        <h2>3. Whose money</h2>
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault()
            setDone(undefined)
            void look()
          }}
        >
          <label class="field">
            <span>Your address</span>
            <input class="input fact" value={address} spellcheck={false} autocomplete="off" onInput={(e) => (changed(), setAddress(e.currentTarget.value))} />
            <span class="cap">The wallet that your pay goes to, or that owns your deposits.</span>
          </label>
          <details class="small">
            <summary>A deposit that the file does not have</summary>
            <label class="field">
              <span>Whom the deposit named</span>
              <input class="input fact" value={reference} spellcheck={false} autocomplete="off" aria-invalid={reference.trim() !== '' && !typedReference} onInput={(e) => (changed(), setReference(e.currentTarget.value))} />
              <span class="cap">An organisation’s id, org_…, or 32 bytes in hex.</span>
            </label>
          </details>
          <p>
            <button type="submit" class={`btn ${found ? '' : 'main'}`} disabled={!ready || busy}>
              Look what is yours
            </button>
          </p>
        </form>
        <div role="status">
          {busy && !found && <p class="sec">The chain is asked, and the file’s trees are made again.</p>}
          {done && <p class="note breaking">Done, by transaction {done}.</p>}
        </div>
        {trouble && (
          <p class="note wrong breaking" role="alert">
            {trouble}
          </p>
        )}
      </section>
      {found && source && <Found of={found} source={source} onDone={(tx) => (setDone(tx), void look())} />}
    </main>
  )
}

function Files({ files, vault, onFiles, onVault }: { files: EpochTree[]; vault: string; onFiles: (files: EpochTree[]) => void; onVault: (vault: string) => void }) {
  const [faults, setFaults] = useState<string[]>([])
  const read = async (list: FileList | null) => {
    const { trees, faults } = await readFiles([...(list ?? [])])
    setFaults(faults)
    onFiles(trees)
  }
  return (
    <section class="card stack">
      <h2>1. The public file</h2>
      <label class="field">
        <span>Files of the newest epochs</span>
        <input class="input" type="file" accept=".json,application/json" multiple onChange={(e) => void read(e.currentTarget.files)} />
        <span class="cap">
          epoch-N.json, as this server gives it or <code>tasknet exit save</code> wrote it. It need not be believed: the vault takes only what its root proves.
        </span>
      </label>
      {faults.length > 0 && (
        <div class="note wrong breaking" role="alert">
          {faults.map((fault) => (
            <p key={fault}>{fault}</p>
          ))}
          {files.length > 0 && <p>The others are read.</p>}
        </div>
      )}
      <div role="status">
        <ul class="small">
          {files.map((f) => (
            <li class="breaking">
              Epoch {f.epoch.number}: {count(f.payouts.length, 'address', 'addresses')}, {count(f.accounts.length, 'account')}. Vault <span class="fact">{f.vault}</span> on chain {f.chain_id}.
            </li>
          ))}
        </ul>
      </div>
      <details class="small">
        <summary>Another vault, or no file at all</summary>
        <label class="field">
          <span>Address of the vault</span>
          <input class="input fact" value={vault} spellcheck={false} autocomplete="off" aria-invalid={vault.trim() !== '' && !isAddress(vault)} onInput={(e) => onVault(e.currentTarget.value)} />
          <span class="cap">Who deposited before there was any epoch needs no file.</span>
        </label>
      </details>
    </section>
  )
}

function injected(): Provider | undefined {
  return (globalThis as { ethereum?: Provider }).ethereum
}

function Chain({ source, onSource }: { source: Source | undefined; onSource: (source: Source | undefined, account?: string) => void }) {
  const [url, setUrl] = useState('')
  const [has, setHas] = useState(injected() !== undefined)
  const [trouble, setTrouble] = useState<string>()
  const latest = useRef(onSource)
  latest.current = onSource
  useEffect(() => {
    const arrived = () => setHas(true) // a wallet may come after the page
    addEventListener('ethereum#initialized', arrived)
    return () => removeEventListener('ethereum#initialized', arrived)
  }, [])
  const useWallet = async () => {
    setTrouble(undefined)
    const provider = wallet(injected()!)
    try {
      const [account] = (await provider.request({ method: 'eth_requestAccounts' })) as string[]
      provider.on?.('accountsChanged', (accounts: string[]) => accounts[0] && latest.current({ provider, isWallet: true }, accounts[0]))
      onSource({ provider, isWallet: true }, account)
    } catch (error) {
      setTrouble(wordsFor(error))
    }
  }
  const good = /^https?:\/\/./.test(url.trim())
  return (
    <section class="card stack">
      <h2>2. The chain</h2>
      {has ? (
        <p class="line tight">
          <button type="button" class="btn" aria-pressed={source?.isWallet === true} onClick={() => void useWallet()}>
            Use the wallet in this browser
          </button>
          {source?.isWallet && <span class="small good">It is asked, and can send.</span>}
        </p>
      ) : (
        <p class="small sec">No wallet shows itself to this page. Some do so only to pages from a web server: any will do. Without one you get the calls to send by other means.</p>
      )}
      {trouble && (
        <p class="note wrong breaking" role="alert">
          {trouble}
        </p>
      )}
      <form
        class="stack tight"
        onSubmit={(event) => {
          event.preventDefault()
          if (good) onSource({ provider: node(url.trim()), isWallet: false })
        }}
      >
        <label class="field">
          <span>{has ? 'Or a node of the chain' : 'A node of the chain'}</span>
          <input class="input fact" type="url" value={url} placeholder="https://…" spellcheck={false} autocomplete="off" onInput={(e) => setUrl(e.currentTarget.value)} />
          <span class="cap">Its JSON-RPC address. It learns the addresses that you ask about.</span>
        </label>
        <p class="line tight">
          <button type="submit" class="btn" disabled={!good}>
            Use this node
          </button>
          {source && !source.isWallet && <span class="small good">It is asked. Calls are shown for you to send.</span>}
        </p>
      </form>
    </section>
  )
}
