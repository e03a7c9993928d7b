/** A typed text as it is signed: no white space at its ends, no control characters but new lines, no marks that turn the direction of text around. */
export function plainText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\p{Surrogate}/gu, '')
    .trim()
}

/** How many characters a text has, as the server counts them. */
export function length(text: string): number {
  return [...text].length
}
