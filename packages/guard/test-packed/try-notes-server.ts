// What every server of the examples does, whatever framework it is written with.
import { startProcess, until } from '@levqor/testing'
import { expect } from 'vitest'
import { environment } from './packed-project.ts'

/** Starts a program of a project that prints `listening on <origin>`, and meets it as a stranger does. */
export async function tryNotesServer(
  folder: string,
  command: string,
  args: readonly string[],
): Promise<void> {
  await using server = await startProcess({
    command,
    args,
    cwd: folder,
    env: environment({ PORT: '0' }),
    readyWhen: /(?:listening on|Local:)\s+(http:\/\/\S+)/,
  })
  const origin = server.ready?.[1]?.replace('[::1]', 'localhost') ?? ''
  const get = (path: string, headers: Record<string, string> = {}) => fetch(origin + path, { headers })
  const key = { authorization: 'Bearer demo-key' }

  const stranger = await get('/api/notes')
  expect([stranger.status, stranger.headers.get('content-type')]).toEqual([
    401,
    'application/problem+json; charset=utf-8',
  ])
  expect(await stranger.json()).toMatchObject({ code: 'credential_missing', request_id: expect.any(String) })

  const known = await get('/api/notes', key)
  expect([known.status, await known.json()]).toEqual([200, { for: 'key_demo' }])
  expect(known.headers.get('ratelimit-policy')).toBe('"by-key";q=120;w=60')
  expect(known.headers.get('content-security-policy')).toContain("default-src 'none'")

  const page = await get('/')
  const csp = page.headers.get('content-security-policy') ?? ''
  const nonces = [...(await page.text()).matchAll(/<script[^>]* nonce="([^"]+)"/g)].map((match) => match[1])
  expect(nonces.length).toBeGreaterThan(0)
  for (const nonce of nonces) expect(csp).toContain(`'nonce-${nonce}'`)
  expect(csp).not.toContain('unsafe-inline')

  const nowhere = await get('/admin')
  expect([nowhere.status, nowhere.headers.get('x-content-type-options')]).toEqual([404, 'nosniff'])
  const unserved = await get('/api/nowhere')
  expect(await unserved.json()).toMatchObject({ status: 404, code: 'not_found' })

  // 20 at once and two more per second.
  const burst = await Promise.all(Array.from({ length: 60 }, () => get('/api/notes', key)))
  expect(burst.some(({ status }) => status === 429)).toBe(true)
  await until(() => server.output().includes('[SECURITY]'), { what: 'an event of the refusals' })
}
