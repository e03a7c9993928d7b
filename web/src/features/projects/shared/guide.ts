import type { Guide, ProjectExample } from '../../api/shared/projects'

/** What is shown of a guide: of a project that is there, or of one that is being written. */
export interface Shown {
  name: string
  instructions?: string
  examples: (Omit<ProjectExample, 'image'> & { image?: Pick<NonNullable<Guide['examples'][number]['image']>, 'url' | 'alt'> & { width?: number; height?: number } })[]
}

/** The guide of what its requester writes, where pictures go by their hashes. */
export function shown(written: { name: string; instructions?: string; examples: ProjectExample[] }): Shown {
  return {
    name: written.name.trim(),
    instructions: written.instructions?.trim(),
    examples: written.examples.map(({ image, ...e }) => ({ ...e, ...(image && { image: { url: `/media/${image}` } }) })),
  }
}

/** Whether there is anything to read. */
export function says(guide: Pick<Shown, 'instructions' | 'examples'>): boolean {
  return Boolean(guide.instructions) || guide.examples.length > 0
}
