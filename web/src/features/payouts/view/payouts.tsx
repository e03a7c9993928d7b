import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from '../../api/shared/http'
import type { Epoch, Epochs, EpochTree, Instance, Totals } from '../../api/shared/wire'
import { instance } from '../../identity/shared/session'
import { plain, sum } from '../../money/shared/amount'
import { go } from '../../frame/shared/route'
import { count, when } from '../../frame/shared/words'
import { FileLink } from '../../frame/view/filelink'
import { CopyButton, Hash, Money, Trouble, useLoad, useTitle } from '../../frame/view/parts'
import { usePages } from '../../frame/view/pages'
import { CheckList } from '../../record/view/checklist'
import { Public } from '../../record/view/public'
import type { Check, CheckName } from '../shared/checks'
import type { Found } from '../shared/find'
import { ask } from '../shared/job'

/** All payouts, or those of one epoch, which are recomputed in this browser. */
export default function PayoutsPage({ number }: { number: string | undefined }) {
  return <Public>{number ? <One key={number} number={number} /> : <All />}</Public>
}

const words: { [state in Epoch['state']]: string } = {
  planned: 'being written',
  built: 'being written',
  posted: 'on its way to the chain',
  confirmed: 'on chain, waits until it is in force',
  active: 'in force, being paid out',
  settled: 'paid out',
  blocked: 'blocked, is judged',
  voided: 'void, is looked at by the operator',
}

function All() {
  const heading = useTitle('Public payouts')
  const sums = useLoad(async (signal) => {
    const [totals, here] = await Promise.all([call<Totals>('/v1/records/totals', { signal }), instance(true)])
    return { totals: totals.value, here }
  }, [])
  const { all: epochs, next, error, load } = usePages(async (cursor, signal) => {
    const { value } = await call<Epochs>(`/v1/records/epochs?${new URLSearchParams({ limit: '50', ...(cursor && { cursor }) })}`, { signal })
    return { items: value.epochs, next: value.next }
  }, [])
  const symbol = sums.value?.here.token.symbol ?? ''
  return (
    <main class="stack loose">
      <h1 class="title" ref={heading} tabIndex={-1}>
        Every payout is public, and adds up.
      </h1>
      <p class="sec measure">
        An epoch is one root on chain, under which everybody may take what they earned so far. Open one, and your browser makes its root again from all its payouts. The whole of the records, with the chain, is checked by the command <code>tasknet verify --server {location.origin} --rpc YOUR_NODE</code>.
      </p>
      <p>
        <a class="btn bare slim" href="/exit.html">
          Save what you need to leave without us
        </a>
      </p>
      {sums.error !== undefined && !sums.value && <Trouble error={sums.error} again={sums.again} />}
      {sums.value && <Sums totals={sums.value.totals} symbol={symbol} />}
      {error !== undefined && <Trouble error={error} again={() => void load()} />}
      {epochs?.length === 0 && <p class="card sec">Nobody was paid yet. The first epoch comes when somebody’s pay is final.</p>}
      {!epochs && error === undefined && <div class="bone box" role="status" aria-label="Loading" />}
      {epochs && epochs.length > 0 && (
        <section class="card list">
          <h2>Epochs, the oldest first</h2>
          <table class="table stacked">
            <thead>
              <tr>
                <th>Epoch</th>
                <th>State</th>
                <th class="r">People</th>
                <th class="r">Added</th>
                <th class="r">Root</th>
                <th class="r">Closed</th>
              </tr>
            </thead>
            <tbody>
              {epochs.map((e) => (
                <tr key={e.number}>
                  <td class="q">
                    <a href={`/payouts/${e.number}`}>Epoch {e.number}</a>
                  </td>
                  <td>{words[e.state]}</td>
                  <td class="r n">{count(e.payees, 'person', 'people')}</td>
                  <td class="r n">
                    <Money of={e.amount} symbol={symbol} />
                  </td>
                  <td class="r">
                    <Hash of={e.root} name={`root of epoch ${e.number}`} />
                  </td>
                  <td class="r sec">{when(e.at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {next && (
            <p class="older">
              <button type="button" class="btn slim" onClick={() => void load(next)}>
                More
              </button>
            </p>
          )}
        </section>
      )}
    </main>
  )
}

/** Where the money is: what came in is the sum of all places. */
function Sums({ totals, symbol }: { totals: Totals; symbol: string }) {
  const places: [string, string][] = [
    ['with requesters, not spent', plain(sum(totals.requesters, totals.frozen, totals.debts))],
    ['held for open questions', totals.held],
    ['people’s, not final yet', totals.pending],
    ['people’s, waits for an epoch', totals.respondents],
    ['in an epoch, not claimed', totals.in_epoch],
    ['claimed by people', totals.claimed],
    ['the operator’s fees', totals.operator],
    ['nobody’s: pay of worthless answers', totals.forfeits],
  ]
  const all = plain(sum(...places.map(([, amount]) => amount)))
  const held = plain(sum(totals.deposited) - sum(totals.withdrawn))
  return (
    <section class="card stack tight">
      <h2>Where the money is</h2>
      <dl class="facts2 sums small">
        <dt>Deposited, less withdrawn</dt>
        <dd>
          <Money of={held} symbol={symbol} />
        </dd>
        {places.map(([name, amount]) => (
          <>
            <dt>{name}</dt>
            <dd>
              <Money of={amount} symbol={symbol} />
            </dd>
          </>
        ))}
      </dl>
      <p class={all === held ? 'sec' : 'bad b'} role="status">
        {all === held ? `The places add up to what was deposited: ${count(totals.answers_closed, 'answer')} to ${count(totals.questions_closed, 'question')} that are closed.` : 'The places do not add up to what was deposited. Keep this page and tell the operator.'}
      </p>
    </section>
  )
}

function One({ number }: { number: string }) {
  const { value, error, again } = useLoad(async (signal) => {
    const [tree, here] = await Promise.all([call<EpochTree>(`/v1/records/epochs/${encodeURIComponent(number)}/tree`, { signal }), instance(true)])
    return { tree: tree.value, here }
  }, [number])
  if (error !== undefined && !value) {
    return (
      <main class="stack">
        <h1 class="title">There is no epoch to show.</h1>
        <Trouble error={error} again={again} />
        <p>
          <a href="/payouts">All epochs</a>
        </p>
      </main>
    )
  }
  if (!value) {
    return (
      <main class="stack" aria-busy="true" aria-label="Loading">
        <div class="bone line" />
        <div class="bone box" />
      </main>
    )
  }
  return <Checked tree={value.tree} here={value.here} />
}

const checked: { [name in CheckName]: [string, string] } = {
  header: ['The header gives the hash that the vault should keep', 'It is made of its two roots, its sums and the log’s checkpoint.'],
  payouts: ['The payouts make the root', 'All leaves, hashed in your browser; their sum is what the header says, and nobody stands there twice.'],
  spending: ['Requesters paid for it', 'What each of their accounts has spent makes the other root, and is at least what people are paid.'],
}

function Checked({ tree, here }: { tree: EpochTree; here: Instance }) {
  const { epoch } = tree
  const heading = useTitle(`Epoch ${epoch.number}`)
  const { value: checks, error: failed } = useLoad((signal) => ask<Check[]>({ tree }, signal), [tree])
  const fault = checks?.find((c) => c.fault !== undefined)
  return (
    <main class="stack loose">
      <div class="stack tight">
        <p class="cap">
          Closed {new Date(epoch.at).toUTCString().replace('GMT', 'UTC')}, {words[epoch.state]}
        </p>
        <h1 class="said" ref={heading} tabIndex={-1}>
          Epoch {epoch.number}: <Money of={epoch.amount} symbol={here.token.symbol} /> to {count(epoch.payees, 'person', 'people')}
        </h1>
        <p class={fault ? 'bad b' : 'sec'} role="status">
          {failed !== undefined
            ? 'The checks could not run in this browser.'
            : !epoch.header
              ? 'There is nothing to check yet: the header of this epoch is not written.'
              : checks === undefined
                ? 'The checks are running in your browser.'
                : fault
                  ? 'It does not add up. Keep this page and tell the operator.'
                  : 'Three checks hold. They ran in your browser, on the public records.'}
        </p>
      </div>
      {epoch.header && (
        <section class="card">
          <CheckList words={checked} checks={checks} />
        </section>
      )}
      <LookFor tree={tree} symbol={here.token.symbol} />
      <section class="card">
        <dl class="facts2 small">
          <dt>Vault</dt>
          <dd class="fact breaking">
            {tree.vault} on chain {tree.chain_id}
          </dd>
          {epoch.header && (
            <>
              <dt>Hash of the header</dt>
              <dd>
                <Hash of={epoch.header.hash} name="hash of the header" />
              </dd>
              <dt>Root of payouts</dt>
              <dd>
                <Hash of={epoch.header.payouts} name="root of payouts" />
              </dd>
              <dt>Root of spending</dt>
              <dd>
                <Hash of={epoch.header.spending} name="root of spending" />
              </dd>
              <dt>Public log</dt>
              <dd>{epoch.header.log_size > 0 ? count(epoch.header.log_size, 'leaf', 'leaves') : 'none'}</dd>
            </>
          )}
          <dt>All who may claim</dt>
          <dd>
            {count(tree.payouts.length, 'address', 'addresses')}, <Money of={epoch.cumulative} symbol={here.token.symbol} /> since the beginning
          </dd>
          {epoch.tx && (
            <>
              <dt>Transaction</dt>
              <dd>
                <Hash of={epoch.tx} name="transaction of the root" />
              </dd>
            </>
          )}
        </dl>
      </section>
      <p class="line tight">
        <FileLink name={`epoch-${epoch.number}.json`} href={`/v1/records/epochs/${epoch.number}/tree`}>
          Download the whole tree
        </FileLink>
        <button type="button" class="btn slim" onClick={() => go('/payouts')}>
          All epochs
        </button>
      </p>
      <p class="note">
        <b>What this does not show:</b> what the chain holds, since this page asks nobody but this server. Compare the hash of the header with the vault’s, or let <code>tasknet verify --rpc YOUR_NODE</code> do it.
      </p>
    </main>
  )
}

/** A payout by its address, with the proof that anybody can claim it with. */
function LookFor({ tree, symbol }: { tree: EpochTree; symbol: string }) {
  const [text, setText] = useState('')
  const [found, setFound] = useState<Found | 'none' | 'failed'>()
  const looking = useRef<AbortController>(undefined)
  useEffect(() => () => looking.current?.abort(), [])
  const look = () => {
    looking.current?.abort()
    looking.current = new AbortController()
    ask<Found | undefined>({ tree, address: text }, looking.current.signal).then(
      (it) => setFound(it ?? 'none'),
      () => setFound('failed'),
    )
  }
  const good = /^0x[0-9a-fA-F]{40}$/.test(text.trim())
  return (
    <section class="card stack tight">
      <h2>Is somebody in it?</h2>
      <form
        class="line nowrap tight bottom"
        onSubmit={(event) => {
          event.preventDefault()
          if (good) look()
        }}
      >
        <label class="field grow">
          <span>The address of a wallet</span>
          <input
            class="input fact"
            value={text}
            spellcheck={false}
            autocomplete="off"
            placeholder="0x…"
            onInput={(e) => {
              looking.current?.abort()
              setText(e.currentTarget.value)
              setFound(undefined)
            }}
          />
        </label>
        <button type="submit" class="btn" disabled={!good}>
          Look
        </button>
      </form>
      <div role="status">
        {found === 'none' && <p class="sec">This address has nothing to claim in this epoch.</p>}
        {found === 'failed' && <p class="bad">It could not be looked up in this browser.</p>}
        {typeof found === 'object' && (
          <div class="stack tight">
            <p>
              Up to this epoch it may take <Money of={found.cumulative} symbol={symbol} /> in all, by a proof of {count(found.proof.length, 'hash', 'hashes')}.
            </p>
            <CopyButton text={JSON.stringify({ account: found.address, cumulative: found.baseUnits.toString(), proof: found.proof })}>Copy the claim</CopyButton>
          </div>
        )}
      </div>
    </section>
  )
}
