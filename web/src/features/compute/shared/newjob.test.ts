import { expect, test } from 'vitest'
import { completed, jobBody, misfit, moduleOf, presetFor } from './newjob'
import { presets } from './presets'
import type { Table } from './table'

const words: Table = { rows: 40, labeled: 30, classes: ['no', 'yes'], columns: ['length'], wordy: ['source'], text: true }
const digits: Table = { rows: 8000, labeled: 8000, classes: ['0', '1'], columns: [], wordy: [], text: false, size: { height: 28, width: 20 } }

test('a preset takes what the file says of itself', () => {
  expect(presetFor('text', words).classes).toEqual(['no', 'yes'])
  expect(presetFor('tabular', words).input).toEqual({ kind: 'numbers', columns: ['length'] })
  expect(presetFor('image', digits).input).toEqual({ kind: 'image', height: 28, width: 20, channels: 1 })
  expect(presetFor('image', { ...digits, size: { height: 41, width: 20 } }).input).toEqual({ kind: 'image', height: 64, width: 64, channels: 3 })
  expect(presets.image!.spec.input.width).toBe(28) // which is left as it was
  expect(completed({ input: { kind: 'numbers', columns: ['a'] }, layers: [], classes: ['x', 'y'] }, words)).toMatchObject({ input: { columns: ['a'] }, classes: ['x', 'y'] })
})

test('a file that does not suit is refused before anything is sent', () => {
  const spec = presetFor('text', words)
  expect(misfit('train', spec, words)).toBeUndefined()
  expect(misfit('infer', spec, { ...words, labeled: 0, classes: [] })).toBeUndefined()
  expect(misfit('evaluate', spec, { ...words, labeled: 0 })).toMatch('no labels')
  expect(misfit('train', spec, { ...words, labeled: 19 })).toMatch('at least 20')
  expect(misfit('train', spec, { ...words, classes: ['yes'] })).toMatch('the same')
  expect(misfit('evaluate', { ...spec, classes: ['no', 'maybe'] }, words)).toMatch('“yes”')
  expect(misfit('train', spec, digits)).toMatch('holds pictures')
  expect(misfit('train', presetFor('image', digits), words)).toMatch('has none')
  expect(misfit('train', spec, { ...words, text: false })).toMatch('no column “text”')
  expect(misfit('train', presetFor('tabular', { ...words, columns: [] }), words)).toMatch('No column')
  const numbers = (...columns: string[]) => ({ ...presetFor('tabular', words), input: { kind: 'numbers', columns } })
  expect(misfit('train', numbers('width'), words)).toMatch('does not have')
  expect(misfit('train', numbers('source'), words)).toMatch('no number')
})

test('the body says what was wished for, and nothing else', () => {
  const plain = { title: ' Mail ', importance: 5, gpu: false, trainer: '', hours: '', partRows: '' }
  const inputs = [{ role: 'data', artefact: 'art_1', name: 'mail.csv' }]
  const spec = presetFor('text', words)
  expect(jobBody('train', plain, spec, undefined, words, inputs)).toEqual({ title: 'Mail', kind: 'train', model: spec, inputs, importance: 5 })
  expect(jobBody('infer', { ...plain, gpu: true, trainer: 'torch', hours: '0.5', partRows: '100' }, spec, { spec, temperature: 1.2, weights: 'art_2' }, words, inputs)).toEqual({
    title: 'Mail', kind: 'infer', model: spec, inputs: [...inputs, { role: 'weights', artefact: 'art_2', name: 'weights.safetensors' }], importance: 5, temperature: 1.2, rows: 40, part_rows: 100, trainer: 'torch', gpu: true, max_seconds: 1800,
  })
})

test('a module of one’s own is two files, and goes without weights', async () => {
  const spec = { input: { kind: 'words' }, classes: ['no', 'yes'] }
  const net = new File(['zip'], 'net.pt')
  const json = (text: string) => new File([text], 'net.json')
  const trained = await moduleOf([json(JSON.stringify(spec)), net])
  expect(trained).toEqual({ spec: { ...spec, script: {} }, temperature: 1, module: net })
  const inputs = [{ role: 'data', artefact: 'art_1', name: 'mail.csv' }, { role: 'script', artefact: 'art_2', name: 'net.pt' }]
  expect(jobBody('infer', { title: 'Mail', importance: 5, gpu: false, trainer: '', hours: '', partRows: '' }, trained.spec, trained, words, inputs)).toEqual({
    title: 'Mail', kind: 'infer', model: trained.spec, inputs, importance: 5, temperature: 1, rows: 40,
  })
  for (const files of [[], [net], [net, net], [net, json('{}'), net]]) await expect(moduleOf(files)).rejects.toThrow('two files together')
  for (const text of ['{', 'null', '{}', '{"input":{"kind":"words"}}']) await expect(moduleOf([net, json(text)])).rejects.toThrow('net.json is no spec')
})
