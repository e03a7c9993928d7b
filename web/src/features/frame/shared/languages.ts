/** The most languages that somebody may say they read. */
export const readsMax = 20

/** The tags in a text, as BCP 47 writes them; undefined when something else is among them. */
export function tagsOf(text: string): string[] | undefined {
  const tags = text.split(/[\s,]+/).filter(Boolean)
  return tags.every((tag) => /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(tag)) ? tags : undefined
}

/** What to say of the languages that somebody reads: what they set, or what their browser says. */
export function reads(set: string[] | undefined, browser: readonly string[]): string[] {
  return (set ?? browser.filter((tag) => tagsOf(tag)?.length === 1)).slice(0, readsMax)
}
