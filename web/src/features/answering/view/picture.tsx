import { useEffect, useRef, useState } from 'preact/hooks'
import type { Image } from '../../api/shared/wire'
import { Icon } from '../../frame/view/parts'
import type { Picture } from '../shared/deck'

/** The picture of a question, in a box that has its size before the picture is there. */
export function PictureBox({ image, picture, again }: { image: Image; picture: Picture; again: () => void }) {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'z' && !event.ctrlKey && !event.metaKey) setOpen(true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  const alt = image.alt || 'A picture; the requester did not describe it'
  return (
    <figure class="media" style={{ '--ratio': image.width / image.height }}>
      {picture.state === 'ready' && <img src={picture.url} width={image.width} height={image.height} alt={alt} decoding="async" />}
      {picture.state === 'loading' && <span class="sr">The picture is loading: {alt}</span>}
      {picture.state === 'failed' && (
        <div class="over" role="alert">
          <p>The picture did not load. Retry, or skip without loss.</p>
          <button type="button" class="btn slim" onClick={again}>
            Retry
          </button>
        </div>
      )}
      {picture.state === 'wrong' && (
        <div class="over" role="alert">
          <p>
            <b>This is not the picture that was asked about.</b> Its fingerprint is another one, so the question cannot be answered. Skip it.
          </p>
        </div>
      )}
      {picture.state === 'ready' && (
        <button type="button" class="tool" aria-label="Enlarge the picture" aria-keyshortcuts="z" onClick={() => setOpen(true)}>
          <Icon of="enlarge" />
        </button>
      )}
      {open && picture.state === 'ready' && <Zoom url={picture.url} image={image} alt={alt} close={() => setOpen(false)} />}
    </figure>
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
