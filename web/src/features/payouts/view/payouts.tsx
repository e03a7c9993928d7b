import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from '../../api/shared/http'
import type { Epoch, Epochs, EpochTree, Instance, Totals } from '../../api/shared/wire'
import { instance } from '../../identity/shared/session'
import { plain, sum } from '../../money/shared/amount'
import { go } from '../../frame/shared/route'
import { when } from '../../frame/shared/words'
import { FileLink } from '../../frame/view/filelink'
import { CopyButton, Hash, Money, Trouble, useLoad, useTitle } from '../../frame/view/parts'
import { usePages } from '../../frame/view/pages'
import { CheckList } from '../../record/view/checklist'
import { Public } from '../../record/view/public'
import type { Check, CheckName } from '../shared/checks'
import type { Found } from '../shared/find'
import { ask } from '../shared/job'
import { frame } from '../../../language/en/frame'
import { payouts as t } from '../../../language/en/payouts'
import { date, number as written } from '../../../language/format'
import { rich } from '../../../language/rich'

/** All payouts, or those of one epoch, which are recomputed in this browser. */
export default function PayoutsPage({ number }: { number: string | undefined }) {
  return <Public>{number ? <One key={number} number={number} /> : <All />}</Public>
}

const stateWords = (state: Epoch['state']): string => t(state === 'built' ? 'planned' : state)

const verify = 'tasknet verify --rpc YOUR_NODE'

function All() {
  const heading = useTitle(t('title'))
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
        {t('head')}
      </h1>
      <p class="sec measure">
        {rich(t, 'headMore', { command: `tasknet verify --server ${location.origin} --rpc YOUR_NODE` })}
      </p>
      <p>
        <a class="btn bare slim" href="/exit.html">
          {t('leave')}
        </a>
      </p>
      {sums.error !== undefined && !sums.value && <Trouble error={sums.error} again={sums.again} />}
      {sums.value && <Sums totals={sums.value.totals} symbol={symbol} />}
      {error !== undefined && <Trouble error={error} again={() => void load()} />}
      {epochs?.length === 0 && <p class="card sec">{t('nobody')}</p>}
      {!epochs && error === undefined && <div class="bone box" role="status" aria-label={t('loading')} />}
      {epochs && epochs.length > 0 && (
        <section class="card list">
          <h2>{t('list')}</h2>
          <table class="table stacked">
            <thead>
              <tr>
                <th>{t('epoch')}</th>
                <th>{t('state')}</th>
                <th class="r">{t('people')}</th>
                <th class="r">{t('added')}</th>
                <th class="r">{t('root')}</th>
                <th class="r">{t('closed')}</th>
              </tr>
            </thead>
            <tbody>
              {epochs.map((e) => (
                <tr key={e.number}>
                  <td class="q">
                    <a href={`/payouts/${e.number}`}>{t('epochN', { number: e.number })}</a>
                  </td>
                  <td>{stateWords(e.state)}</td>
                  <td class="r n">{t('persons', { n: e.payees })}</td>
                  <td class="r n">
                    <Money of={e.amount} symbol={symbol} />
                  </td>
                  <td class="r">
                    <Hash of={e.root} name={t('rootOf', { number: e.number })} />
                  </td>
                  <td class="r sec">{when(e.at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {next && (
            <p class="older">
              <button type="button" class="btn slim" onClick={() => void load(next)}>
                {t('more')}
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
    [t('requesters'), plain(sum(totals.requesters, totals.frozen, totals.debts))],
    [t('held'), totals.held],
    [t('pending'), totals.pending],
    [t('waits'), totals.respondents],
    [t('inEpoch'), totals.in_epoch],
    [t('claimed'), totals.claimed],
    [t('operator'), totals.operator],
    [t('forfeits'), totals.forfeits],
  ]
  const all = plain(sum(...places.map(([, amount]) => amount)))
  const held = plain(sum(totals.deposited) - sum(totals.withdrawn))
  return (
    <section class="card stack tight">
      <h2>{t('where')}</h2>
      <dl class="facts2 sums small">
        <dt>{t('deposited')}</dt>
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
        {all === held ? t('addsUp', { answers: frame('answers', { n: totals.answers_closed }), questions: t('questions', { n: totals.questions_closed }) }) : t('notUp')}
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
        <h1 class="title">{t('missing')}</h1>
        <Trouble error={error} again={again} />
        <p>
          <a href="/payouts">{t('all')}</a>
        </p>
      </main>
    )
  }
  if (!value) {
    return (
      <main class="stack" aria-busy="true" aria-label={t('loading')}>
        <div class="bone line" />
        <div class="bone box" />
      </main>
    )
  }
  return <Checked tree={value.tree} here={value.here} />
}

const checked = (): { [name in CheckName]: [string, string] } => ({
  header: [t('checkHeader'), t('checkHeaderMore')],
  payouts: [t('checkPayouts'), t('checkPayoutsMore')],
  spending: [t('checkSpending'), t('checkSpendingMore')],
})

function Checked({ tree, here }: { tree: EpochTree; here: Instance }) {
  const { epoch } = tree
  const heading = useTitle(t('epochN', { number: epoch.number }))
  const { value: checks, error: failed } = useLoad((signal) => ask<Check[]>({ tree }, signal), [tree])
  const fault = checks?.find((c) => c.fault !== undefined)
  return (
    <main class="stack loose">
      <div class="stack tight">
        <p class="cap">
          {t('closedAt', { time: date(new Date(epoch.at), { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }), state: stateWords(epoch.state) })}
        </p>
        <h1 class="said" ref={heading} tabIndex={-1}>
          {rich(t, 'epochPays', { number: written(epoch.number), amount: <Money of={epoch.amount} symbol={here.token.symbol} />, people: t('persons', { n: epoch.payees }) })}
        </h1>
        <p class={fault ? 'bad b' : 'sec'} role="status">
          {t(failed !== undefined ? 'notRun' : !epoch.header ? 'noHeader' : checks === undefined ? 'running' : fault ? 'wrong' : 'hold')}
        </p>
      </div>
      {epoch.header && (
        <section class="card">
          <CheckList words={checked()} checks={checks} />
        </section>
      )}
      <LookFor tree={tree} symbol={here.token.symbol} />
      <section class="card">
        <dl class="facts2 small">
          <dt>{t('vault')}</dt>
          <dd class="fact breaking">
            {t('onChain', { vault: tree.vault, chain: String(tree.chain_id) })}
          </dd>
          {epoch.header && (
            <>
              <dt>{t('headerHash')}</dt>
              <dd>
                <Hash of={epoch.header.hash} name={t('headerHashName')} />
              </dd>
              <dt>{t('payoutRoot')}</dt>
              <dd>
                <Hash of={epoch.header.payouts} name={t('payoutRootName')} />
              </dd>
              <dt>{t('spendingRoot')}</dt>
              <dd>
                <Hash of={epoch.header.spending} name={t('spendingRootName')} />
              </dd>
              <dt>{t('log')}</dt>
              <dd>{epoch.header.log_size > 0 ? t('leaves', { n: epoch.header.log_size }) : t('none')}</dd>
            </>
          )}
          <dt>{t('mayClaim')}</dt>
          <dd>
            {rich(t, 'addresses', { n: tree.payouts.length, amount: <Money of={epoch.cumulative} symbol={here.token.symbol} /> })}
          </dd>
          {epoch.tx && (
            <>
              <dt>{t('transaction')}</dt>
              <dd>
                <Hash of={epoch.tx} name={t('transactionName')} />
              </dd>
            </>
          )}
        </dl>
      </section>
      <p class="line tight">
        <FileLink name={`epoch-${epoch.number}.json`} href={`/v1/records/epochs/${epoch.number}/tree`}>
          {t('download')}
        </FileLink>
        <button type="button" class="btn slim" onClick={() => go('/payouts')}>
          {t('all')}
        </button>
      </p>
      <p class="note">
        {rich(t, 'notShown', { command: verify })}
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
      <h2>{t('inIt')}</h2>
      <form
        class="line nowrap tight bottom"
        onSubmit={(event) => {
          event.preventDefault()
          if (good) look()
        }}
      >
        <label class="field grow">
          <span>{t('address')}</span>
          <input
            class="input fact"
            value={text}
            spellcheck={false}
            autocomplete="off"
            dir="ltr"
            placeholder="0x…"
            onInput={(e) => {
              looking.current?.abort()
              setText(e.currentTarget.value)
              setFound(undefined)
            }}
          />
        </label>
        <button type="submit" class="btn" disabled={!good}>
          {t('look')}
        </button>
      </form>
      <div role="status">
        {found === 'none' && <p class="sec">{t('notThere')}</p>}
        {found === 'failed' && <p class="bad">{t('notLooked')}</p>}
        {typeof found === 'object' && (
          <div class="stack tight">
            <p>
              {rich(t, 'upTo', { n: found.proof.length, amount: <Money of={found.cumulative} symbol={symbol} /> })}
            </p>
            <CopyButton text={JSON.stringify({ account: found.address, cumulative: found.baseUnits.toString(), proof: found.proof })}>{t('copyClaim')}</CopyButton>
          </div>
        )}
      </div>
    </section>
  )
}
