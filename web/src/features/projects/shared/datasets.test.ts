import { expect, it } from 'vitest'
import type { DatasetRow } from '../../api/shared/projects'
import { csv, json, word } from './datasets'

const row: DatasetRow = {
  key: 'm-1, the "first"', hash: 'ab', text: 'Spam?', choices: ['Spam', 'Fine'],
  record: { choice: 1, confidence_ppm: 922146, soft_ppm: [77854, 922146], method: 'ds/1', question: 'q_1' },
  answers: [
    { worker: 'w_1', choice: 1, at: '2026-11-21T10:00:00.000Z' },
    { worker: 'w_2', choice: -1, at: '2026-11-21T10:00:01.000Z' },
  ],
}

it('writes answers as tasks, workers and labels, quoted where needed', () => {
  expect(csv(row)).toBe('"m-1, the ""first""",w_1,Fine\n"m-1, the ""first""",w_2,cannot tell\n')
  expect(csv({ ...row, answers: [] })).toBe('')
})

it('writes a task with its label, soft labels and answers', () => {
  expect(JSON.parse(json(row))).toEqual({
    key: 'm-1, the "first"', text: 'Spam?', choices: ['Spam', 'Fine'], label: 'Fine', soft_label: [0.077854, 0.922146], weight: 0.844292, confidence: 0.922146, method: 'ds/1', question: 'q_1',
    answers: [
      { worker: 'w_1', label: 'Fine', at: '2026-11-21T10:00:00.000Z' },
      { worker: 'w_2', label: 'cannot tell', at: '2026-11-21T10:00:01.000Z' },
    ],
  })
})

it('says nothing where there is no label, and values as they are', () => {
  expect(JSON.parse(json({ ...row, record: { ...row.record, choice: -1, soft_ppm: [] } }))).toMatchObject({ label: null })
  expect(JSON.parse(json({ ...row, record: { ...row.record, choice: -1, soft_ppm: [] } }))).not.toHaveProperty('weight')
  expect(JSON.parse(json({ ...row, record: { ...row.record, confidence_ppm: 500_000 } }))).toMatchObject({ weight: 0.05 })
  const boxes = { ...row, record: { value: [{ class: 0, h: 4, w: 3, x: 1, y: 2 }], confidence_ppm: 1e6, soft_ppm: [], method: 'box-median/1', question: 'q_2' }, answers: [] }
  expect(JSON.parse(json(boxes))).toMatchObject({ label: null, label_value: [{ class: 0, h: 4, w: 3, x: 1, y: 2 }], confidence: 1 })
  expect([word({ value: '12.5' }, []), word({ value: [0, 2] }, ['a', 'b', 'c'])]).toEqual(['12.5', '[0,2]'])
})
