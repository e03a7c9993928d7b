import { useEffect, useRef, useState } from 'preact/hooks'
import type { Audio } from '../../api/shared/wire'
import type { Medium } from '../shared/deck'
import { number } from '../../../language/format'
import { useKeys } from './keys'
import { Lost } from './picture'
import { ToolIcon } from './widgets/icons'
import './widgets/widgets.css'
import { widgets as t } from '../../../language/en/widgets'

const speeds = [1, 1.25, 1.5, 2, 0.75]

/** Plays a clip: play and pause, where it is, from the start, and faster or slower. */
export function Player({ medium, again }: { clip: Audio; medium: Medium; again: () => void }) {
  const audio = useRef<HTMLAudioElement>(null)
  const [playing, setPlaying] = useState(false)
  const [at, setAt] = useState(0)
  const [length, setLength] = useState(0)
  const [speed, setSpeed] = useState(1)
  const [broken, setBroken] = useState(false)
  const ready = medium.state === 'ready' && !broken
  useEffect(() => {
    if (audio.current) audio.current.playbackRate = speed
  }, [speed, medium.state])
  // The element tells the time four times a second only; while it plays, the bar follows every frame.
  useEffect(() => {
    if (!playing) return
    let frame = 0
    const follow = () => {
      setAt(audio.current?.currentTime ?? 0)
      frame = requestAnimationFrame(follow)
    }
    follow()
    return () => cancelAnimationFrame(frame)
  }, [playing])
  const toggle = () => {
    const element = audio.current
    if (!element || !ready) return
    if (element.paused) void element.play().catch(() => undefined)
    else element.pause()
  }
  const seek = (to: number) => {
    if (!audio.current) return
    audio.current.currentTime = to
    setAt(to)
  }
  const replay = () => {
    seek(0)
    void audio.current?.play().catch(() => undefined)
  }
  useKeys((key) => {
    if (key.toLowerCase() === 'p') toggle()
    else if (key.toLowerCase() === 'r') replay()
    else return false
    return true
  })
  if (medium.state === 'failed' || medium.state === 'wrong') {
    return (
      <div class="player lost">
        <Lost medium={medium} again={again} what="Clip" />
      </div>
    )
  }
  return (
    <div class="player" role="group" aria-label={t('clip')}>
      {medium.state === 'ready' && (
        <audio
          ref={audio}
          src={medium.url}
          preload="auto"
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          onEnded={() => setPlaying(false)}
          onTimeUpdate={(e) => setAt(e.currentTarget.currentTime)}
          onLoadedMetadata={(e) => setLength(Number.isFinite(e.currentTarget.duration) ? e.currentTarget.duration : 0)}
          onDurationChange={(e) => setLength(Number.isFinite(e.currentTarget.duration) ? e.currentTarget.duration : 0)}
          onError={() => setBroken(true)}
        />
      )}
      <div class="controls">
        <button type="button" class="toolbtn" aria-label={t('fromStart')} aria-keyshortcuts="r" disabled={!ready} onClick={replay}>
          <ToolIcon of="replay" />
        </button>
        <button type="button" class="play" aria-label={playing ? t('pause') : t('play')} aria-keyshortcuts="p" disabled={!ready} onClick={toggle}>
          <ToolIcon of={playing ? 'pause' : 'play'} size={28} />
        </button>
        <button type="button" class="toolbtn n speed" aria-label={t('speed', { speed })} disabled={!ready} onClick={() => setSpeed(speeds[(speeds.indexOf(speed) + 1) % speeds.length]!)}>
          {number(speed)}×
        </button>
      </div>
      {broken ? (
        <p class="small bad" role="alert">
          {t('cannotPlay')}
        </p>
      ) : (
        <>
          <input class="range" type="range" min="0" max={Math.max(0.1, length)} step="0.1" value={at} disabled={!ready || length === 0} aria-label={t('position')} aria-valuetext={t('positionOf', { at: clock(at), length: clock(length) })} style={{ '--v': length > 0 ? at / length : 0 }} onInput={(e) => seek(Number(e.currentTarget.value))} />
          <p class="ends cap n">
            <span>{clock(at)}</span>
            <span>{medium.state === 'loading' ? t('loading') : clock(length)}</span>
          </p>
        </>
      )}
    </div>
  )
}

function clock(seconds: number): string {
  const s = Math.floor(seconds)
  return `${number(Math.floor(s / 60))}:${number(s % 60, { minimumIntegerDigits: 2 })}`
}
