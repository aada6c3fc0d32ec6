import { describe, expect, it } from 'vitest'
import { createMemoryLimitStore } from '../limits/memory-limit-store.ts'
import type { DoorRule, Policy } from '../policy/policy.ts'
import { createGuard } from './create-guard.ts'

const limit = { name: 'l', by: 'address', quota: 10, windowMs: 1000 } as const
const door: DoorRule = { authentication: 'none', strangers: [limit], onStoreFailure: 'local' }
const doors = { unmatched: door, read: door, write: door, files: door, secret: door }

function setup(routes: Policy['routes'] = {}) {
  const { routes: table } = createGuard({
    policy: {
      doors,
      unmatched: 'unmatched',
      credentialGuesses: { ...limit, name: 'guesses' },
      clientAddress: { trustedProxies: [] },
      browser: { origins: [] },
      transport: { plainHttp: 'allow' },
      ...(routes === undefined ? {} : { routes }),
    },
    store: createMemoryLimitStore({ clock: { now: () => 0 } }),
  })
  const find = (method: string, path: string) => {
    const { door, route } = table.find(method, path)
    return route === undefined ? undefined : door.name
  }
  return { table, find }
}

const routes = {
  'GET /': 'read',
  'GET /notes': 'read',
  'GET /notes/:id': 'read',
  'POST /notes': 'write',
  'GET /notes/secret': 'secret',
  'GET /files/*': 'files',
  'GET /files/:name/meta': 'read',
} as const

describe('the table of routes', () => {
  it.each([
    ['GET', '/', 'read'],
    ['GET', '/notes', 'read'],
    ['GET', '/notes?page=2', 'read'],
    ['GET', '/notes/7', 'read'],
    ['GET', '/notes/a%20b', 'read'],
    ['GET', '/notes/secret', 'secret'],
    ['GET', '/files/a/b/c.png', 'files'],
    ['GET', '/files/', 'files'],
    ['GET', '/files/a/meta', 'read'],
    ['GET', '/files/a/other', 'files'],
    ['POST', '/notes', 'write'],
    ['HEAD', '/notes/secret', 'secret'],
    ['POST', '/notes/7', undefined],
    ['DELETE', '/notes', undefined],
    ['GET', '/nowhere', undefined],
    ['GET', '/files', undefined],
    ['GET', '', undefined],
    ['OPTIONS', '*', undefined],
    ['GET', 'http://evil.example/notes', undefined],
  ])('%s %s stands at %s', (method, path, expected) => {
    expect(setup(routes).find(method, path)).toBe(expected)
  })

  it('without a route stands the unmatched door', () => {
    const { table } = setup(routes)
    expect(table.find('GET', '/nowhere')).toMatchObject({ door: { name: 'unmatched' }, route: undefined })
    expect(table.find('GET', '/notes/7').route).toEqual({
      method: 'GET',
      pattern: '/notes/:id',
      door: 'read',
    })
  })

  it('literal text wins over a parameter, a parameter over the rest, whatever the order', () => {
    const { find } = setup({ 'GET /*': 'files', 'GET /a/:b/c': 'read', 'GET /a/b/:c': 'write' })
    expect(find('GET', '/a/b/c')).toBe('write')
    expect(find('GET', '/a/x/c')).toBe('read')
    expect(find('GET', '/a/x/y')).toBe('files')
    expect(find('GET', '/')).toBe('files')
  })

  it('HEAD has its own route or the one of GET, and no door of its own weakens another path', () => {
    const { find } = setup({ 'GET /n/:id': 'read', 'GET /n/secret': 'secret', 'HEAD /n/:id': 'files' })
    expect(find('HEAD', '/n/7')).toBe('files')
    expect(find('HEAD', '/n/secret')).toBeUndefined()
  })

  it('adapters add routes, twice the same is once', () => {
    const { table, find } = setup()
    table.add('GET', '/a', 'read')
    table.add('GET', '/a', 'read')
    table.add('PUT', '*', 'write')
    table.add('GET', '/shop/:id(\\d+).html', 'files')
    table.add('GET', '/static*', 'files')
    expect(table.list()).toHaveLength(4)
    expect([find('PUT', '/x/y'), find('GET', '/shop/7.html'), find('GET', '/static/x')]).toEqual([
      'write',
      'files',
      'files',
    ])
  })

  it('a route without a door, at two doors or without a slash is refused', () => {
    const { table } = setup({ 'GET /a': 'read' })
    const code = (add: () => void) => {
      try {
        add()
      } catch (error) {
        return Object(error).code
      }
    }
    expect(code(() => table.add('GET', '/b', 'nowhere'))).toBe('door_unknown')
    expect(code(() => table.add('GET', '/a', 'write'))).toBe('bad_route')
    expect(code(() => table.add('GET', 'a', 'read'))).toBe('bad_route')
  })
})
