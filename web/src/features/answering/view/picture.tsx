import type { ComponentType } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Image } from '../../api/shared/wire'
import { Icon } from '../../frame/view/parts'
import type { Medium } from '../shared/deck'
import { previewOf } from '../shared/preview'
import { useKeys } from './keys'
import { answering as t } from '../../../language/en/answering'
import { rich } from '../../../language/rich'

interface Props {
  image: Image
  medium: Medium
  again: () => void
  /** Whether the Z key enlarges it. */
  shortcut?: boolean
  /** What a tap on it does; the same can be done by a button. */
  pick?: () => void
}

type Zoomed = ComponentType<{ url: string; image: Image; alt: string; close: () => void }>

/** A picture of a question, in a box that has its size before the picture is there. */
export function PictureBox({ image, medium, again, shortcut = false, pick }: Props) {
  const [open, setOpen] = useState<{ Zoom: Zoomed }>()
  const wanted = useRef(false)
  const enlarge = () => {
    if (medium.state !== 'ready' || wanted.current) return
    wanted.current = true
    void import('./zoom').then(setOpen, () => undefined).then(() => (wanted.current = false))
  }
  useKeys((key) => {
    if (!shortcut || key.toLowerCase() !== 'z') return false
    enlarge()
    return true
  })
  const preview = previewOf(image)
  const alt = image.alt || t('notDescribed')
  return (
    <figure class="media" style={{ '--ratio': image.width / image.height }} onTouchStart={(event) => event.touches.length === 2 && enlarge()}>
      {medium.state === 'ready' && <img src={medium.url} width={image.width} height={image.height} alt={alt} decoding="async" class={pick ? 'tappable' : undefined} onClick={pick} />}
      {medium.state === 'loading' && preview && <img src={preview} alt="" />}
      {medium.state === 'loading' && <span class="sr">{t('pictureLoading', { alt })}</span>}
      <Lost medium={medium} again={again} />
      {medium.state === 'ready' && (
        <button type="button" class="tool" aria-label={t('enlarge')} aria-keyshortcuts={shortcut ? 'z' : undefined} onClick={enlarge}>
          <Icon of="enlarge" />
        </button>
      )}
      {open && medium.state === 'ready' && <open.Zoom url={medium.url} image={image} alt={alt} close={() => setOpen(undefined)} />}
    </figure>
  )
}

/** Says that a file did not come, or is another one; nothing while all is well. */
export function Lost({ medium, again, what = 'Picture' }: { medium: Medium; again: () => void; what?: 'Picture' | 'Clip' }) {
  if (medium.state === 'failed') {
    return (
      <div class="over" role="alert">
        <p>{t(`lost${what}`)}</p>
        <button type="button" class="btn slim" onClick={again}>
          {t('retry')}
        </button>
      </div>
    )
  }
  if (medium.state !== 'wrong') return null
  return (
    <div class="over" role="alert">
      <p>{rich(t, `wrong${what}`)}</p>
    </div>
  )
}
