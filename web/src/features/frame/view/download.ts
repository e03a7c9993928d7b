/** Lets the browser save a text as a file. */
export function download(name: string, type: string, text: string): void {
  save(new Blob([text], { type }), name)
}

/** Lets the browser save a file. It may ask the person first, and reads the file only then. */
export function save(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
