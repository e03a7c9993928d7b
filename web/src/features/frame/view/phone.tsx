import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { reachable } from '../../api/shared/http'
import { shown, sum } from '../../money/shared/amount'
import { unsent } from '../../../outbox/office'
import { skew } from '../shared/clock'
import { me, onHand } from '../shared/people'
import { place } from '../shared/route'
import { span } from '../shared/words'
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
    ['/', online ? Math.max(mine?.available ?? 0, hand) : hand, online ? 'Questions' : 'On this phone', ''],
    ['/earned', total === undefined ? '–' : shown(total), 'Earned', mine?.symbol ?? ''],
    ['/answered', waiting > 0 && !online ? `${answered} + ${waiting}` : answered + waiting, 'Answered', ''],
  ]
  return (
    <nav class="bar" aria-label="Main">
      {items.map(([href, n, word, unit]) => (
        <a href={href} aria-current={path === href ? 'page' : undefined}>
          {word}
          <span class="sr">, </span>
          <span class="n">{n}</span>
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
  const [gone, back] = navigator.onLine ? ['The server does not answer.', 'it does'] : ['You are offline.', 'you are back']
  return (
    <div class="banner" role="status">
      <Icon of="away" />
      <span class="grow">
        <b>
          {gone} {n > 0 && 'Keep answering.'}
        </b>
        <br />
        {n > 0 ? `${n === 1 ? '1 answer is' : `${n} answers are`} safe on this phone and ${n === 1 ? 'goes' : 'go'} out when ${back}.` : `What you answer is kept on this phone until ${back}.`}
      </span>
      {n > 0 && n <= 6 && <Tally hollow={n} height={24} label={`${n} answers wait`} />}
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
          This phone’s clock is {span(Math.abs(by) / 1000)} {by > 0 ? 'slow' : 'fast'}.
        </b>
        <br />
        Your answers carry the server’s time, so they count. Set the clock by the network when you can.
      </span>
      <button type="button" class="btn bare" onClick={() => setSeen(true)}>
        OK
      </button>
    </div>
  )
}

export function Phone({ children, bar = true, deaf = false }: { children: ComponentChildren; bar?: boolean; deaf?: boolean }) {
  return (
    <div class={deaf ? 'phone deaf' : 'phone'}>
      <OfflineBanner />
      <ClockNote />
      <UpdateNote />
      {children}
      {bar && <Bar />}
    </div>
  )
}
