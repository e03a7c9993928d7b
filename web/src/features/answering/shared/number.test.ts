import { describe, expect, it } from 'vitest'
import { read, step, stride } from './number'

const kilos = { min: '-5', max: '120.5', decimals: 1, unit: 'kg' }
const people = { min: '0', max: '7', decimals: 0 }
const large = { min: '-1000000000000', max: '1000000000000', decimals: 6 }

describe('a typed number', () => {
  it.each([
    ['12.5', '12.5'],
    ['12,50', '12.5'],
    ['007', '7'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-0.0', '0'],
    ['−3', '-3'],
    ['+3', '3'],
    ['1 00', '100'],
    ['120.5', '120.5'],
  ])('%j is signed as %s', (text, value) => expect(read(text, kilos)).toEqual({ value }))
  it.each([
    ['', 'From -5 to 120.5 kg.'],
    ['x', 'Digits only.'],
    ['-', 'Digits only.'],
    ['.', 'Digits only.'],
    ['1.2.3', 'Digits only.'],
    ['1e3', 'Digits only.'],
    ['1.25', 'At most 1 digit after the point.'],
    ['-5.1', 'Not under -5 kg.'],
    ['120.6', 'Not over 120.5 kg.'],
  ])('%j is told why not: %s', (text, problem) => expect(read(text, kilos)).toEqual({ problem }))
  it('is whole where there are no decimals', () => expect([read('3.5', people), read('3.0', people)]).toEqual([{ problem: 'A whole number.' }, { value: '3' }]))
  it('keeps every digit of the largest', () => expect(read('999999999999.999999', large)).toEqual({ value: '999999999999.999999' }))
})

describe('a stepper', () => {
  it('goes by a hundredth of the range, or by the last decimal', () => expect([stride(kilos), stride(people), stride(large)]).toEqual(['2', '1', '20000000000']))
  it('lands on multiples, from between them on the next', () => {
    expect([step('4', kilos, 1), step('4.5', kilos, 1), step('4.5', kilos, -1), step('4', kilos, -1)]).toEqual(['6', '6', '4', '2'])
    expect([step('-3', kilos, 1), step('-3', kilos, -1)]).toEqual(['-2', '-4'])
  })
  it('stays in the range', () => expect([step('120', kilos, 1), step('-4', kilos, -9), step('7', people, 1)]).toEqual(['120.5', '-5', '7']))
  it('begins in the middle', () => expect([step('', kilos, 1), step('x', people, -1)]).toEqual(['56', '3']))
})
