import { expect, it } from 'vitest'
import { blocks } from './prose'

it('parts instructions into paragraphs, headings and lists', () => {
  expect(blocks('Look closely.\nTwice.\n\n## In doubt\n- a bill\n* a ticket\n\n1. first\n2) second\nand so on')).toEqual([
    { kind: 'text', lines: ['Look closely.', 'Twice.'] },
    { kind: 'heading', lines: ['In doubt'] },
    { kind: 'bullets', lines: ['a bill', 'a ticket'] },
    { kind: 'numbers', lines: ['first', 'second'] },
    { kind: 'text', lines: ['and so on'] },
  ])
})

it('leaves alone what only looks like a mark', () => {
  expect(blocks('-5 degrees\n#1 of all\n1.5 m\n<b>no</b>')).toEqual([{ kind: 'text', lines: ['-5 degrees', '#1 of all', '1.5 m', '<b>no</b>'] }])
  expect(blocks(' \n\n')).toEqual([])
})
