import { useRef, useState } from 'preact/hooks'
import { saying } from '../../../../language/en/saying'
import { back, begin, next, type History } from '../../shared/history'
import { cornerAt, describe, near, outline, outlineAt, points, shift, sideAt, whole } from '../../shared/polygons'
import { pointsMax, regionsMax } from '../../shared/types'
import type { Point, Polygon } from '../../shared/values'
import { middle, toRoom, type View } from '../../shared/zoom'
import { Arrows, Classes, InWords, Look, SendMarks, Tag, ToolButton, Tools, useClassKeys } from './drawing'
import { StageBox, useStage, type StageKeys, type Tool } from './stage'
import { Frame, Send, type WidgetProps } from './widget'
import { widgets as t } from '../../../../language/en/widgets'

/** All that can be undone: the outlines, and the corners of the one that is not closed yet. */
interface State {
  done: Polygon[]
  open: Point[]
}

type Drag = { kind: 'new' } | { kind: 'open'; corner: number } | { kind: 'close' } | { kind: 'corner'; corner: number; corners: Point[] } | { kind: 'shift'; from: Point; polygon: Polygon }

/** Outlines on a picture: corner by corner by taps, closed at the first one, their corners moved, added and removed. */
export function Polygons({ card, words, foot, closed, give, start, keep, again }: WidgetProps) {
  const { question } = card.assignment
  const image = question.image!
  const classes = question.choices
  const stage = useStage(image)
  const { view } = stage
  const [history, setHistory] = useState<History<State>>(() => begin({ done: Array.isArray(start) ? (start as Polygon[]) : [], open: [] }))
  const [live, setLive] = useState<State>()
  const [selected, setSelected] = useState<number>()
  const [point, setPoint] = useState<number>() // of the selected outline
  const [cursor, setCursor] = useState<Point>() // for who draws by keys
  const [cls, setCls] = useState(0)
  const [adjust, setAdjust] = useState(false)
  const [told, setTold] = useState('')
  const drag = useRef<Drag>(undefined)
  const moving = useRef<State>(undefined)
  const { done, open } = live ?? history.now
  const chosen = selected === undefined ? undefined : done[selected]
  const used = done.reduce((n, p) => n + p.points.length / 2, 0) + open.length

  const commit = (then: State, saying: string) => {
    setHistory((h) => next(h, then))
    setTold(saying)
    keep(then.done)
  }
  const preview = (then: State | undefined) => {
    moving.current = then
    setLive(then)
  }
  const select = (index: number | undefined) => {
    setSelected(index)
    setPoint(undefined)
    const found = index === undefined ? undefined : history.now.done[index]
    if (found) {
      setCls(found.class)
      setTold(t('outlineAt', { i: index! + 1, all: history.now.done.length, what: describe(found, classes) }))
    }
  }
  const begun = (at: Point): State => ({ done: history.now.done, open: [...history.now.open, whole(at, image)] })
  const full = used >= pointsMax || (history.now.open.length === 0 && done.length >= regionsMax)
  const addPoint = (at: Point) => {
    if (full) return setTold(t('noMoreCorners'))
    const then = begun(at)
    setSelected(undefined)
    commit(then, t('cornerAt', { i: then.open.length, x: then.open.at(-1)!.x, y: then.open.at(-1)!.y }))
  }
  const close = () => {
    if (history.now.open.length < 3) return
    const made = outline(history.now.open, cls)
    commit({ done: [...history.now.done, made], open: [] }, t('closed', { what: describe(made, classes) }))
    setSelected(history.now.done.length)
    setPoint(undefined)
  }
  const replaced = (made: Polygon): State => ({ ...history.now, done: history.now.done.map((p, i) => (i === selected ? made : p)) })
  const change = (made: Polygon) => commit(replaced(made), describe(made, classes))
  const remove = () => {
    if (history.now.open.length > 0) return commit({ ...history.now, open: [] }, t('openRemoved'))
    if (!chosen) return
    if (point !== undefined && chosen.points.length > 6) {
      change(outline(points(chosen).filter((_, i) => i !== point), chosen.class))
      setPoint(undefined)
      return
    }
    commit({ ...history.now, done: history.now.done.filter((_, i) => i !== selected) }, t('outlineRemoved', { i: selected! + 1, left: saying('outlines', { n: history.now.done.length - 1 }) }))
    select(undefined)
  }
  const undo = () => {
    const before = back(history)
    setHistory(before)
    setSelected(undefined)
    setPoint(undefined)
    setTold(t('undoneNow', { now: saying('outlines', { n: before.now.done.length }) }))
    keep(before.now.done)
  }
  const choose = (to: number) => {
    setCls(to)
    if (chosen && chosen.class !== to) change({ ...chosen, class: to })
  }
  const nudge = (dx: number, dy: number) => {
    if (!chosen) return
    if (point === undefined) return change(shift(chosen, dx, dy, image))
    change(outline(points(chosen).map((p, i) => (i === point ? whole({ x: p.x + dx, y: p.y + dy }, image) : p)), chosen.class))
  }

  const tool: Tool = {
    down: (at, reach) => {
      const { open: drawn } = history.now
      setCursor(undefined)
      if (drawn.length > 0) {
        const on = cornerAt(drawn, at, reach)
        if (drawn.length >= 3 && near(drawn[0]!, at, reach)) drag.current = { kind: 'close' }
        else if (on !== undefined) drag.current = { kind: 'open', corner: on }
        else drag.current = { kind: 'new' }
        return
      }
      const corners = chosen ? points(chosen) : []
      const on = cornerAt(corners, at, reach)
      const side = sideAt(corners, at, reach / 2)
      if (on !== undefined) {
        setPoint(on)
        drag.current = { kind: 'corner', corner: on, corners }
      } else if (side !== undefined && !full) {
        setPoint(side + 1)
        drag.current = { kind: 'corner', corner: side + 1, corners: [...corners.slice(0, side + 1), whole(at, image), ...corners.slice(side + 1)] }
        preview(replaced(outline((drag.current as { corners: Point[] }).corners, chosen!.class)))
      } else if (chosen && outlineAt([chosen], at) !== undefined) drag.current = { kind: 'shift', from: at, polygon: chosen }
      else drag.current = { kind: 'new' }
    },
    move: (at) => {
      const held = drag.current
      if (!held || held.kind === 'close') return
      if (held.kind === 'new') {
        if (!full) preview(begun(at))
      } else if (held.kind === 'open') preview({ ...history.now, open: history.now.open.map((p, i) => (i === held.corner ? whole(at, image) : p)) })
      else if (held.kind === 'corner') preview(replaced(outline(held.corners.map((p, i) => (i === held.corner ? whole(at, image) : p)), chosen!.class)))
      else preview(replaced(shift(held.polygon, at.x - held.from.x, at.y - held.from.y, image)))
    },
    up: (at, tapped) => {
      const held = drag.current
      const drawn = moving.current
      drag.current = undefined
      preview(undefined)
      if (!held) return
      if (held.kind === 'close') return close()
      if (held.kind === 'new') {
        const under = outlineAt(history.now.done, at)
        if (tapped && history.now.open.length === 0 && under !== undefined) select(under)
        else if (tapped && history.now.open.length === 0 && selected !== undefined) select(undefined)
        else addPoint(at)
        return
      }
      if (drawn) commit(drawn, held.kind === 'open' ? t('cornerMoved', { i: held.corner + 1 }) : describe(drawn.done[selected!]!, classes))
    },
    cancel: () => {
      drag.current = undefined
      preview(undefined)
    },
  }

  const keys: StageKeys = (key, shifted, way) => {
    if (way) {
      const by = stage.pixel * (shifted ? 10 : 1)
      if (chosen && open.length === 0) nudge(way[0] * by, way[1] * by)
      else setCursor((at) => whole({ x: (at ?? middle(view, stage.room)).x + way[0] * by * 4, y: (at ?? middle(view, stage.room)).y + way[1] * by * 4 }, image))
      return true
    }
    switch (key) {
      case ' ':
      case 'Enter':
        if (chosen) select(undefined)
        setCursor((at) => at ?? whole(middle(view, stage.room), image))
        addPoint(cursor ?? middle(view, stage.room))
        return true
      case 'c':
        close()
        return true
      case 'n':
        if (history.now.done.length > 0 && open.length === 0) select(selected === undefined ? 0 : (selected + 1) % history.now.done.length)
        return true
      case '.':
        if (chosen) nextCorner()
        return chosen !== undefined
      case 'Delete':
      case 'Backspace':
        remove()
        return true
      case 'Undo':
        undo()
        return true
      case 'Escape':
        select(undefined)
        return true
    }
    return false
  }
  const nextCorner = () => {
    if (!chosen) return
    const then = point === undefined ? 0 : (point + 1) % (chosen.points.length / 2)
    setPoint(then)
    setTold(t('cornerOf', { i: then + 1, all: chosen.points.length / 2, x: points(chosen)[then]!.x, y: points(chosen)[then]!.y }))
  }
  useClassKeys(classes.length, choose, closed)

  const n = done.length
  const name = (polygon: Polygon) => (classes.length > 1 ? classes[polygon.class]! : '')
  const main = (
    <StageBox
      of={stage}
      medium={card.media[image.hash]!}
      again={again}
      tool={tool}
      keys={keys}
      disabled={closed}
      label={t('drawn', { what: saying('outlines', { n }) })}
      help={t('outlineHelp')}
      tip={open.length === 0 ? (n === 0 ? t('tapCorners') : undefined) : open.length < 3 ? t('cornersOf', { i: open.length }) : t('tapFirst')}
    >
      {done.map((p, i) => (i === selected ? null : <Outline key={i} polygon={p} view={view} name={name(p)} />))}
      {chosen && <Outline polygon={chosen} view={view} name={name(chosen)} chosen point={point} />}
      {open.length > 0 && <Open corners={open} view={view} />}
      {cursor && <path class="cross-hair" d={hair(toRoom(view, cursor))} />}
    </StageBox>
  )
  return (
    <Frame words={words('image')} main={main} foot={foot}>
      <InWords told={told} items={history.now.done.map((p) => describe(p, classes))} />
      <div class="drawing">
        <Classes names={classes} current={chosen?.class ?? cls} choose={choose} disabled={closed} />
        <Tools>
          {adjust && chosen ? (
            <>
              <ToolButton icon="adjust" name={t('doneArrows')} pressed press={() => setAdjust(false)} />
              <button type="button" class="toolbtn words" disabled={closed} onClick={nextCorner}>
                {t('corner')}
              </button>
              <Arrows step={stage.pixel} names={{ left: t('moveLeft'), right: t('moveRight'), up: t('moveUp'), down: t('moveDown') }} press={(dx, dy) => !closed && nudge(dx, dy)} />
            </>
          ) : (
            <>
              <ToolButton icon="undo" name={t('undoStep')} disabled={closed || history.past.length === 0} press={undo} />
              <ToolButton icon="remove" name={open.length > 0 ? t('removeOpen') : point === undefined ? t('removeOutline') : t('removeCorner')} disabled={closed || (!chosen && open.length === 0)} press={remove} />
              <ToolButton icon="adjust" name={t('cornersByArrows')} disabled={closed || !chosen} press={() => setAdjust(true)} />
              <Look of={stage} disabled={closed} />
            </>
          )}
        </Tools>
      </div>
      {open.length > 0 ? (
        <Send ready={open.length >= 3 && !closed} send={close}>
          {t('closeOutline')}
        </Send>
      ) : (
        <SendMarks any={n > 0} closed={closed} give={give} send={() => give({ value: history.now.done })}>
          {n < 2 ? t('sendOutline') : t('sendOutlines', { n })}
        </SendMarks>
      )}
    </Frame>
  )
}

function hair({ x, y }: Point): string {
  return `M${x - 14} ${y}h28M${x} ${y - 14}v28`
}

function path(corners: Point[], view: View): string {
  return corners.map((p) => toRoom(view, p)).map((p) => `${p.x},${p.y}`).join(' ')
}

function Outline({ polygon, view, name, chosen = false, point }: { polygon: Polygon; view: View; name: string; chosen?: boolean; point?: number }) {
  const corners = points(polygon)
  const drawn = path(corners, view)
  const top = toRoom(view, corners.reduce((a, b) => (b.y < a.y ? b : a)))
  return (
    <g class={`region ${chosen ? 'chosen' : `c${polygon.class % 5}`}`}>
      <polygon class="fill" points={drawn} />
      <polygon class="under" points={drawn} />
      <polygon class="over-line" points={drawn} />
      {name && (
        <Tag x={top.x} y={top.y - (chosen ? 14 : 2)}>
          {name}
        </Tag>
      )}
      {chosen && corners.map((c, i) => <Knob key={i} at={toRoom(view, c)} picked={i === point} />)}
    </g>
  )
}

/** The outline that is being drawn; its first corner is where it closes. */
function Open({ corners, view }: { corners: Point[]; view: View }) {
  const drawn = path(corners, view)
  return (
    <g class="region chosen">
      <polyline class="under" points={drawn} />
      <polyline class="over-line" points={drawn} />
      {corners.map((c, i) => (
        <Knob key={i} at={toRoom(view, c)} picked={false} halo={i === 0 && corners.length >= 3} />
      ))}
    </g>
  )
}

function Knob({ at, picked, halo = picked }: { at: Point; picked: boolean; halo?: boolean }) {
  return (
    <>
      {halo && <circle class="halo" cx={at.x} cy={at.y} r="22" />}
      <rect class={`knob ${picked ? 'picked' : ''}`} x={at.x - 6} y={at.y - 6} width="12" height="12" rx="3" />
    </>
  )
}
