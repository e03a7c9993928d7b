import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import { CopyButton, Money } from '../../frame/view/parts'
import { moment } from '../shared/files'
import type { Source } from '../shared/provider'
import { send, wordsFor } from '../shared/sending'
import type { Deposit, Standing } from '../shared/standing'
import { Told } from '../shared/told'
import { cancelNotice, claim, giveNotice, withdraw, type Call, type Vault } from '../shared/vault'

/** What an address can take, and the ways to take it. */
export function Found({ of, source, onDone }: { of: Standing; source: Source; onDone: (tx: string) => void }) {
  const { vault, payout, fault, deposits } = of
  const money = (base: bigint) => <Money of={base / 10n ** BigInt(vault.token.decimals - 6)} symbol={vault.token.symbol} />
  const left = payout ? payout.cumulative - payout.claimed : 0n
  return (
    <>
      <section class="card stack">
        <h2>As one who answers</h2>
        <p class="small sec">{vault.epoch === 0 ? 'No root is in force yet, so nobody has anything to claim.' : `The root in force is of epoch ${vault.epoch}. Your file has its header; the trees were made again in this browser.`}</p>
        {fault && <p class="note wrong breaking">The file’s payouts do not make the root in force, so no proof can be had of them. {fault} Get the file from somebody else.</p>}
        {vault.epoch > 0 && !fault && !payout && <p>The root in force gives this address nothing.</p>}
        {payout && (
          <>
            <dl class="facts2 small">
              <dt>The root gives</dt>
              <dd>{money(payout.cumulative)} in all</dd>
              <dt>Claimed already</dt>
              <dd>{money(payout.claimed)}</dd>
              <dt>Left</dt>
              <dd class="b">{money(left > 0n ? left : 0n)}</dd>
            </dl>
            {left > 0n ? (
              <Act label={<>Claim {money(left)}</>} name="claim" call={claim(vault.address, of.head, of.address, payout.cumulative, payout.proof)} vault={vault} source={source} onDone={onDone}>
                The money goes to this address, whoever sends the call and pays its gas.
              </Act>
            ) : (
              <p class="b">Nothing is left to claim: all that the root gives was claimed.</p>
            )}
          </>
        )}
      </section>
      <section class="card stack">
        <h2>As one who asks</h2>
        {deposits.length === 0 && <p>{vault.epoch === 0 ? 'Say above whom your deposit named.' : 'The root in force has no deposits of this address. For one that is younger, say above whom it named.'}</p>}
        {deposits.map((d) => (
          <Taken key={d.name} of={d} standing={of} money={money} source={source} onDone={onDone} />
        ))}
      </section>
    </>
  )
}

/** A deposit, and where it is on its way back. */
function Taken({ of, standing, money, source, onDone }: { of: Deposit; standing: Standing; money: (base: bigint) => JSX.Element; source: Source; onDone: (tx: string) => void }) {
  const { vault, address, head } = standing
  const { account, reference, until, left } = of
  const [to, setTo] = useState(address)
  const owner = { vault, source, onDone, by: address }
  const over = until !== undefined && vault.now >= until
  return (
    <div class="stack deposit">
      <p class="fact breaking b">{of.name}</p>
      <dl class="facts2 small">
        <dt>Deposited</dt>
        <dd>{money(account.deposited)}</dd>
        <dt>Withdrawn</dt>
        <dd>{money(account.withdrawn)}</dd>
        <dt>Proven spent</dt>
        <dd>{money(of.spent)}</dd>
        <dt>Left</dt>
        <dd class="b">{money(left)}</dd>
      </dl>
      {of.fault && <p class="note wrong breaking">{of.fault}</p>}
      {!of.fault && left === 0n && <p class="b">Nothing is left: all was spent or withdrawn.</p>}
      {!of.fault && left > 0n && until === undefined && (
        <Act label="Give notice" name="notice" call={giveNotice(vault.address, reference)} {...owner}>
          From then on the server takes no new questions for this money, and closes open ones with the answers that they have. What was
          spent by then stays spent.
        </Act>
      )}
      {until !== undefined && !over && (
        <p class="note">
          Notice is given. It is over on {moment(until)}; withdraw from then on. By the chain’s clock it is {moment(vault.now)}.
        </p>
      )}
      {!of.fault && over && left > 0n && (
        <>
          <label class="field">
            <span>To which address</span>
            <input class="input fact" value={to} spellcheck={false} autocomplete="off" onInput={(e) => setTo(e.currentTarget.value)} />
          </label>
          {/^0x[0-9a-fA-F]{40}$/.test(to.trim()) && (
            <Act label={<>Withdraw {money(left)}</>} name="withdrawal" call={withdraw(vault.address, head, reference, of.spent, of.proof, to.trim())} {...owner}>
              The notice is over.
            </Act>
          )}
        </>
      )}
      {until !== undefined && (
        <Act label="Take the notice back" name="cancellation" call={cancelNotice(vault.address, reference)} quiet {...owner}>
          The money can be spent again then.
        </Act>
      )}
    </div>
  )
}

interface Acting {
  label: ComponentChildren
  /** What it is, for the call that is shown. */
  name: string
  call: Call
  vault: Vault
  source: Source
  onDone: (tx: string) => void
  /** Who must send it; anybody may otherwise. */
  by?: string
  quiet?: boolean
  children: ComponentChildren
}

/** A button that sends a call by the wallet; without one the call itself, to be sent by other means. */
function Act({ label, name, call, vault, source, onDone, by, quiet, children }: Acting) {
  const [state, setState] = useState<{ sending: boolean; why?: string }>({ sending: false })
  const run = async () => {
    setState({ sending: true })
    try {
      onDone(await send(source.provider, await sender(source, vault.chain, by), call))
      setState({ sending: false })
    } catch (error) {
      setState({ sending: false, why: wordsFor(error) })
    }
  }
  return (
    <div class="stack tight">
      <p class="small sec">{children}</p>
      {source.isWallet ? (
        <p>
          <button type="button" class={`btn ${quiet ? 'slim' : 'main'}`} disabled={state.sending} onClick={() => void run()}>
            {state.sending ? 'Waits for the wallet and the chain' : label}
          </button>
        </p>
      ) : (
        <details class="small">
          <summary>
            {label}: the call to send{by && ' from this address'}
          </summary>
          <div class="call">
            <p>
              To <span class="fact breaking">{call.to}</span> on chain {vault.chain}, with this data and no value:
            </p>
            <pre class="code wrap" tabIndex={0} aria-label={`data of the ${name}`}>
              {call.data}
            </pre>
            <CopyButton text={call.data}>Copy the data</CopyButton>
          </div>
        </details>
      )}
      {state.why && (
        <p class="note wrong breaking" role="alert">
          {state.why}
        </p>
      )}
    </div>
  )
}

/** The wallet's account that sends, on the vault's chain. */
async function sender(source: Source, chain: number, by: string | undefined): Promise<string> {
  const here = async () => Number(BigInt((await source.provider.request({ method: 'eth_chainId' })) as string))
  if ((await here()) !== chain) {
    await source.provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: `0x${chain.toString(16)}` }] })
    if ((await here()) !== chain) throw new Told(`The vault is on chain ${chain}. Change the wallet to it.`)
  }
  const [account] = (await source.provider.request({ method: 'eth_requestAccounts' })) as string[]
  if (!account) throw new Told('The wallet shows no account to this page.')
  if (by && account.toLowerCase() !== by.toLowerCase()) throw new Told(`Only ${by} can send this, and the wallet is at ${account}. Change its account.`)
  return account
}
