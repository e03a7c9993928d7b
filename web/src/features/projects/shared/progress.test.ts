import { expect, it } from 'vitest'
import type { Project } from '../../api/shared/projects'
import { headline, moves, perStroke, state, strokes } from './progress'

const tally = (tasks: Project['tasks'], most?: number) => {
  const row = strokes(tasks, most)
  return (['done', 'ended', 'open'] as const).map((kind) => row.filter((k) => k === kind).length)
}

it('lets a stroke stand for a round number', () => {
  for (const [all, most, per] of [[1, 50, 1], [50, 50, 1], [51, 50, 2], [101, 50, 5], [8000, 60, 200], [1_000_000, 50, 20_000]] as const) expect(perStroke(all, most)).toBe(per)
})

it('has as many strokes as there are round numbers, whatever was rounded', () => {
  expect(tally({ all: 12, done: 5, ended: 1, open: 6 })).toEqual([5, 1, 6])
  expect(tally({ all: 8000, done: 6412, ended: 28, open: 1560 }, 60)).toEqual([31, 1, 8])
  for (const tasks of [{ all: 999, done: 333, ended: 333, open: 333 }, { all: 100_000, done: 1, ended: 1, open: 99_998 }]) expect(strokes(tasks, 50).length).toBe(Math.ceil(tasks.all / perStroke(tasks.all, 50)))
})

it('shows the first that is done, and the last that is open', () => {
  expect(tally({ all: 100_000, done: 1, ended: 0, open: 99_999 }, 50)).toEqual([1, 0, 49])
  expect(tally({ all: 100_000, done: 99_999, ended: 0, open: 1 }, 50)).toEqual([49, 0, 1])
  expect(strokes({ all: 0, done: 0, ended: 0, open: 0 })).toEqual([])
})

const project = (part: Partial<Project>) => ({ status: 'running', imports: 0, ...part, tasks: { all: 3, open: 3, done: 0, ended: 0, ...part.tasks } }) as Project

it('says in a sentence how it stands', () => {
  expect(headline(project({}))).toBe('3 tasks are open.')
  expect(headline(project({ tasks: { all: 3, open: 1, done: 2, ended: 0 } }))).toBe('1 task is open.')
  expect(headline(project({ tasks: { all: 0, open: 0, done: 0, ended: 0 } }))).toBe('It has no tasks yet.')
  expect(headline(project({ imports: 1, tasks: { all: 0, open: 0, done: 0, ended: 0 } }))).toBe('The first tasks are coming in.')
  expect(headline(project({ status: 'completed', tasks: { all: 3, open: 0, done: 3, ended: 0 } }))).toBe('All 3 tasks are done.')
  expect(headline(project({ status: 'completed', tasks: { all: 3, open: 0, done: 2, ended: 1 } }))).toBe('No task is open; 1 task ended without enough answers.')
  expect(headline(project({ status: 'cancelled', tasks: { all: 3, open: 0, done: 1, ended: 2 } }))).toBe('Cancelled: 2 tasks ended without enough answers.')
  expect(headline(project({ status: 'paused', work: 'pausing' }))).toBe('It is being paused.')
  expect(headline(project({ status: 'paused' }))).toBe('Paused: nobody is asked.')
})

it('offers the moves that the state allows', () => {
  expect(moves(project({}))).toEqual({ pause: true, resume: false, cancel: true, reopen: false })
  expect(moves(project({ status: 'paused' }))).toEqual({ pause: false, resume: true, cancel: true, reopen: false })
  expect(moves(project({ status: 'cancelled', tasks: { all: 3, open: 0, done: 1, ended: 2 } }))).toEqual({ pause: false, resume: false, cancel: false, reopen: true })
  expect(moves(project({ status: 'cancelled', work: 'cancelling' })).reopen).toBe(false)
  expect(moves(project({ status: 'completed', tasks: { all: 3, open: 0, done: 3, ended: 0 } }))).toEqual({ pause: false, resume: false, cancel: false, reopen: false })
  expect(moves(project({ status: 'running', work: 'reopening', problem: 'insufficient_funds' })).resume).toBe(true)
})

it('puts a problem before all else', () => {
  expect(state(project({ problem: 'insufficient_funds', work: 'reopening' }))).toEqual({ word: 'stopped', tone: 'bad' })
  expect(state(project({ work: 'pausing', status: 'paused' })).word).toBe('pausing')
  expect(state(project({}))).toEqual({ word: 'running', tone: 'live' })
})
