import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { canMove, isFinished, jobStates, transitions } from './job-state.ts'

const drawing = readFileSync(new URL('../../../docs/jobs/state-machine.md', import.meta.url), 'utf8')

it('the drawing shows exactly the moves that the code knows', () => {
  const drawn = [...drawing.matchAll(/^ {2}(\[\*\]|\w+) --> (\w+): (.+)$/gm)].map(
    ([, from, to, by]) => `${from === '[*]' ? 'new' : from} -> ${to}: ${by}`,
  )
  expect(drawn).toEqual(transitions.map(({ from, to, by }) => `${from} -> ${to}: ${by}`))
})

it('every state can be reached and only success is for ever', () => {
  for (const state of jobStates) {
    expect(transitions.some((transition) => transition.to === state)).toBe(true)
    expect(jobStates.some((to) => canMove(state, to))).toBe(state !== 'succeeded')
  }
})

it('a finished job is left by a redrive only', () => {
  for (const { from, by } of transitions) {
    if (from !== 'new' && isFinished(from)) expect(by).toContain('redrive')
  }
})
