const drawings = {
  undo: 'M9 5 4 10l5 5M4 10h10a5 5 0 0 1 0 10h-4',
  remove: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  adjust: 'M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3',
  hand: 'M8 12V6a1.5 1.5 0 0 1 3 0v5M11 11V4.5a1.5 1.5 0 0 1 3 0V11M14 11V6a1.5 1.5 0 0 1 3 0v8a6 6 0 0 1-6 6c-3 0-4-1-6-4l-2-3a1.6 1.6 0 0 1 2.6-1.5L8 14',
  eraser: 'M4 15 14 5l6 6-9 9H8zM10 9l6 6M8 20h12',
  left: 'M19 12H5M11 6l-6 6 6 6',
  right: 'M5 12h14M13 6l6 6-6 6',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  lift: 'M5 8h14M5 12h14M5 16h14',
  play: 'M7 4v16l13-8z',
  pause: 'M8 4v16M16 4v16',
  replay: 'M5 4v6h6M5.5 10a8 8 0 1 1-1 6',
}

export type Drawing = keyof typeof drawings

/** The icons of tools, in the manner of the others. */
export function ToolIcon({ of, size = 22 }: { of: Drawing; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
      <path d={drawings[of]} />
    </svg>
  )
}
