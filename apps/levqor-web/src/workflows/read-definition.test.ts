import { expect, it } from 'vitest'
import { readInput, readSteps } from './read-definition.ts'

it('lists the steps with their conditions and parameters as text', () => {
  expect(
    readSteps({
      steps: [
        { id: 'page', use: 'http.request', with: { url: '{{ payload.url }}', timeoutMs: 500 } },
        { id: 'mail', use: 'email.send', when: 'payload.notify' },
      ],
    }),
  ).toEqual([
    {
      id: 'page',
      use: 'http.request',
      when: undefined,
      parameters: [
        ['url', '{{ payload.url }}'],
        ['timeoutMs', '500'],
      ],
    },
    { id: 'mail', use: 'email.send', when: 'payload.notify', parameters: [] },
  ])
})

it('describes each input property', () => {
  expect(
    readInput({
      required: ['url'],
      properties: { url: { type: 'string', format: 'uri', description: 'A page' }, mode: { enum: ['a', 1] } },
    }),
  ).toEqual([
    { name: 'url', kind: 'string, uri', required: true, about: 'A page' },
    { name: 'mode', kind: '"a" or 1', required: false, about: undefined },
  ])
})

it('passes over what it does not understand', () => {
  for (const odd of [{}, { steps: 1 }, { steps: [null, 1, { id: 1 }] }]) expect(readSteps(odd)).toEqual([])
  for (const odd of [{}, { properties: [] }]) expect(readInput(odd)).toEqual([])
  expect(readInput({ properties: { a: true } })).toMatchObject([{ kind: 'anything' }])
})
