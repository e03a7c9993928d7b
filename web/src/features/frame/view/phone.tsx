import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { reachable } from '../../api/shared/http'
import { shown, sum } from '../../money/shared/amount'
import { unsent } from '../../../outbox/office'
import { Cell } from '../shared/cell'
import { skew } from '../shared/clock'
import { me, onHand } from '../shared/people'
import { place } from '../shared/route'
import { span } from '../shared/words'
import { frame as t } from '../../../language/en/frame'
import { number } from '../../../language/format'
import { LogWarning } from '../../log/view/warning'
import { Icon, Tally, useCell } from './parts'
import { UpdateNote } from './update'

// The frame of the pages that a person who answers sees: banner above, three numbers below.

/** The numbers that are the navigation. */
function Bar() {
  const mine = useCell(me)
  const hand = useCell(onHand)
  const online = useCell(reachable)
  const waiting = useCell(unsent).length
  const path = useCell(place).split('?')[0]
  const total = mine ? sum(mine.earned, mine.held) : undefined
  const answered = mine?.answered ?? 0
  const items: [string, ComponentChildren, string, string][] = [
    ['/', number(online ? Math.max(mine?.available ?? 0, hand) : hand), online ? t('questions') : t('onPhone'), ''],
    ['/earned', total === undefined ? '–' : shown(total), t('earned'), mine?.symbol ?? ''],
    ['/answered', waiting > 0 && !online ? `${number(answered)} + ${number(waiting)}` : number(answered + waiting), t('answered'), ''],
  ]
  return (
    <nav class="bar" aria-label={t('main')}>
      {items.map(([href, n, word, unit]) => (
        <a href={href} aria-current={path === href ? 'page' : undefined}>
          {word}
          <span class="sr">, </span>
          <span class="n" dir="ltr">{n}</span>
          <span class="sr"> {unit}</span>
        </a>
      ))}
    </nav>
  )
}

/** Says that the network is gone, or the server alone, and that nothing is lost by it. */
export function OfflineBanner() {
  const online = useCell(reachable)
  const n = useCell(unsent).length
  if (online) return null
  const server = navigator.onLine // the phone has a network: it is the server that is away
  return (
    <div class="banner" role="status">
      <Icon of="away" />
      <span class="grow">
        <b>
          {t(server ? 'serverAway' : 'youAway')} {n > 0 && t('goOn')}
        </b>
        <br />
        {n > 0 ? t(server ? 'safeServer' : 'safeYou', { n }) : t(server ? 'keepServer' : 'keepYou')}
      </span>
      {n > 0 && n <= 6 && <Tally hollow={n} height={24} label={t('wait', { n })} />}
    </div>
  )
}

/** Less than this need not be said. */
const toldMs = 10 * 60_000

/** Says that this phone's clock is wrong, which changes nothing for the person's answers. */
function ClockNote() {
  const by = useCell(skew)
  const [seen, setSeen] = useState(false)
  if (seen || Math.abs(by) < toldMs) return null
  return (
    <div class="banner" role="status">
      <span class="grow">
        <b>
          {t(by > 0 ? 'clockSlow' : 'clockFast', { by: span(Math.abs(by) / 1000) })}
        </b>
        <br />
        {t('clockMore')}
      </span>
      <button type="button" class="btn bare" onClick={() => setSeen(true)}>
        {t('ok')}
      </button>
    </div>
  )
}

const never = new Cell(false)

/** The frame around a page. While it is deaf, a tap on the page does nothing. */
export function Phone({ children, bar = true, deaf = never }: { children: ComponentChildren; bar?: boolean; deaf?: Cell<boolean> }) {
  return (
    <div class={useCell(deaf) ? 'phone deaf' : 'phone'}>
      <OfflineBanner />
      <LogWarning />
      <ClockNote />
      <UpdateNote />
      {children}
      {bar && <Bar />}
    </div>
  )
}
