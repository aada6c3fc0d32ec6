// One path, two readings: no spelling of a path leads to a weaker door than the route whose handler runs.
// Real Fastify and real Express are the judges: whatever they route, in whatever spelling, the table finds that
// route's own door, or none.
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import fc from 'fast-check'
import { fastify } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMemoryLimitStore } from '../limits/memory-limit-store.ts'
import type { DoorRule } from '../policy/policy.ts'
import { createGuard } from './create-guard.ts'

const limit = { name: 'l', by: 'address', quota: 10, windowMs: 1000 } as const
const door: DoorRule = { authentication: 'none', strangers: [limit], onStoreFailure: 'local' }
// A door for each route, so that any confusion shows. In the table's order of precedence, because Express takes the
// first route that fits.
const patterns = [
  '/notes/public',
  '/notes/public/list',
  '/notes/:id',
  '/notes/:id/list',
  '/notes',
  '/admin/users',
  '/files/known.txt',
  '/files/*',
]
const nameOf = (pattern: string) => `door.${patterns.indexOf(pattern)}`

const guard = createGuard({
  policy: {
    doors: { unmatched: door, ...Object.fromEntries(patterns.map((pattern) => [nameOf(pattern), door])) },
    unmatched: 'unmatched',
    credentialGuesses: { ...limit, name: 'guesses' },
    clientAddress: { trustedProxies: [] },
    browser: { origins: [] },
    transport: { plainHttp: 'allow' },
    routes: Object.fromEntries(patterns.map((pattern) => [`GET ${pattern}`, nameOf(pattern)])),
  },
  store: createMemoryLimitStore({ clock: { now: () => 0 } }),
})
const found = (path: string) => guard.routes.find('GET', path).route?.pattern

const fastifyApp = fastify({ routerOptions: { ignoreTrailingSlash: false } })
const lenientApp = fastify({ routerOptions: { ignoreTrailingSlash: true, caseSensitive: false } })
const expressApp = express()
let expressUrl = ''
const server = createServer(expressApp)

beforeAll(async () => {
  for (const app of [fastifyApp, lenientApp]) {
    for (const pattern of patterns) app.get(pattern, async () => pattern)
    await app.ready()
  }
  for (const pattern of patterns) {
    // Express gives the rest of a path a name.
    expressApp.get(pattern.replace('*', '*rest'), (_, response) => void response.send(pattern))
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an address with a port.
  expressUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await Promise.all([fastifyApp.close(), lenientApp.close()])
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

/** The pattern whose handler runs, in each framework. */
async function judges(path: string): Promise<(string | undefined)[]> {
  const answers = await Promise.all([fastifyApp.inject(path), lenientApp.inject(path)])
  const byFastify = answers.map(({ statusCode, body }) => (statusCode === 200 ? body : undefined))
  return [...byFastify, await askExpress(path)]
}

function askExpress(path: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(expressUrl, { path, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text) => {
        body += text
      })
      response.on('end', () => resolve(response.statusCode === 200 ? body : undefined))
    })
    call.on('error', reject)
    call.end()
  })
}

const spellings = [
  '/notes/public',
  '/notes/PUBLIC',
  '/NOTES/public',
  '/notes/%70ublic',
  '/notes/%2570ublic',
  '/notes/public/',
  '/notes/public%2F',
  '/notes/public%2flist',
  '/notes/public/%6Cist',
  '/notes/x/LIST',
  '/notes/public;v=1',
  '/notes/public.json',
  '/notes/',
  '/notes//',
  '//notes/7',
  '/notes/.',
  '/notes/..',
  '/notes/%2e%2e',
  '/notes/%2e%2e/admin/users',
  '/notes/../admin/users',
  '/notes/..%2fadmin%2fusers',
  '/notes/..%5cadmin',
  '/notes/7%00',
  '/notes/7%0d%0a',
  '/notes/%zz',
  '/notes/%',
  '/notes/%ff',
  '/notes/%c0%af',
  '/Admin/Users',
  '/admin/users/',
  '/admin%2fusers',
  '/admin/users?x=/notes/public',
  '/admin/users#/notes/public',
  '/files/known.txt',
  '/files/KNOWN.txt',
  '/files/%6bnown.txt',
  '/files/sub/../known.txt',
  '/files/sub//known.txt',
  '/files/',
  '/files',
  '/nowhere',
]

describe('odd spellings of a path', () => {
  it.each(spellings)('%s leads to the door of the handler that runs, or to none', async (path) => {
    const mine = found(path)
    for (const theirs of await judges(path)) {
      if (mine !== undefined && theirs !== undefined) expect(theirs).toBe(mine)
    }
  })

  it.each([
    ['/notes/public', '/notes/public'],
    ['/notes/7', '/notes/:id'],
    ['/notes/a%20b', '/notes/:id'],
    ['/Admin/Users', '/admin/users'],
    ['/%61dmin/users', '/admin/users'],
    ['/files/a/b%20c', '/files/*'],
  ])('%s still finds %s', (path, pattern) => {
    expect(found(path)).toBe(pattern)
  })

  it.each([
    '/notes/..',
    '/notes/%2e%2e',
    '/notes//7',
    '/notes/7%00',
    '/notes/%zz',
    '/files/a%5cb',
    '/notes/PUBLIC',
  ])('%s is no path to anywhere', (path) => {
    expect(found(path)).toBeUndefined()
  })

  it('however the segments of a route are written, the path leads to the door of its handler, or to none', async () => {
    const odd = ['', '.', '..', '%2e', '%2F', '%5c', '%00', '%', ';x', '%20', '%252e', '*', ':id', '%c3%a9']
    const encodeFirst = (text: string) => `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`
    const respell = fc.oneof(
      { weight: 5, arbitrary: fc.constant((text: string) => text) },
      { weight: 2, arbitrary: fc.constant((text: string) => text.toUpperCase()) },
      { weight: 2, arbitrary: fc.constant((text: string) => (text === '' ? text : encodeFirst(text))) },
      { weight: 1, arbitrary: fc.constantFrom(...odd).map((more) => (text: string) => `${text}${more}`) },
      { weight: 1, arbitrary: fc.constantFrom(...odd).map((more) => (text: string) => `${text}/${more}`) },
    )
    const written = fc.tuple(fc.constantFrom(...patterns), fc.array(respell, { minLength: 4, maxLength: 4 }))
    let routed = 0
    await fc.assert(
      fc.asyncProperty(written, async ([pattern, spellings]) => {
        const plain = pattern.replace(':id', 'public').replace('*', 'known.txt').split('/')
        const path = plain.map((text, i) => spellings[i]?.(text) ?? text).join('/')
        const mine = found(path)
        for (const theirs of await judges(path.startsWith('/') ? path : `/${path}`)) {
          if (theirs === undefined) continue
          routed++
          if (mine !== undefined) expect([path, theirs]).toEqual([path, mine])
        }
      }),
      { seed: 7, numRuns: 250 },
    )
    // The judges did run handlers, or nothing would have been compared.
    expect(routed).toBeGreaterThan(200)
  })

  it('10,000 segments, long texts and deep wildcards cost bounded work', () => {
    const started = performance.now()
    for (let i = 0; i < 100; i++) {
      expect(found(`/files${'/a'.repeat(10_000)}`)).toBeUndefined()
      expect(found(`/notes/${'%25'.repeat(5_000)}`)).toBeUndefined()
      expect(found(`/${'/'.repeat(15_000)}`)).toBeUndefined()
    }
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
