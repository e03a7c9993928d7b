/** What is wrong, and what to do, in words for the person. */
export class Told extends Error {}
