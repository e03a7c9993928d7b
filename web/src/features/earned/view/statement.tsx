import { useEffect, useState } from 'preact/hooks'
import type { Statement, StatementLine } from '../../api/shared/wire'
import { asRespondent, fileAsRespondent } from '../../identity/shared/session'
import { download } from '../../frame/view/download'
import { Back } from '../../frame/view/back'
import { micro } from '../../money/shared/amount'
import { refreshMe } from '../../frame/shared/people'
import { utcDay } from '../../frame/shared/words'
import { Hash, Missing, Money, Trouble, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { Worth } from '../../money/view/worth'
import { monthName, monthOf, months } from '../../frame/shared/months'
import { earned as t } from '../../../language/en/earned'

/** What a person was paid for in a month, and the file for their accounts. */
export default function StatementPage() {
  const heading = useTitle(t('statement'))
  const now = monthOf(Date.now())
  const [month, setMonth] = useState(now)
  const first = useLoad(() => page(month), [month])
  const of = first.value?.month === month ? first.value : undefined
  const [more, setMore] = useState<StatementLine[]>([])
  const [next, setNext] = useState<string>()
  const [error, setError] = useState<unknown>()
  useEffect(() => (setMore([]), setNext(of?.next)), [of])
  useEffect(() => void refreshMe(), [])
  const attempt = (work: Promise<void>) => (setError(undefined), void work.catch(setError))
  const further = async () => {
    const rest = await page(month, next)
    setMore([...more, ...rest.lines])
    setNext(rest.next)
  }
  const save = async () => void (await download(`tasknet-${month}.csv`, 'text/csv', await fileAsRespondent(`/v1/me/statement.csv?month=${month}`)))
  return (
    <Phone>
      <Back />
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {t('statement')}
        </h1>
        <div class="line bottom">
          <label class="field grow">
            <span>{t('month')}</span>
            <select class="input" value={month} onChange={(e) => setMonth(e.currentTarget.value)}>
              {months(first.value?.since ?? now, now).map((m) => (
                <option value={m}>{monthName(m)}</option>
              ))}
            </select>
          </label>
          <button type="button" class="btn" disabled={!of} onClick={() => attempt(save())}>
            {t('csv')}
          </button>
        </div>
        <Missing of={first} what={t('missingStatement')} />
        {error !== undefined && <Trouble error={error} />}
        {of && (
          <>
            <dl class="facts2 small">
              <dt>{t('becameYours')}</dt>
              <dd>
                <Money of={of.earned} symbol={of.symbol} /> <Worth of={micro(of.earned)} />
              </dd>
              {micro(of.waited) > 0n && (
                <>
                  <dt>{t('beganToWait')}</dt>
                  <dd>
                    <Money of={of.waited} symbol={of.symbol} />
                  </dd>
                </>
              )}
              {micro(of.forfeited) > 0n && (
                <>
                  <dt>{t('willNotBePaid')}</dt>
                  <dd>
                    <Money of={of.forfeited} symbol={of.symbol} />
                  </dd>
                </>
              )}
            </dl>
            {of.count === 0 ? (
              <p class="sec">{t('nothingIn', { month: monthName(month) })}</p>
            ) : (
              <section>
                <h2 class="small">{t('lines', { n: of.count })}</h2>
                <ul class="rows small">
                  {[...of.lines, ...more].map((line) => (
                    <Row key={line.entry} line={line} symbol={of.symbol} />
                  ))}
                </ul>
                {next && (
                  <button type="button" class="btn slim" onClick={() => attempt(further())}>
                    {t('furtherLines')}
                  </button>
                )}
              </section>
            )}
            <p class="cap">{t('daysUtc')}</p>
          </>
        )}
      </main>
    </Phone>
  )
}

function page(month: string, cursor = ''): Promise<Statement> {
  return asRespondent<Statement>(`/v1/me/statement?limit=100&month=${month}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
}

const what = { answer: 'whatAnswer', released: 'whatReleased', forfeited: 'whatForfeited', bonus: 'whatBonus', work: 'whatWork' } as const

function where({ state, epoch }: StatementLine): string {
  switch (state) {
    case 'waiting':
      return t('whereWaiting')
    case 'yours':
      return t('whereYours')
    case 'in_epoch':
      return t('whereEpoch', { epoch: epoch ?? '' })
    case 'on_chain':
      return t('whereChain', { epoch: epoch ?? '' })
    case 'forfeited':
      return t('whereForfeited')
  }
}

function Row({ line, symbol }: { line: StatementLine; symbol: string }) {
  return (
    <li>
      <span>
        <b>{utcDay(line.at)}</b> {line.question ? <a href={`/verify/${line.question}`}>{t(what[line.what])}</a> : t(what[line.what])}
        <span class="cap block">
          {where(line)} {line.tx && <Hash of={line.tx} name={t('claimTx')} />}
        </span>
      </span>
      <span class="end">
        <Money of={line.amount} symbol={symbol} />
      </span>
    </li>
  )
}
