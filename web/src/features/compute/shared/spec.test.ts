import { describe, expect, test } from 'vitest'
import vectors from '../../../../../compute/testdata/presets.json'
import type { Spec } from '../../api/shared/jobs'
import { presets } from './presets'
import { added, BadSpec, changed, draftOf, isWritten, layerProblem, layerTypes, moved, planned, problemOf, readSpec, removed, specOf } from './spec'

test.each(Object.entries(vectors))('the preset %s is the one that nodes have', (name, { classes, ...spec }) => {
  expect(classes).toBeNull()
  expect(presets[name]!.spec).toEqual(spec)
})

test.each(Object.keys(presets))('the preset %s is the same after it was edited and nothing was changed', (name) => {
  expect(specOf(draftOf(presets[name]!.spec))).toEqual(presets[name]!.spec)
})

describe('a draft', () => {
  const d = draftOf(presets.tabular!.spec)

  test('has layers added, moved and removed', () => {
    const more = added(d, 'conv')
    expect(more.layers.map((l) => l.type)).toEqual(['dense', 'norm', 'dense', 'dropout', 'conv'])
    expect(more.layers.at(-1)!.values).toEqual({ filters: '16' }) // what has a default is left empty
    expect(new Set(more.layers.map((l) => l.id)).size).toBe(5)
    const up = moved(more, more.layers[4]!.id, -1)
    expect(up.layers.map((l) => l.type)).toEqual(['dense', 'norm', 'dense', 'conv', 'dropout'])
    expect(moved(more, more.layers[4]!.id, 1)).toBe(more)
    expect(moved(more, more.layers[0]!.id, -1)).toBe(more)
    expect(removed(more, more.layers[1]!.id).layers.map((l) => l.type)).toEqual(['dense', 'dense', 'dropout', 'conv'])
    for (const type of Object.keys(layerTypes)) expect(isWritten(added(d, type)), type).toBe(true)
  })

  test('leaves out what was left empty, and what is not its own', () => {
    const changedOne = changed(d, d.layers[0]!.id, { activation: 'tanh', values: { units: '12' } })
    const spec = specOf({ ...changedOne, classes: ' cat \n\ndog\n', values: { ...d.values, 'augment.shift': '0.1', 'optimizer.momentum': '0.5', 'training.epochs': ' ' } })
    expect(spec.layers[0]).toEqual({ type: 'dense', units: 12, activation: 'tanh' })
    expect(spec.classes).toEqual(['cat', 'dog'])
    expect([spec.augment, spec.optimizer?.momentum, spec.training?.epochs]).toEqual([undefined, undefined, undefined])
    expect(specOf({ ...d, optimizer: 'sgd', values: { 'optimizer.momentum': '0.5' } }).optimizer).toEqual({ type: 'sgd', momentum: 0.5 })
  })

  test('has a loss, and gamma of focal alone', () => {
    const gamma = { 'loss.gamma': '3' }
    expect(specOf({ ...d, values: gamma }).loss).toBeUndefined()
    expect(specOf({ ...d, loss: 'brier', values: gamma }).loss).toEqual({ type: 'brier' })
    expect(specOf({ ...d, loss: 'focal', values: gamma }).loss).toEqual({ type: 'focal', gamma: 3 })
    expect(draftOf({ ...presets.tabular!.spec, loss: { type: 'focal', gamma: 3 } })).toMatchObject({ loss: 'focal', values: gamma })
    expect(isWritten({ ...d, loss: 'focal', values: { 'loss.gamma': '0' } })).toBe(false)
    expect(isWritten({ ...d, values: { 'loss.gamma': '0' } })).toBe(true)
    expect(readSpec(JSON.stringify({ ...presets.tabular!.spec, loss: { type: 'focal' } })).loss).toEqual({ type: 'focal' })
    expect(() => readSpec(JSON.stringify({ ...presets.tabular!.spec, loss: { type: 'hinge' } }))).toThrow('There is no loss hinge')
  })

  test('is planned with stand-ins until there are data', () => {
    expect(planned(specOf(d)).assumed).toEqual(['2 classes', '8 columns'])
    expect(planned(specOf({ ...d, classes: 'a\nb\nc', columns: 'x' })).assumed).toEqual([])
    expect(specOf(d).classes).toBeUndefined()
  })

  test('forgets what training has found out of the data', () => {
    const spec: Spec = { ...presets.tabular!.spec, input: { kind: 'numbers', columns: ['x'], mean: [1], deviation: [2] } }
    expect(specOf(draftOf(spec)).input).toEqual({ kind: 'numbers', columns: ['x'] })
  })
})

test('a field says what is wrong with what is in it', () => {
  const kernel = layerTypes.conv!.fields[1]!
  const rate = layerTypes.dropout!.fields[0]!
  expect(['3', '', '4', '2.5', '0', '99', 'x'].map((text) => problemOf(kernel, text))).toEqual([undefined, undefined, 'An odd number.', 'A whole number.', 'From 1 to 63.', 'From 1 to 63.', 'That is no number.'])
  expect(['0.5', '', '1'].map((text) => problemOf(rate, text))).toEqual([undefined, 'Give a number.', 'From 0.01 to 0.99.'])
})

test('a spec of a file is read, or it is said what is wrong with it', () => {
  expect(readSpec('{"input":{"kind":"words"},"layers":[{"type":"dense","units":8}]}').layers).toHaveLength(1)
  for (const [text, want] of [
    ['{', /no JSON/],
    ['[]', /an object/],
    ['{"input":{"kind":"sound"},"layers":[]}', /words, tokens, numbers, image/],
    ['{"input":{"kind":"constructor"},"layers":[]}', /words, tokens, numbers, image/],
    ['{"input":{"kind":"words"}}', /list/],
    ['{"input":{"kind":"words"},"layers":[{"type":"magic"}]}', /Layer 1 is of no type/],
    ['{"input":{"kind":"words"},"layers":[null]}', /Layer 1 is of no type/],
    ['{"input":{"kind":"words"},"layers":[{"type":"flatten","units":3}]}', /Layer 1 \(flatten\) has no units/],
    ['{"input":{"kind":"words"},"layers":[],"clases":[]}', /no clases/],
    ['{"input":{"kind":"words"},"layers":[],"classes":"yes"}', /lists of names/],
  ] as const) {
    expect(() => readSpec(text), text).toThrow(BadSpec)
    expect(() => readSpec(text), text).toThrow(want)
  }
})

test('an error of the server is put beside the layer that it is about', () => {
  expect(layerProblem('Layer 2 (conv): it looks at images, and gets 64.', 3)).toEqual({ layer: 1, text: 'It looks at images, and gets 64.' })
  expect(layerProblem('Layer 4 (conv): it looks at images.', 3)).toBeUndefined()
  expect(layerProblem('A model has at most 200 layers.', 3)).toBeUndefined()
})
