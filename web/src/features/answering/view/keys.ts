import { useLayoutEffect, useRef } from 'preact/hooks'

/** Calls on for keys that are nobody else's: not those typed into a field, nor those of the browser. What it returns true for is done. */
export function useKeys(on: (key: string) => boolean): void {
  const latest = useRef(on)
  latest.current = on
  // With what is drawn, not after it: a key that is pressed as soon as the question is seen counts.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
      if ((event.target as Element).closest?.('input, textarea, select')) return
      if (latest.current(event.key)) event.preventDefault()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
