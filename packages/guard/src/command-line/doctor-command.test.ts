// What `guard doctor` reads, asks and prints.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startTestServer } from '../doctor/test-server.ts'
import { app, folderOf, guard, policyOnly } from './test-command.ts'

const _listening =
  'app.mjs starts to listen when it is imported. Put listen() under if (import.meta.main), or give the file that exports the policy.'
/** What an answer needs to be beyond reproach in development. */
const sound = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
}

describe('guard doctor', () => {
  it('reads an application with the facts it tells', async () => {
    const { status, out } = await guard(['doctor', '--app', app])
    expect(status).toBe(1)
    expect(out).toContain(
      'CRITICAL GUARD-001 A secret is missing\n  GUARD_SECRET: It is not set.\n  → Make one',
    )
    expect(out).toContain(
      'CRITICAL GUARD-030 A protection is turned down\n  switches.limits: It is on observe.',
    )
    expect(out).toContain('NOTICE GUARD-035')
    expect(out).toMatch(/\nNot judged: \d+ checks; --verbose says which and why\.\n/)
    expect(out).toMatch(/\d+ checks passed, 3 findings, 2 notices\. Judged as production\.$/)
    expect(out).toContain('\n  guard doctor --explain GUARD-001\n')
    const verbose = await guard(['doctor', '--app', app, '--verbose'])
    expect(verbose.out).toMatch(/\nNot judged \(it was not told \(facts\.\w+\)\): GUARD-\d+/)
  })

  it('--json gives the report, and notices alone are no failure', async () => {
    const { status, out } = await guard(['doctor', '--app', policyOnly, '--json'])
    const { ok, findings } = JSON.parse(out)
    expect([status, ok]).toEqual([0, true])
    expect(findings.map(({ severity }: { severity: string }) => severity)).toEqual(
      expect.arrayContaining(['notice']),
    )
  })

  it('visits a running server with the application’s routes, as in production and with a credential', async () => {
    const server = await startTestServer('own answers for caches')
    const env = { GUARD_DOCTOR_AUTHORIZATION: 'Bearer visitors-key' }
    const args = ['doctor', '--url', server.url, '--path', '/', '--path', '/notes', '--production']
    const seen = await guard(args, { env })
    expect(seen.status).toBe(1)
    expect(seen.out).toContain('WARNING GUARD-125')
    expect(seen.out).toContain('GET /notes: Cache-Control allows everybody to keep it.')
    expect(seen.out).not.toContain('visitors-key')
    expect(seen.out).toMatch(/\d+ checks passed, 1 finding, 0 notices\. Judged as production\.$/)
    const withCookie = await guard(args, { env: { GUARD_DOCTOR_COOKIE: 'session=1' } })
    expect(withCookie).toMatchObject({ status: 0 })
    await server.close()
    const gone = await guard(args)
    expect(gone).toMatchObject({ status: 1, out: '', error: `Nothing answers at ${server.url}.` })
    const data = await guard([...args, '--json'])
    expect(JSON.parse(data.out).error).toMatchObject({ code: 'probe_unanswered', message: gone.error })
  })

  it('limits that refuse its questions make the report incomplete, status 3', async () => {
    const refusing = createServer((_request, response) => {
      response.writeHead(429, { ...sound, 'retry-after': '75' }).end()
    })
    const url = await new Promise<string>((resolve) =>
      // A listening TCP server has an address with a port.
      refusing.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(refusing.address() as AddressInfo).port}`),
      ),
    )
    const { status, out } = await guard(['doctor', '--url', url, '--wait', '10'])
    expect(out).toMatch(
      /\n\d+ checks passed, 0 findings, \d+ could not be tried \(limits\): wait 75 s and repeat\.$/,
    )
    expect(status).toBe(3)
    const data = await guard(['doctor', '--url', url, '--wait', '10', '--json'])
    expect(JSON.parse(data.out)).toMatchObject({ ok: true, complete: false, retryAfterMs: 75_000 })
    expect(data).toMatchObject({ status: 3, error: '' })
    refusing.close()
  })

  it('waits as the limits ask, says so, and then has asked everything', async () => {
    let patience = 20
    let refused = 0
    const strict = createServer((_request, response) => {
      if (patience-- === 0) setTimeout(() => (patience = 10_000), 900)
      if (patience >= 0) return void response.writeHead(200, sound).end()
      refused++
      response.writeHead(429, { ...sound, 'retry-after': '1' }).end()
    })
    const url = await new Promise<string>((resolve) =>
      // As above.
      strict.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(strict.address() as AddressInfo).port}`),
      ),
    )
    const { out, error } = await guard(['doctor', '--url', url])
    expect(refused).toBe(1)
    expect(error).toBe('The server’s limits refuse; waiting 1 s as they ask (0 of at most 90 s so far).')
    expect(out).not.toContain('could not be tried')
    strict.close()
  })

  it('--explain tells one finding whole', async () => {
    const text = await guard(['doctor', '--explain', 'guard-041'])
    expect(text.out).toMatch(
      /^GUARD-041 Nothing slows an address.*\(warning\)\n\n.*\n\nDo: Add penalties: \{\}/,
    )
    const data = JSON.parse((await guard(['doctor', '--explain', 'GUARD-041', '--json'])).out)
    expect(data).toMatchObject({ code: 'GUARD-041', kind: 'configuration' })
  })

  it('an application that is broken in itself is told without a stack', async () => {
    const server = await startTestServer()
    const code = `import { guard as make } from ${JSON.stringify(app)}
      const whole = await make()
      export const guard = { ...whole, explain() { throw new Error('The table of routes is broken') } }`
    const folder = folderOf({ 'app.mjs': code })
    const { status, error } = await guard(
      ['doctor', '--app', 'app.mjs', '--url', server.url, '--production'],
      { folder },
    )
    expect([status, error]).toEqual([1, 'The table of routes is broken'])
    await server.close()
  })

  it('--catalogue prints every check, as text and as data', async () => {
    const text = await guard(['doctor', '--catalogue'])
    expect(text.out).toMatch(/^# What the doctor finds/)
    const data = JSON.parse((await guard(['doctor', '--catalogue', '--json'])).out)
    for (const { code } of data) expect(text.out).toContain(`## ${code}`)
  })
})
