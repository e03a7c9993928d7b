/**
 * Gives Safari on a phone what it shows while an installed app starts. It takes none from the manifest, but a link to a picture of
 * exactly the screen's size, which may be one that the page drew: so there is no list of all phones' sizes here.
 */
export async function addStartPictures(): Promise<void> {
  const mark = new Image()
  mark.src = '/mark.svg'
  await mark.decode()
  const { width, height } = screen
  const [short, long] = [Math.min(width, height), Math.max(width, height)]
  add(mark, short, long, 'portrait')
  add(mark, long, short, 'landscape')
}

function add(mark: HTMLImageElement, width: number, height: number, orientation: string): void {
  const canvas = document.createElement('canvas')
  canvas.width = width * devicePixelRatio
  canvas.height = height * devicePixelRatio
  const on = canvas.getContext('2d')!
  on.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--paper')
  on.fillRect(0, 0, canvas.width, canvas.height)
  const side = Math.min(canvas.width, canvas.height) / 4
  on.drawImage(mark, (canvas.width - side) / 2, (canvas.height - side) / 2, side, side)
  const link = document.createElement('link')
  link.rel = 'apple-touch-startup-image'
  link.media = `(orientation: ${orientation})`
  link.href = canvas.toDataURL()
  document.head.append(link)
}
