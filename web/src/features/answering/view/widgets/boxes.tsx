import { useRef, useState } from 'preact/hooks'
import { saying } from '../../../../language/en/saying'
import { between, corner, corners, describe, grow, hit, move, stretch, type Corner } from '../../shared/boxes'
import { back, begin, next, type History } from '../../shared/history'
import { regionsMax } from '../../shared/types'
import type { Box, Point } from '../../shared/values'
import { middle, toRoom } from '../../shared/zoom'
import { Arrows, Classes, InWords, Look, SendMarks, Tag, ToolButton, Tools, useClassKeys } from './drawing'
import { StageBox, useStage, type StageKeys, type Tool } from './stage'
import { Frame, type WidgetProps } from './widget'
import { widgets as t } from '../../../../language/en/widgets'

type Drag = { kind: 'new'; from: Point; reach: number } | { kind: 'corner'; corner: Corner; box: Box } | { kind: 'move'; from: Point; box: Box; reach: number }

/** Boxes on a picture: drawn by dragging or by two taps, moved, stretched, named and removed. */
export function Boxes({ card, words, foot, closed, give, start, keep, again }: WidgetProps) {
  const { question } = card.assignment
  const image = question.image!
  const classes = question.choices
  const stage = useStage(image)
  const { view } = stage
  const [history, setHistory] = useState<History<Box[]>>(() => begin(Array.isArray(start) ? (start as Box[]) : []))
  const [live, setLive] = useState<Box[]>() // while a finger is down
  const [selected, setSelected] = useState<number>()
  const [first, setFirst] = useState<Point>() // of two taps
  const [cls, setCls] = useState(0)
  const [adjust, setAdjust] = useState<'off' | 'move' | 'size'>('off')
  const [told, setTold] = useState('')
  const drag = useRef<Drag>(undefined)
  const moving = useRef<Box[]>(undefined) // live, for the event after the next
  const boxes = live ?? history.now
  const box = selected === undefined ? undefined : boxes[selected]

  const commit = (then: Box[], chosen: number | undefined, saying: string) => {
    setHistory((h) => next(h, then))
    setSelected(chosen)
    setFirst(undefined)
    setTold(saying)
    keep(then)
  }
  const preview = (then: Box[] | undefined) => {
    moving.current = then
    setLive(then)
  }
  const add = (made: Box) => {
    if (history.now.length >= regionsMax) return setTold(t('mostBoxes', { n: regionsMax }))
    commit([...history.now, made], history.now.length, t('boxAdded', { i: history.now.length + 1, what: describe(made, classes) }))
  }
  const change = (made: Box) => {
    if (selected !== undefined) commit(history.now.map((b, i) => (i === selected ? made : b)), selected, describe(made, classes))
  }
  const remove = () => {
    if (selected === undefined) return
    commit(history.now.filter((_, i) => i !== selected), undefined, t('boxRemoved', { i: selected + 1, left: saying('boxes', { n: history.now.length - 1 }) }))
  }
  const undo = () => {
    if (first) return setFirst(undefined)
    const before = back(history)
    setHistory(before)
    setSelected(undefined)
    setTold(t('undoneNow', { now: saying('boxes', { n: before.now.length }) }))
    keep(before.now)
  }
  const choose = (to: number) => {
    setCls(to)
    if (box && box.class !== to) change({ ...box, class: to })
  }
  const select = (index: number | undefined) => {
    setSelected(index)
    setFirst(undefined)
    const chosen = index === undefined ? undefined : history.now[index]
    if (chosen) {
      setCls(chosen.class)
      setTold(t('boxAt', { i: index! + 1, all: history.now.length, what: describe(chosen, classes) }))
    }
  }
  /** A box in the middle of what is seen, for who draws by keys or buttons. */
  const addInMiddle = () => {
    const at = middle(view, stage.room)
    const half = Math.min(stage.room.width, stage.room.height) / 6 / view.scale
    add(between({ x: at.x - half, y: at.y - half }, { x: at.x + half, y: at.y + half }, image, cls))
  }
  const nudge = (dx: number, dy: number, size: boolean) => {
    if (box) change(size ? grow(box, dx, dy, image) : move(box, dx, dy, image))
  }

  const tool: Tool = {
    down: (at, reach) => {
      const on = hit(history.now, at, selected, reach)
      if (on?.on === 'corner') drag.current = { kind: 'corner', corner: on.corner, box: history.now[selected!]! }
      else if (on && on.index === selected) drag.current = { kind: 'move', from: at, box: history.now[selected]!, reach }
      else drag.current = { kind: 'new', from: at, reach }
    },
    move: (at) => {
      const held = drag.current
      if (!held) return
      if (held.kind === 'new') {
        if (history.now.length < regionsMax) preview([...history.now, between(held.from, at, image, cls)])
        setFirst(undefined)
      } else {
        const made = held.kind === 'corner' ? stretch(held.box, held.corner, at, image) : move(held.box, at.x - held.from.x, at.y - held.from.y, image)
        preview(history.now.map((b, i) => (i === selected ? made : b)))
      }
    },
    up: (at, tapped) => {
      const held = drag.current
      const drawn = moving.current
      drag.current = undefined
      preview(undefined)
      if (!held) return
      if (!tapped) {
        if (!drawn) return
        if (held.kind === 'new') add(drawn.at(-1)!)
        else change(drawn[selected!]!)
        return
      }
      if (held.kind === 'corner') return
      const under = hit(history.now, at, undefined, held.reach)
      if (first) add(between(first, at, image, cls))
      else if (under?.on === 'box' && under.index !== selected) select(under.index)
      else if (held.kind === 'move') return
      else if (selected !== undefined) select(undefined)
      else setFirst(at)
    },
    cancel: () => {
      drag.current = undefined
      preview(undefined)
    },
  }

  const keys: StageKeys = (key, shift, way) => {
    if (way) {
      if (box) nudge(way[0] * stage.pixel, way[1] * stage.pixel, shift)
      return box !== undefined
    }
    switch (key) {
      case 'a':
        addInMiddle()
        return true
      case 'n':
        if (history.now.length > 0) select(selected === undefined ? 0 : (selected + 1) % history.now.length)
        return true
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
  useClassKeys(classes.length, choose, closed)

  const n = boxes.length
  const main = (
    <StageBox
      of={stage}
      medium={card.media[image.hash]!}
      again={again}
      tool={tool}
      keys={keys}
      disabled={closed}
      label={t('drawn', { what: saying('boxes', { n }) })}
      help={t('boxHelp')}
      tip={first ? t('tapOpposite') : n === 0 ? t('dragBox') : undefined}
    >
      {boxes.map((b, i) => (i === selected ? null : <Outline key={i} box={b} view={view} name={classes.length > 1 ? classes[b.class]! : ''} />))}
      {box && <Chosen box={box} view={view} room={stage.room} name={classes.length > 1 ? classes[box.class]! : ''} />}
      {first && <circle class="firstcorner" cx={toRoom(view, first).x} cy={toRoom(view, first).y} r="9" />}
    </StageBox>
  )
  return (
    <Frame words={words('image')} main={main} foot={foot}>
      <InWords told={told} items={history.now.map((b) => describe(b, classes))} />
      <div class="drawing">
        <Classes names={classes} current={box?.class ?? cls} choose={choose} disabled={closed} />
        <Tools>
          {adjust === 'off' ? (
            <>
              <ToolButton icon="undo" name={t('undoStep')} disabled={closed || (history.past.length === 0 && !first)} press={undo} />
              <ToolButton icon="remove" name={t('removeBox')} disabled={closed || !box} press={remove} />
              <ToolButton
                icon="adjust"
                name={box ? t('byArrows') : t('addByArrows')}
                disabled={closed}
                press={() => {
                  if (!box) addInMiddle()
                  setAdjust('move')
                }}
              />
              <Look of={stage} disabled={closed} />
            </>
          ) : (
            <>
              <ToolButton icon="adjust" name={t('doneArrows')} pressed press={() => setAdjust('off')} />
              <button type="button" class="toolbtn words" disabled={closed || !box} onClick={() => setAdjust(adjust === 'move' ? 'size' : 'move')}>
                {adjust === 'move' ? t('moveWord') : t('sizeWord')}
              </button>
              <Arrows
                step={stage.pixel}
                names={adjust === 'move' ? { left: t('moveLeft'), right: t('moveRight'), up: t('moveUp'), down: t('moveDown') } : { left: t('narrower'), right: t('wider'), up: t('lowerHeight'), down: t('higherHeight') }}
                press={(dx, dy) => !closed && nudge(dx, dy, adjust === 'size')}
              />
            </>
          )}
        </Tools>
      </div>
      <SendMarks any={n > 0} closed={closed} give={give} send={() => give({ value: history.now })}>
        {n < 2 ? t('sendBox') : t('sendBoxes', { n })}
      </SendMarks>
    </Frame>
  )
}

interface Drawn {
  box: Box
  view: Parameters<typeof toRoom>[0]
  name: string
}

function place({ box, view }: Drawn) {
  const at = toRoom(view, box)
  return { x: at.x, y: at.y, width: box.w * view.scale, height: box.h * view.scale }
}

function Outline(props: Drawn) {
  const at = place(props)
  return (
    <g class={`region c${props.box.class % 5}`}>
      <rect class="under" {...at} />
      <rect class="over-line" {...at} />
      {props.name && (
        <Tag x={at.x} y={at.y}>
          {props.name}
        </Tag>
      )}
    </g>
  )
}

/** The selected box: all else is dimmed, and its corners have handles. */
function Chosen({ room, ...props }: Drawn & { room: { width: number; height: number } }) {
  const at = place(props)
  return (
    <g class="region chosen">
      <path class="dim" fill-rule="evenodd" d={`M0 0h${room.width}v${room.height}H0zM${at.x} ${at.y}v${at.height}h${at.width}v${-at.height}z`} />
      <rect class="under" {...at} />
      <rect class="over-line" {...at} />
      {props.name && (
        <Tag x={at.x} y={at.y - 12}>
          {props.name}
        </Tag>
      )}
      {corners.map((c) => {
        const p = toRoom(props.view, corner(props.box, c))
        // On a small box large handles would hide what is in it; they are felt for as far all the same.
        const knob = Math.min(at.width, at.height) < 56 ? 10 : 16
        return (
          <g key={c}>
            {knob > 10 && <circle class="halo" cx={p.x} cy={p.y} r="22" />}
            <rect class="knob" x={p.x - knob / 2} y={p.y - knob / 2} width={knob} height={knob} rx="3" />
          </g>
        )
      })}
    </g>
  )
}
