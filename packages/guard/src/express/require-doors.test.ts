import express, { type Application, Router } from 'express'
import { describe, expect, it } from 'vitest'
import { createGuard, createMemoryLimitStore, type DoorRule, type Policy } from '../index.ts'
import { guardExpress, requireDoors, unservedRoutes } from './index.ts'

const strangers = [{ name: 'strangers', by: 'address', quota: 3, windowMs: 60_000 }] as const
const open: DoorRule = { authentication: 'none', strangers, onStoreFailure: 'local' }

function setup(routes: Record<string, string>, build: (app: Application) => void = () => undefined) {
  const policy: Policy = {
    doors: { open, other: open },
    unmatched: 'open',
    routes,
    credentialGuesses: { name: 'guesses', by: 'address', quota: 100, windowMs: 60_000 },
    clientAddress: { trustedProxies: [] },
    browser: { origins: [] },
    transport: { plainHttp: 'allow' },
  }
  const guard = createGuard({ policy, store: createMemoryLimitStore({ clock: Date }) })
  const app = express()
  app.use(guardExpress(guard, { identify: () => ({ outcome: 'missing' }) }))
  build(app)
  return app
}
const done = () => undefined

/** The problems, or none. */
function problemsOf(app: Application): unknown {
  try {
    requireDoors(app)
    return []
  } catch (error) {
    return error instanceof Error && 'details' in error ? error.details : error
  }
}

describe('the boot check', () => {
  it('names every route that the policy does not name', () => {
    const notes = Router()
    notes.get('/:id', done).delete('/:id', done)
    const app = setup({ 'GET /notes/:id': 'open' }, (it) => {
      it.use(express.json())
      it.use('/notes', notes)
      it.get('/', done)
      it.post(['/a', '/b'], done)
    })
    expect(problemsOf(app)).toEqual([
      "GET /: the policy's routes do not name it.",
      "POST /a, /b: the policy's routes do not name it.",
      "DELETE /notes/:id: the policy's routes do not name it.",
    ])
    expect(() => requireDoors(app)).toThrowError(
      expect.objectContaining({
        code: 'door_missing',
        message: expect.stringContaining('DELETE /notes/:id'),
      }),
    )
  })

  it('passes what the policy names, in routers within routers, with optional parts and wildcards', () => {
    const inner = Router().get('/', done).get('/deep{/:tail}', done)
    const outer = Router().use('/inner', inner)
    const app = setup(
      {
        'GET /v1/inner': 'open',
        'GET /v1/inner/deep': 'open',
        'GET /v1/inner/deep/:tail': 'open',
        'GET /files/*': 'open',
        'GET /': 'open',
        'PUT /any/:id': 'open',
        'PATCH /any/:id': 'other',
      },
      (it) => {
        it.use('/v1/', outer)
        it.get('/files/*path', done)
        it.get('/', done)
        it.all('/any/:thing', done)
      },
    )
    expect(problemsOf(app)).toEqual([])
    expect(unservedRoutes(app)).toEqual([])
  })

  it('a catch-all of the policy names nothing but a catch-all', () => {
    const named = setup({ 'GET /*': 'open' }, (it) => it.get('/{*rest}', done))
    expect(problemsOf(named)).toEqual([])
    const app = setup({ 'GET /*': 'open' }, (it) => it.get('/admin', done))
    expect(problemsOf(app)).toEqual(["GET /admin: the policy's routes do not name it."])
  })

  it.each<[string, Record<string, string>, (app: Application) => void, string]>([
    [
      'a handler at two doors',
      { 'GET /a': 'open', 'GET /b': 'other' },
      (it) => it.get(['/a', '/b'], done),
      'GET /a, /b: one handler, several doors (open, other).',
    ],
    [
      'a handler half of whose paths have a door',
      { 'GET /a': 'open' },
      (it) => it.get('/a{/:id}', done),
      'GET /a{/:id}: one handler, several doors (none, open).',
    ],
    [
      'a router mounted twice, behind different doors',
      { 'GET /a/x': 'open', 'GET /b/x': 'other' },
      (it) => {
        const twice = Router().get('/x', done)
        it.use('/a', twice).use('/b', twice)
      },
      'GET /a/x, /b/x: one handler, several doors (open, other).',
    ],
    [
      'a route for all methods that the policy names none of',
      { 'GET /a': 'open' },
      (it) => it.all('/b', done),
      "ALL /b: the policy's routes name no method of it.",
    ],
    [
      'a wildcard behind a single segment of the policy',
      { 'GET /files/:name': 'open' },
      (it) => it.get('/files/*path', done),
      "GET /files/*path: the policy's routes do not name it.",
    ],
    [
      'a regular expression',
      {},
      (it) => it.get(/^\/a/, done),
      'The route /^\\/a/ below "/" cannot be read: write its path as text.',
    ],
    [
      'a router at a regular expression',
      {},
      (it) => it.use(/^\/a/, Router()),
      'A router mounted at /^\\/a/ cannot be read: write its path as text.',
    ],
    [
      'a mounted application',
      {},
      (it) => it.use('/sub', express().get('/x', done)),
      'An application mounted below "/" cannot be read: mount a Router instead.',
    ],
  ])('refuses %s', (_, routes, build, problem) => {
    expect(problemsOf(setup(routes, build))).toEqual([problem])
  })

  it('the guard comes first', () => {
    expect(() => requireDoors(express())).toThrowError(expect.objectContaining({ code: 'guard_late' }))
    const late = express().use(express.json())
    late.use(setup({}).router)
    expect(() => requireDoors(late)).toThrowError(expect.objectContaining({ code: 'guard_late' }))
  })

  it('says which update is missing when a router cannot list what is mounted on it', () => {
    const app = setup({})
    Object.defineProperty(app.router, 'listRoutes', { value: undefined })
    expect(() => requireDoors(app)).toThrowError(expect.objectContaining({ code: 'router_too_old' }))
  })

  it('afterwards no route can be added, and checking again changes nothing', () => {
    const notes = Router()
    const app = setup({ 'GET /x': 'open' }, (it) => it.get('/x', done).use('/notes', notes))
    requireDoors(app)
    requireDoors(app)
    expect(() => app.get('/late', done)).toThrow(TypeError)
    expect(() => notes.get('/late', done)).toThrow(TypeError)
  })
})

describe('the other direction', () => {
  it('lists what the policy names and no route serves', () => {
    const app = setup({ 'GET /a': 'open', 'POST /a': 'open', 'GET /old/:id': 'open' }, (it) =>
      it.get('/a', done),
    )
    expect(unservedRoutes(app)).toEqual(['POST /a', 'GET /old/:id'])
  })
})
