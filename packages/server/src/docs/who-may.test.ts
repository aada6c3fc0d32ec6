import { expect, it } from 'vitest'
import type { Access } from '../verbs/access.ts'
import { securityOf, whoMay } from './who-may.ts'

it.each<[Access, boolean, string]>([
  [
    { actors: ['anonymous', 'user'], role: 'viewer' },
    false,
    'Open to everybody: no credential is asked for.',
  ],
  [
    { actors: ['anonymous', 'user'], role: 'viewer' },
    true,
    'Open to everybody; whoever is signed in is recognised.',
  ],
  [{ actors: ['user'], role: 'viewer' }, true, 'Anybody who is signed in.'],
  [{ actors: ['user'], role: 'admin' }, true, 'Signed-in admins and owners of the workspace.'],
  [
    { actors: ['user', 'apiKey'], role: 'member', scope: 'jobs:write' },
    true,
    'Anybody who is signed in, except viewers, or an API key with the scope `jobs:write`.',
  ],
  [{ actors: ['apiKey'], scope: 'jobs:read' }, true, 'An API key with the scope `jobs:read`.'],
  [
    { actors: ['operator'], role: 'owner', scope: 'ops:read' },
    true,
    'Signed-in operators, or an API key of an operator with the scope `ops:read`.',
  ],
])('%j at a door that asks: %j', (access, doorAsks, words) => {
  expect(whoMay(access, doorAsks)).toBe(words)
})

it('an open door is open in the OpenAPI document, too', () => {
  expect(securityOf({ actors: ['anonymous', 'user'], role: 'viewer' }, false)).toEqual([])
  expect(securityOf({ actors: ['anonymous', 'user'], role: 'viewer' }, true)[0]).toEqual({})
  expect(securityOf({ actors: ['user'], role: 'viewer' }, true)).toEqual([
    { session: [] },
    { accessToken: [] },
  ])
})
