import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { shown } from '../../money/shared/amount'
import type { Amount } from '../../api/shared/wire'
import { Unreachable } from '../../api/shared/http'
import { asOf, short, trouble } from '../shared/words'
import type { Cell } from '../shared/cell'
import { frame as t } from '../../../language/en/frame'
import { rich } from '../../../language/rich'

// The small things that pages are made of.

/** The value of a cell, drawn again when it changes. */
export function useCell<T>(cell: Cell<T>): T {
  return usePart(cell, (value) => value)
}

/** What is picked of a cell's value, drawn again only when that changes. */
export function usePart<T, P>(cell: Cell<T>, pick: (value: T) => P): P {
  const [part, set] = useState(() => pick(cell.value))
  useFollow(cell, (value) => set(() => pick(value)))
  return part
}

/** Calls body with a cell's value, now and after each change. */
export function useFollow<T>(cell: Cell<T>, body: (value: T) => void): void {
  const latest = useRef(body)
  latest.current = body
  useEffect(() => {
    const read = () => latest.current(cell.value)
    read()
    return cell.subscribe(read)
  }, [cell])
}

/** Calls body every ms while the page is visible. */
export function useInterval(body: () => void, ms: number): void {
  const latest = useRef(body)
  latest.current = body
  useEffect(() => {
    const timer = setInterval(() => document.hidden || latest.current(), ms)
    return () => clearInterval(timer)
  }, [ms])
}

/** The result of load, and a way to load again. Shown values stay while they are loaded anew. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, keys: unknown[]): { value?: T; error?: unknown; again: () => void } {
  const [state, set] = useState<{ value?: T; error?: unknown }>({})
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    load(abort.signal).then(
      (value) => abort.signal.aborted || set({ value }),
      (error: unknown) => abort.signal.aborted || set((before) => ({ value: before.value, error })),
    )
    return () => abort.abort()
  }, [...keys, turn])
  return { ...state, again: () => setTurn((n) => n + 1) }
}

/** Sets the page's title, and moves the focus to its heading, so that a screen reader reads where it is. */
export function useTitle(title: string): (node: HTMLElement | null) => void {
  useEffect(() => {
    document.title = `${title} · TaskNet`
  }, [title])
  const moved = useRef(false)
  return (node) => {
    if (!node || moved.current) return
    moved.current = true
    if (history.length > 1 && document.activeElement === document.body) node.focus({ preventScroll: true })
  }
}

export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg class="tally" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <g fill="currentColor">
        {[3.5, 8.6, 13.7, 18.8].map((x) => (
          <rect x={x} y="3" width="2.6" height="18" rx="1" />
        ))}
      </g>
      <path class="x thin" d="M1.5 18.5 22.5 5.5" />
    </svg>
  )
}

/** Answers as strokes: solid for the leading choice, half for others, hollow when not yet acknowledged, crossed at a verdict. */
export function Tally({ full = 0, half = 0, hollow = 0, crossed = false, height = 20, label }: { full?: number; half?: number; hollow?: number; crossed?: boolean; height?: number; label?: string }) {
  const total = full + half + hollow
  if (total > 25) {
    return (
      <span class="line tight nowrap" role="img" aria-label={label}>
        <b class="n">{total}</b>
        <Tally full={4} crossed={crossed} height={height} />
      </span>
    )
  }
  if (hollow === total && hollow > 0) {
    return (
      <svg class="tally" width={hollow * 8 + 1} height={height} viewBox={`0 0 ${hollow * 8 + 1} ${height}`} role="img" aria-label={label}>
        {Array.from({ length: hollow }, (_, i) => (
          <rect class="h" x={i * 8 + 1.5} y=".5" width="4" height={height - 1} rx="1" />
        ))}
      </svg>
    )
  }
  const width = Math.max(7, total * 6 + 1)
  return (
    <svg class="tally" width={width} height={height} viewBox={`0 0 ${width} ${height}`} {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' })}>
      {Array.from({ length: full }, (_, i) => (
        <rect x={i * 6 + 1} y="0" width="3" height={height} rx="1" fill="currentColor" />
      ))}
      {Array.from({ length: half }, (_, i) => (
        <rect class="o" x={(full + i) * 6 + 1} y={height / 2} width="3" height={height / 2} rx="1" />
      ))}
      {crossed && total > 0 && <path class="x" d={`M-1 ${height - 3} ${width - 1} 3`} />}
    </svg>
  )
}

/** Strokes in crossed bundles of five: four strokes and the line. */
export function Bundles({ n, height = 22 }: { n: number; height?: number }) {
  const label = t('answers', { n })
  if (n > 40) return <Tally full={4} crossed height={height} label={label} />
  const x = (i: number) => Math.floor(i / 5) * 31 + (i % 5) * 6 + 1
  const width = n === 0 ? 1 : x(n - 1) + 4
  return (
    <svg class="tally" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {Array.from({ length: n }, (_, i) =>
        i % 5 === 4 ? <path class="x" d={`M${x(i - 4) - 2} ${height - 3} ${x(i - 4) + 24} 3`} /> : <rect x={x(i)} y="0" width="3" height={height} rx="1" fill="currentColor" />,
      )}
    </svg>
  )
}

export function Money({ of, symbol }: { of: Amount | bigint; symbol: string }) {
  return (
    <span class="amt" dir="ltr">
      <b>{shown(of)}</b>
      <small>{symbol}</small>
    </span>
  )
}

/** A hash, shortened; a press copies all of it. */
export function Hash({ of, name }: { of: string; name: string }) {
  const [copied, copy] = useCopy()
  return (
    <button class="hash" type="button" title={of} onClick={() => copy(of)}>
      {rich(t, 'hash', { name, value: <bdi dir="ltr">{copied ? t('copiedInline') : short(of)}</bdi>, sr: (inner) => <span class="sr">{inner}</span> })}
    </button>
  )
}

/** Whether something was copied in the last two seconds, and the way to copy. */
export function useCopy(): [boolean, (text: string) => void] {
  const [copied, set] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return [
    copied,
    (text) => {
      void toClipboard(text).then((done) => {
        if (!done) return
        set(true)
        clearTimeout(timer.current)
        timer.current = setTimeout(() => set(false), 2000)
      })
    },
  ]
}

async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // On plain http there is no clipboard object; the old command still works there.
    const area = document.createElement('textarea')
    area.value = text
    area.className = 'sr'
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
}

export function CopyButton({ text, children = t('copy'), class: more = '' }: { text: string; children?: ComponentChildren; class?: string }) {
  const [copied, copy] = useCopy()
  return (
    <button type="button" class={`btn slim ${more}`} onClick={() => copy(text)}>
      <span class="swap">
        <span class={copied ? 'off' : ''}>{children}</span>
        <span class={copied ? '' : 'off'} role="status">
          {copied ? t('copied') : ''}
        </span>
      </span>
    </button>
  )
}

/** What went wrong, in place, with a way on. */
export function Trouble({ error, again, word = t('again') }: { error: unknown; again?: () => void; word?: string }) {
  const { text, code } = trouble(error)
  return (
    <div class="note wrong" role="alert">
      <p>
        {text} {code && <code>{code}</code>}
      </p>
      {again && (
        <button type="button" class="btn slim" onClick={again}>
          {word}
        </button>
      )}
    </div>
  )
}

/** Why a part of a page is not shown. That the server is away is said by the banner above already, so here it is said quietly. */
export function Missing({ of, what }: { of: { value?: unknown; error?: unknown; again: () => void }; what: string }) {
  if (of.error === undefined) return null
  if (!(of.error instanceof Unreachable)) return <Trouble error={of.error} again={of.again} />
  return of.value === undefined ? <p class="small sec pad">{t('missing', { what })}</p> : null
}

/** When the server said what is shown, if it cannot be asked now. */
export function AsOf({ known }: { known: { at: number; old: boolean } | undefined }) {
  return known?.old ? <p class="cap">{t('asOf', { time: asOf(known.at) })}</p> : null
}

/** A line under a page that came without encryption. */
export function PlainHttp() {
  if (globalThis.isSecureContext) return null
  return <p class="cap">{t('plainHttp')}</p>
}

const icons = {
  enlarge: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  tick: 'M4 13l5 5L20 6',
  cross: 'M5 5l14 14M19 5L5 19',
  plus: 'M12 4v16M4 12h16',
  minus: 'M4 12h16',
  back: 'M15 5l-7 7 7 7',
  away: 'M4 20 20 4M3 10a14 14 0 0 1 7-3.7M6.5 14a9 9 0 0 1 4-2.5M17 13.5l.8.6M16 7.500a14 14 0 0 1 5 2.6M11 18.5h3',
}

export function Icon({ of, size = 20 }: { of: keyof typeof icons; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
      <path d={icons[of]} />
    </svg>
  )
}
