import type { Image } from '../../api/shared/wire'

/** A picture with fewer bytes comes as soon as its preview would. */
const fromBytes = 60_000
const width = 320

/** Where a picture's preview is, undefined when the picture itself is small. It is no evidence: nobody answers on it. */
export function previewOf(image: Pick<Image, 'url' | 'bytes' | 'width'>): string | undefined {
  return image.bytes >= fromBytes && image.width > width && /^\/(?!\/)/.test(image.url) ? `${image.url}?w=${width}` : undefined
}
