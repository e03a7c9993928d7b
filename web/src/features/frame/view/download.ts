import { shell } from '../../../shell/seam'

/** Saves a text as a file. */
export function download(name: string, type: string, text: string): Promise<boolean> {
  return save(new Blob([text], { type }), name)
}

/**
 * Saves a file: by the browser, which may ask the person first, and reads the file only then; or by the app, whose browser saves
 * nothing. False when the person thought better of it, which a browser does not tell. Throws what the app refuses it by.
 */
export async function save(file: Blob, name: string): Promise<boolean> {
  if (shell) return shell.save(file, name)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return true
}
