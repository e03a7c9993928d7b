import { useEffect, useRef, useState } from 'preact/hooks'
import type { Image } from '../../api/shared/wire'
import { Icon } from '../../frame/view/parts'
import type { Medium } from '../shared/deck'
import { useKeys } from './keys'

interface Props {
  image: Image
  medium: Medium
  again: () => void
  /** Whether the Z key enlarges it. */
  shortcut?: boolean
  /** What a tap on it does; the same can be done by a button. */
  pick?: () => void
}

/** A picture of a question, in a box that has its size before the picture is there. */
export function PictureBox({ image, medium, again, shortcut = false, pick }: Props) {
  const [open, setOpen] = useState(false)
  useKeys((key) => {
    if (!shortcut || key.toLowerCase() !== 'z') return false
    setOpen(true)
    return true
  })
  const alt = image.alt || 'A picture; the requester did not describe it'
  return (
    <figure class="media" style={{ '--ratio': image.width / image.height }}>
      {medium.state === 'ready' && <img src={medium.url} width={image.width} height={image.height} alt={alt} decoding="async" class={pick ? 'tappable' : undefined} onClick={pick} />}
      {medium.state === 'loading' && <span class="sr">The picture is loading: {alt}</span>}
      <Lost medium={medium} again={again} />
      {medium.state === 'ready' && (
        <button type="button" class="tool" aria-label="Enlarge the picture" aria-keyshortcuts={shortcut ? 'z' : undefined} onClick={() => setOpen(true)}>
          <Icon of="enlarge" />
        </button>
      )}
      {open && medium.state === 'ready' && <Zoom url={medium.url} image={image} alt={alt} close={() => setOpen(false)} />}
    </figure>
  )
}

/** Says that a file did not come, or is another one; nothing while all is well. */
export function Lost({ medium, again, what = 'picture' }: { medium: Medium; again: () => void; what?: string }) {
  if (medium.state === 'failed') {
    return (
      <div class="over" role="alert">
        <p>The {what} did not load. Retry, or skip without loss.</p>
        <button type="button" class="btn slim" onClick={again}>
          Retry
        </button>
      </div>
    )
  }
  if (medium.state !== 'wrong') return null
  return (
    <div class="over" role="alert">
      <p>
        <b>This is not the {what} that was asked about.</b> Its fingerprint is another one, so the question cannot be answered. Skip it.
      </p>
    </div>
  )
}

const steps = [1, 1.5, 2, 3, 4, 6]

/** The picture as large as the screen, and larger: by buttons, + and -, or a double tap. */
function Zoom({ url, image, alt, close }: { url: string; image: Image; alt: string; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [step, setStep] = useState(0)
  const turn = (by: number) => setStep((s) => Math.min(steps.length - 1, Math.max(0, s + by)))
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      class="zoom"
      aria-label="The picture, enlarged"
      onClose={close}
      onKeyDown={(event) => {
        if (event.key === '+' || event.key === '=') turn(1)
        if (event.key === '-') turn(-1)
      }}
    >
      <div class="pan" tabIndex={0} onDblClick={() => setStep(step === 0 ? 2 : 0)}>
        <img src={url} alt={alt} width={image.width} height={image.height} style={{ '--zoom': steps[step], '--ratio': image.width / image.height }} />
      </div>
      <div class="tools">
        <button type="button" class="btn" aria-label="Smaller" disabled={step === 0} onClick={() => turn(-1)}>
          <Icon of="minus" />
        </button>
        <button type="button" class="btn" aria-label="Larger" disabled={step === steps.length - 1} onClick={() => turn(1)}>
          <Icon of="plus" />
        </button>
        <button type="button" class="btn main" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  )
}
