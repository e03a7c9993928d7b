import type { ComponentChildren } from 'preact'
import { Icon } from '../../../frame/view/parts'
import { useKeys } from '../keys'
import { ToolIcon, type Drawing } from './icons'
import type { Stage } from './stage'
import { useRepeat } from './repeat'
import { Send, type WidgetProps } from './widget'
import { widgets as t } from '../../../../language/en/widgets'

// What the widgets that mark with classes have in common under the thumb.

/** The most pixels of the screen that an arrow moves while it is held. */
const fast = 8

/** The classes as a row that scrolls; the current one is pressed. One class needs no row. */
export function Classes({ names, current, choose, disabled }: { names: string[]; current: number | undefined; choose: (cls: number) => void; disabled: boolean }) {
  if (names.length < 2) return null
  return (
    <div class="classes" role="group" aria-label={t('class')}>
      {names.map((name, i) => (
        <button type="button" key={i} class={`cls c${i % 5}`} aria-pressed={current === i} aria-keyshortcuts={i < 9 ? String(i + 1) : undefined} disabled={disabled} onClick={() => choose(i)}>
          {name}
        </button>
      ))}
    </div>
  )
}

/** The digits choose one of n classes. */
export function useClassKeys(n: number, choose: (cls: number) => void, disabled: boolean): void {
  useKeys((key) => {
    const cls = Number(key) - 1
    if (disabled || !/^[1-9]$/.test(key) || cls >= n) return false
    choose(cls)
    return true
  })
}

/** Sends what is marked, if there is any; as long as there is none, that there is nothing to mark. */
export function SendMarks({ any, closed, give, send, children }: Pick<WidgetProps, 'closed' | 'give'> & { any: boolean; send: () => void; children: ComponentChildren }) {
  return (
    <Send ready={any && !closed} none={{ label: t('noneHere'), ready: !any && !closed, send: () => give({ value: [] }) }} send={send}>
      {children}
    </Send>
  )
}

export function ToolButton({ icon, name, pressed, disabled, press }: { icon: Drawing; name: string; pressed?: boolean; disabled?: boolean; press: () => void }) {
  return (
    <button type="button" class="toolbtn" aria-label={name} title={name} aria-pressed={pressed} disabled={disabled} onClick={press}>
      <ToolIcon of={icon} />
    </button>
  )
}

/** Hand, smaller, larger: what two fingers do, by one. */
export function Look({ of, disabled }: { of: Stage; disabled: boolean }) {
  return (
    <>
      <ToolButton icon="hand" name={t('movePicture')} pressed={of.hand} disabled={disabled || !of.zoomed} press={() => of.setHand(!of.hand)} />
      <button type="button" class="toolbtn" aria-label={t('smaller')} title={t('smaller')} disabled={disabled || !of.zoomed} onClick={() => of.turn(-1)}>
        <Icon of="minus" size={22} />
      </button>
      <button type="button" class="toolbtn" aria-label={t('larger')} title={t('larger')} disabled={disabled} onClick={() => of.turn(1)}>
        <Icon of="plus" size={22} />
      </button>
    </>
  )
}

const arrows = [
  ['left', -1, 0],
  ['up', 0, -1],
  ['down', 0, 1],
  ['right', 1, 0],
] as const

/** Arrows for who cannot drag, or wants it to the pixel: a press is one step, holding goes on by more. */
export function Arrows({ step, names, press }: { step: number; names: { [way in 'left' | 'up' | 'down' | 'right']: string }; press: (dx: number, dy: number) => void }) {
  const presses = useRepeat<readonly [number, number]>(([dx, dy], held) => press(dx * step * (held ? fast : 1), dy * step * (held ? fast : 1)))
  return (
    <span class="arrows" dir="ltr">
      {arrows.map(([way, dx, dy]) => (
        <button type="button" key={way} class="toolbtn" aria-label={names[way]} title={names[way]} {...presses([dx, dy])}>
          <ToolIcon of={way} />
        </button>
      ))}
    </span>
  )
}

/** A label beside what is marked, over any picture. */
export function Tag({ x, y, children }: { x: number; y: number; children: string }) {
  const text = [...children].length > 18 ? `${[...children].slice(0, 17).join('')}…` : children
  return (
    <g class="tag" transform={`translate(${x} ${Math.max(0, y - 20)})`}>
      <rect width={[...text].length * 7.2 + 10} height="20" rx="3" />
      <text x="5" y="14.5">
        {text}
      </text>
    </g>
  )
}

/** What is drawn, in words, for who does not see it. */
export function InWords({ told, items }: { told: string; items: string[] }) {
  return (
    <div class="sr">
      <p role="status">{told}</p>
      <ol aria-label={t('marked')}>
        {items.map((item, i) => (
          <li key={i}>{item}</li>
        ))}
      </ol>
    </div>
  )
}

export function Tools({ children }: { children: ComponentChildren }) {
  return (
    <div class="toolrow" role="group" aria-label={t('tools')}>
      {children}
    </div>
  )
}
