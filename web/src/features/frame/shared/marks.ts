/** What is said of the marks of questions, in the order in which they are shown. */
export const warnings: { [mark: string]: string } = { violence: 'Violence', blood: 'Blood and injuries', adult: 'Adult content', hate: 'Hateful words', self_harm: 'Self-harm', drugs: 'Drugs' }

/** Those of a question, in words. A newer server may know more. */
export const warned = (marks: readonly string[] | undefined): string => (marks ?? []).map((m) => warnings[m] ?? m).join(', ')

export type Marks = { warnings: string[]; topics: string[] }

