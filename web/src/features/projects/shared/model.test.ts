import { expect, test } from 'vitest'
import type { ModelStatus, Project } from '../../api/shared/projects'
import { mayHelp, modelSays } from './model'

const status: ModelStatus = { state: 'gathering', labels: 30, labels_needed: 200, golds: 5, golds_needed: 59, trainings: 0, known: 0, right: 0, helped: 0, answers_saved: 0, audits: 0 }
const says = (more?: Partial<ModelStatus>) => modelSays({ model_status: more && { ...status, ...more }, answers: 3600 })

test('what is told of a model follows its state', () => {
  expect(says()).toMatchObject({ word: 'off', facts: [] })
  expect(says({})).toMatchObject({ word: 'gathering', shares: [{ what: 'Labels', have: 30, need: 200 }, { what: 'Known answers', have: 5, need: 59 }] })
  expect(says({ problem: 'the node failed' }).problem).toBe('the node failed')
  expect(says({ state: 'training' }).word).toBe('training')
  expect(says({ state: 'measuring' }).word).toBe('measuring')
  expect(says({ state: 'switched_off', reason: '4 of 5' })).toMatchObject({ word: 'switched off', tone: 'bad', problem: '4 of 5' })
})

test('what was measured is told with its interval', () => {
  expect(says({ state: 'helping', known: 200, right: 182, accuracy_low: '0.8620', accuracy_high: '0.9421', helped: 1200, answers_saved: 2400, audits: 1 }).facts).toEqual([
    ['Right', '91.0 %: 182 of 200 known answers'],
    ['Within', '86.2 % and 94.2 %, in 95 of 100 such cases'],
    ['Saved', 'about 2,400 answers, 40.0 % of all that were needed'],
    ['Helped', 'with 1,200 tasks'],
    ['Audits', '1 task that people answered alone'],
  ])
})

test('a model helps choices with a confidence', () => {
  const of = (type: string, policy: string, status = 'running') => mayHelp({ type, quorum: { policy }, status } as unknown as Project)
  expect(of('yes_no', 'confidence:0.95')).toBe(true)
  expect(of('yes_no', 'confidence:0.95', 'cancelled')).toBe(false)
  expect(of('yes_no', 'fixed:3')).toBe(false)
  expect(of('boxes', 'confidence:0.95')).toBe(false)
})
