import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { cover, cut, decode, encode, paint, paste, reached, simplified, weight, type Rect } from '../../shared/mask'
import type { ClassMask, Point } from '../../shared/values'
import { middle, toRoom } from '../../shared/zoom'
import { Classes, InWords, Look, SendMarks, ToolButton, Tools, useClassKeys } from './drawing'
import { paintColours, tint } from './paint'
import { StageBox, useStage, type StageKeys, type Tool } from './stage'
import { Frame, Send, type WidgetProps } from './widget'
import { widgets as t } from '../../../../language/en/widgets'

/** The diameter of the brush on the screen: zooming in paints finer. */
const sizes = { least: 6, usual: 28, most: 96 }

/** How full it is when that is told, and how full it is after it was simplified: there is room to go on. */
const full = { told: 0.5, simplified: 0.8 }


/** What lay under a stroke, piece by piece. */
type Stroke = { rect: Rect; pixels: Uint8Array }[]

/** Areas painted on a picture with a brush and an eraser. */
export function Mask({ card, words, foot, closed, give, start, keep, again }: WidgetProps) {
  const { question } = card.assignment
  const image = question.image!
  const classes = question.choices
  const stage = useStage(image)
  const { view } = stage
  const map = useRef<Uint8Array>(undefined)
  map.current ??= Array.isArray(start) ? decode(start as ClassMask[], image) : new Uint8Array(image.width * image.height)
  const canvas = useRef<HTMLCanvasElement>(null)
  const colours = useRef<Uint8ClampedArray[]>([])
  const strokes = useRef<Stroke[]>([])
  const stroke = useRef<{ last: Point; pieces: Stroke }>(undefined)
  const [used, setUsed] = useState(0) // of what can be sent
  const [parts, setParts] = useState<number[]>(() => (Array.isArray(start) ? cover(map.current!, classes.length) : classes.map(() => 0)))
  const [cls, setCls] = useState(0)
  const [erasing, setErasing] = useState(false)
  const [size, setSize] = useState(sizes.usual)
  const [over, setOver] = useState<Point>() // where a mouse or the keys point
  const [told, setTold] = useState('')
  const ready = card.media[image.hash]!.state === 'ready'
  const radius = size / 2 / view.scale
  const empty = parts.every((p) => p === 0)

  const draw = (rect: Rect) => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    const data = context.createImageData(rect.width, rect.height)
    tint(data.data, map.current!, image, rect, colours.current)
    context.putImageData(data, rect.x, rect.y)
  }
  useLayoutEffect(() => {
    if (!canvas.current) return
    colours.current = paintColours(canvas.current, classes.length)
    if (!empty) draw({ x: 0, y: 0, width: image.width, height: image.height }) // with nothing it takes as long, and would be felt
  }, [ready])

  const latest = useRef(keep)
  latest.current = keep
  // Kept when one leaves: writing all runs of a large picture down after each stroke would be felt.
  useEffect(() => {
    const leave = () => latest.current(encode(map.current!, image))
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [])

  // Not within a stroke: the runs of a large picture take as long as some of its frames.
  useEffect(() => {
    const soon = setTimeout(() => weigh(), 250)
    return () => clearTimeout(soon)
  }, [parts])
  const weigh = (value = encode(map.current!, image)) => {
    const now = weight(value)
    setUsed(now)
    if (now > 1) setTold(t('tooFine'))
    return now
  }

  const dab = (from: Point, to: Point) => {
    const rect = reached(image, from, to, radius)
    if (!rect) return
    stroke.current?.pieces.push({ rect, pixels: cut(map.current!, image, rect) })
    paint(map.current!, image, from, to, radius, erasing ? 0 : cls + 1)
    draw(rect)
  }
  const revert = (pieces: Stroke) => {
    for (const { rect, pixels } of [...pieces].reverse()) {
      paste(map.current!, image, rect, pixels)
      draw(rect)
    }
  }
  const measure = () => {
    const now = cover(map.current!, classes.length)
    setParts(now)
    return now
  }
  const end = () => {
    const held = stroke.current
    stroke.current = undefined
    if (!held || held.pieces.length === 0) return
    strokes.current = [...strokes.current, held.pieces].slice(-100)
    setTold(inWords(measure(), classes).join('. '))
  }
  const undo = () => {
    const last = strokes.current.pop()
    if (!last) return
    revert(last)
    setTold(t('undoneWith', { what: inWords(measure(), classes).join('. ') }))
  }
  const replace = (then: Uint8Array, saying: string) => {
    const rect = { x: 0, y: 0, width: image.width, height: image.height }
    strokes.current.push([{ rect, pixels: map.current! }])
    map.current = then
    draw(rect)
    measure()
    setTold(saying)
  }
  const clear = () => replace(new Uint8Array(map.current!.length), t('paintGone'))
  const simplify = () => {
    replace(simplified(map.current!, image, full.simplified), t('simplified'))
    weigh()
  }

  const tool: Tool = {
    down: (at) => {
      stroke.current = { last: at, pieces: [] }
      setOver(at)
      dab(at, at)
    },
    move: (at) => {
      if (!stroke.current) return
      dab(stroke.current.last, at)
      stroke.current.last = at
      setOver(at)
    },
    up: () => {
      end()
      setOver(undefined)
    },
    cancel: () => {
      if (stroke.current) revert(stroke.current.pieces)
      stroke.current = undefined
      setOver(undefined)
    },
    hover: setOver,
  }

  const keys: StageKeys = (key, shifted, way) => {
    const from = over ?? middle(view, stage.room)
    if (way) {
      const by = shifted ? stage.pixel : radius
      const to = { x: Math.min(image.width, Math.max(0, from.x + way[0] * by)), y: Math.min(image.height, Math.max(0, from.y + way[1] * by)) }
      setOver(to)
      return true
    }
    switch (key) {
      case ' ':
        stroke.current = { last: from, pieces: [] }
        dab(from, from)
        end()
        setOver(from)
        return true
      case 'b':
        setErasing(false)
        return true
      case 'e':
        setErasing(true)
        return true
      case '[':
        setSize((s) => Math.max(sizes.least, s - 6))
        return true
      case ']':
        setSize((s) => Math.min(sizes.most, s + 6))
        return true
      case 'Undo':
        undo()
        return true
    }
    return false
  }
  const choose = (to: number) => {
    setCls(to)
    setErasing(false)
  }
  useClassKeys(classes.length, choose, closed)
  const send = () => {
    const value = encode(map.current!, image)
    if (weigh(value) <= 1) give({ value })
  }

  const at = over && toRoom(view, over)
  // It lies on the picture, so that nothing moves under the brush, and makes way for the brush as long as it can.
  const filling = over === undefined && used > full.told ? t('detail', { n: Math.floor(used * 100) }) : undefined
  const tip = empty ? t('paintTip') : used > 1 ? t('tooFine') : filling
  const main = (
    <StageBox
      of={stage}
      medium={card.media[image.hash]!}
      again={again}
      tool={tool}
      keys={keys}
      disabled={closed}
      label={empty ? t('nothingPainted') : inWords(parts, classes).join('. ')}
      help={t('paintHelp')}
      tip={tip}
      under={<canvas ref={canvas} class="paint" width={image.width} height={image.height} style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }} />}
    >
      {at && !closed && (
        <>
          <circle class="brush under" cx={at.x} cy={at.y} r={size / 2} />
          <circle class="brush over-line" cx={at.x} cy={at.y} r={size / 2} />
        </>
      )}
    </StageBox>
  )
  return (
    <Frame words={words('image')} main={main} foot={foot}>
      <InWords told={told} items={inWords(parts, classes)} />
      <div class="drawing">
        <Classes names={classes} current={erasing ? undefined : cls} choose={choose} disabled={closed} />
        <label class="brushsize">
          <span class="cap">{erasing ? t('eraser') : t('brush')}</span>
          <input class="range" type="range" min={sizes.least} max={sizes.most} value={size} disabled={closed} aria-valuetext={t('pixels', { n: size })} style={{ '--v': (size - sizes.least) / (sizes.most - sizes.least) }} onInput={(e) => setSize(Number(e.currentTarget.value))} />
          <span class="dot" style={{ '--size': `${Math.min(40, size)}px` }} aria-hidden="true" />
        </label>
        <Tools>
          <ToolButton icon="eraser" name={t('eraser')} pressed={erasing} disabled={closed} press={() => setErasing(!erasing)} />
          <ToolButton icon="undo" name={t('undoStroke')} disabled={closed || strokes.current.length === 0} press={undo} />
          <ToolButton icon="remove" name={t('removePaint')} disabled={closed || empty} press={clear} />
          <Look of={stage} disabled={closed} />
        </Tools>
      </div>
      {used > 1 ? (
        <Send ready={!closed} send={simplify}>
          {t('simplify')}
        </Send>
      ) : (
        <SendMarks any={!empty} closed={closed} give={give} send={send}>
          {t('sendPaint')}
        </SendMarks>
      )}
    </Frame>
  )
}

function inWords(parts: number[], classes: string[]): string[] {
  return parts.flatMap((part, i) => (part > 0 ? [t(part < 0.01 ? 'coversUnder' : 'covers', { class: classes[i]!, n: Math.max(1, Math.round(part * 100)) })] : []))
}
