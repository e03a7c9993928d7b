/** Which projects' guides were read on this device, the latest last. */
const place = 'guides-read'
const most = 200

function read(): string[] {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '[]') as string[]
  } catch {
    return [] // no storage here, or a damaged entry
  }
}

export function wasRead(project: string): boolean {
  return read().includes(project)
}

export function noteRead(project: string): void {
  try {
    localStorage.setItem(place, JSON.stringify([...read().filter((p) => p !== project), project].slice(-most)))
  } catch {
    // Without storage the guide is shown again at the next visit.
  }
}
