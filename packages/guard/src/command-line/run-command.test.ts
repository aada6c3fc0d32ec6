// The command line in this process: help, options, exit statuses, and what the commands print.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { doctorCommand } from './doctor-command.ts'
import { app, commands, folderOf, guard, policyOnly } from './test-command.ts'

const listening =
  'app.mjs starts to listen when it is imported. Put listen() under if (import.meta.main), or give the file that exports the policy.'

describe('guard', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']], [['help', 'frobnicate']]])(
    '%j shows every command',
    async (args) => {
      const { status, out } = await guard(args)
      expect(status).toBe(0)
      for (const { name, summary } of commands) expect(out).toMatch(new RegExp(`${name} +${summary}`))
    },
  )

  it.each(commands.map(({ name }) => name))('%s has help that names each of its options', async (name) => {
    const command = commands.find((it) => it.name === name)
    for (const args of [
      [name, '--help'],
      [name, '-h'],
      ['help', name],
    ]) {
      const { status, out } = await guard(args)
      expect(status).toBe(0)
      for (const option of Object.keys(command?.options ?? {})) expect(out).toContain(`--${option}`)
    }
  })

  it.each([
    [['docter'], 'There is no command "docter". Did you mean doctor?'],
    [['frobnicate'], 'There is no command "frobnicate".\n'],
    [['x'.repeat(100)], 'There is no command "xxxx'],
    [['headers', '--fromat', 'nginx'], 'There is no option --fromat. Did you mean --format?'],
    [['headers', '--zzzzzzzz'], 'There is no option --zzzzzzzz.\n'],
    [['secrets', '-x'], 'There is no option -x.'],
    [
      ['secrets', '--otu=x', '--jsn'],
      'There is no option --otu. Did you mean --out?\nThere is no option --jsn. Did you mean --json?',
    ],
    [['headers'], 'Say for which host: --format nginx|caddy|netlify|vercel|firebase.'],
    [['headers', '--format', 'ngnix'], 'There is no format "ngnix". Did you mean nginx?'],
    [['headers', '--format', 'iis-and-friends'], 'Use one of: nginx, caddy, netlify, vercel, firebase.'],
    [['headers', '--format'], '--format'],
    [['headers', 'surplus', '--format', 'nginx'], '"surplus" is one word too many.'],
    [['explain'], 'Give a method, such as GET.'],
    [['explain', 'GET'], 'Give a path, such as /api/v1/jobs.'],
    [['explain', 'GET', '/', '/more'], '"/more" is one word too many.'],
    [['explain', 'GET', '/'], 'Say which application: --app FILE.'],
    [['explain', 'G/T', '/', '--app', app], '"G/T" is no HTTP method.'],
    [['explain', 'GET', 'notes', '--app', app], 'A path begins with a slash: /notes'],
    [['explain', 'GET', '/', '--app', 'nowhere.ts'], 'There is no file nowhere.ts.'],
    [['doctor'], 'Say what to examine: --app FILE, --url URL, or both.'],
    [['doctor', '--url', 'localhost:3000'], '"localhost:3000" is no http:// or https:// address.'],
    [['explain', 'FETCH', '/', '--app', policyOnly], 'FETCH is no HTTP method. / is served for GET, HEAD.'],
    [['explain', 'FETCH', '/x', '--app', policyOnly], 'FETCH is no HTTP method. Nothing is served there.'],
    [['doctor', '--explain', 'GUARD-0411'], 'There is no check "GUARD-0411". Did you mean GUARD-041?'],
    [['doctor', '--explain', 'nonsense'], 'guard doctor --catalogue lists all.'],
    [['doctor', '--url', 'http://127.0.0.1:9', '--wait', 'long'], '--wait takes whole seconds, not "long".'],
    [['doctor', '--url', 'https://example.com'], 'example.com is not this machine. Name the host on purpose'],
  ])('%j is refused with what to write instead', async (args, message) => {
    const { status, out, error } = await guard(args)
    expect([status, out]).toEqual([2, ''])
    expect(error).toContain(message)
    expect(error).toContain('guard')
    expect(error).not.toMatch(/\bat .*:\d+/)
    const data = await guard([...args, '--json'])
    expect(data).toMatchObject({ status: 2, error: '' })
    const asData = JSON.parse(data.out).error
    // Without its value an option takes --json for it.
    expect([asData.code, asData.problems]).toEqual(['usage', []])
  })

  it('--version is the package’s own', async () => {
    const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
    expect(await guard(['--version'])).toEqual({ status: 0, out: JSON.parse(manifest).version, error: '' })
  })

  it('only the doctor’s help speaks of what only the doctor reads, and its usage names every option', async () => {
    for (const { name } of commands) {
      const { out } = await guard([name, '--help'])
      expect(out.includes('guardFacts'), name).toBe(name === 'doctor')
    }
    for (const option of Object.keys(doctorCommand.options)) {
      expect(doctorCommand.usage).toContain(`[--${option}`)
    }
  })
})

describe('--app', () => {
  it.each([
    ['export const something = 1', 2, 'exports neither guard nor policy; it exports something.'],
    ['', 2, 'it exports nothing.'],
    ['export const guard = 17', 2, 'exports guard, but it is not what createGuard returns.'],
    ['export const policy = 17', 2, 'exports policy, but it is no object.'],
    ['import { createServer } from "node:http"; createServer().listen(0)', 2, listening],
    [
      'import { createServer } from "node:http"; await new Promise((done) => createServer().listen(0, done))',
      2,
      listening,
    ],
    ['throw Object.assign(new Error("listen EADDRINUSE"), { code: "EADDRINUSE" })', 2, listening],
    ['export const policy = {}, guardFacts = 17', 2, 'exports guardFacts, but it is no object.'],
    ['throw new Error("No database at this address")', 1, 'No database at this address'],
    ['throw "words"', 1, 'words'],
  ])('%s', async (code, status, message) => {
    const folder = folderOf({ 'app.mjs': code })
    const { status: ended, error } = await guard(['explain', 'GET', '/', '--app', 'app.mjs'], { folder })
    expect(ended).toBe(status)
    expect(error).toContain(message)
    expect(error).not.toMatch(/\bat .*:\d+/)
  })

  it('an object that is no policy yet is told what is wrong with it', async () => {
    const folder = folderOf({ 'app.mjs': 'export const policy = { doors: {} }' })
    const { status, error } = await guard(['explain', 'GET', '/', '--app', 'app.mjs'], { folder })
    expect(status).toBeGreaterThan(0)
    expect(error).toMatch(/unmatched/)
    expect(error).not.toContain('neither')
    expect(error).not.toMatch(/\bat .*:\d+/)
  })

  it('a policy that cannot be used is refused with every problem', async () => {
    const wrong =
      'export const policy = { doors: { a: { authentication: "none", strangers: [], onStoreFailure: "deny" } }, unmatched: "b", credentialGuesses: { name: "g", by: "address", quota: 0, windowMs: 1 }, clientAddress: { trustedProxies: [] }, browser: { origins: [] }, transport: { plainHttp: "allow" } }'
    const folder = folderOf({ 'app.mjs': wrong })
    const { status, error } = await guard(['explain', 'GET', '/', '--app', 'app.mjs'], { folder })
    expect(status).toBe(1)
    expect(error).toMatch(/door_without_limits[\s\S]*limit_quota[\s\S]*unmatched_door/)
    const told = JSON.parse(
      (await guard(['explain', 'GET', '/', '--app', 'app.mjs', '--json'], { folder })).out,
    )
    expect(told.error).toMatchObject({ code: 'bad_policy', message: error })
    expect(told.error.problems).toContainEqual(expect.objectContaining({ code: 'limit_quota' }))
    const report = await guard(['doctor', '--app', 'app.mjs'], { folder })
    expect(report.status).toBe(1)
    expect(report.out).toContain('CRITICAL GUARD-009 The policy cannot be used')
  })
})

describe('guard explain', () => {
  it('tells door, access, limits by plan and answers', async () => {
    const { status, out } = await guard(['explain', 'post', '/notes/17?x=1', '--app', app])
    expect(status).toBe(0)
    expect(out.split('\n')).toEqual([
      'request      POST /notes/17?x=1',
      'route        POST /notes/:id',
      'door         notes (api)',
      'who          api-key: key',
      'scopes       notes:read and notes:write',
      'strangers    60 per minute by address (by-address)',
      'plan default 60 per minute by credential, 20 at once (by-key)',
      'plan default 1000 per day by credential and address, 2 per request (by-day)',
      'plan default 5 per 1500 ms by credential (by-moment)',
      'plan pro     600 per minute by credential, 20 at once (by-key)',
      'plan pro     1000 per day by credential and address, 2 per request (by-day)',
      'plan pro     5 per 1500 ms by credential (by-moment)',
      'other sites  may not start unsafe requests',
      'transport    HTTPS only',
      'store fails  refused with 503',
      'lowered      limits: observe',
      'answers      stranger: 401 credential_missing',
      '             over plain HTTP: 403 https_required',
      '             started by another site: 401 credential_missing',
    ])
  })

  it('from a policy alone: pages, doors without limits, addresses that lead nowhere', async () => {
    const page = await guard(['explain', 'GET', '/', '--app', policyOnly])
    expect(page.out).toContain('over plain HTTP: 308 https_redirect → https://app.example/')
    const health = await guard(['explain', 'GET', '/health', '--app', policyOnly])
    expect(health.out).toContain('limits       none: Probes must never be turned away.')
    expect(health.out).toContain('who          everybody')
    expect(health.out).toContain('transport    HTTP or HTTPS')
    expect(health.out).toContain('other sites  may send requests')
    expect(health.out).toContain('answers      stranger: passes')
    const nowhere = await guard(['explain', 'GET', '/nowhere', '--app', policyOnly])
    expect(nowhere.out).toMatch(/route +none matches\ndoor +unmatched/)
    expect(nowhere.out).toContain('answers      stranger: 404 not_found')
    const other = await guard(['explain', 'DELETE', '/health', '--app', policyOnly])
    expect(other.out).toContain('none matches (this path is served for GET, HEAD)')
  })

  it('--json is the explanation itself', async () => {
    const { out } = await guard(['explain', 'GET', '/health', '--app', policyOnly, '--json'])
    expect(JSON.parse(out)).toMatchObject({
      door: 'health',
      route: 'GET /health',
      answers: { stranger: { status: 200 } },
    })
  })
})

describe('guard secrets', () => {
  it('makes new ones every time, says where each goes, and writes nothing', async () => {
    const [one, two] = [await guard(['secrets']), await guard(['secrets'])]
    expect(one.status).toBe(0)
    const lines = one.out.split('\n').filter((line) => !line.startsWith('#') && line !== '')
    expect(lines.map((line) => line.split('=', 1)[0])).toEqual([
      'GUARD_SECRET',
      'GUARD_SESSION_KEY',
      'GUARD_TOKEN_PRIVATE_KEY',
      'GUARD_TOKEN_PUBLIC_KEY',
      'GUARD_WEBHOOK_SECRET',
    ])
    for (const line of lines) expect(two.out).not.toContain(line)
  })

  it('for an application: its senders too, and what only the sender can make stays open', async () => {
    const { out } = await guard(['secrets', '--app', policyOnly])
    expect(out).toMatch(/^# STRIPE_WEBHOOK_SECRET=$/m)
    expect(out).toMatch(/^OUR_GITHUB_WEBHOOK_SECRET=[\w-]{43}$/m)
    expect(out).toMatch(/^PARTNER_WEBHOOK_SECRET=whsec_/m)
    expect(out).toMatch(/^METER_WEBHOOK_SECRET=[\w-]{43}$/m)
    expect(out).not.toContain('GUARD_WEBHOOK_SECRET')
  })

  it('--out makes a file that only its owner can read, and never touches one that exists', async () => {
    const folder = folderOf()
    const first = await guard(['secrets', '--out', '.env'], { folder })
    const text = readFileSync(join(folder, '.env'), 'utf8')
    expect(first).toMatchObject({ status: 0 })
    expect(first.out).toMatch(/^\.env now holds GUARD_SECRET, /)
    expect(first.out).not.toContain('=')
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600)
    const second = await guard(['secrets', '--out', '.env'], { folder })
    expect(second).toMatchObject({ status: 2, out: '' })
    expect(second.error).toContain('.env exists. It is left as it is: give another name.')
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(text)
    const nowhere = await guard(['secrets', '--out', 'no/such/folder/.env'], { folder })
    expect(nowhere).toMatchObject({ status: 1, error: 'no/such/folder/.env could not be written (ENOENT).' })
  })

  it('--json is a list', async () => {
    const made = JSON.parse((await guard(['secrets', '--json'])).out)
    expect(made[0]).toEqual({
      variable: 'GUARD_SECRET',
      value: expect.any(String),
      about: expect.any(String),
    })
  })
})
