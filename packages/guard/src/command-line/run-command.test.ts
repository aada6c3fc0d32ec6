// The command line in this process: help, options, exit statuses, and what each command prints.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { startTestServer } from '../doctor/test-server.ts'
import { hostFormats } from '../headers/host-formats/host-formats.ts'
import { dispatch } from './dispatch.ts'
import { doctorCommand } from './doctor-command.ts'
import { explainCommand } from './explain-command.ts'
import { headersCommand } from './headers-command.ts'
import { secretsCommand } from './secrets-command.ts'

const app = fileURLToPath(new URL('./test-app.ts', import.meta.url))
const policyOnly = fileURLToPath(new URL('./test-policy.ts', import.meta.url))
const commands = [doctorCommand, explainCommand, headersCommand, secretsCommand]
const folders: string[] = []
const listening =
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
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function folderOf(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'guard-command-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

async function guard(
  args: readonly string[],
  { folder = '/', env = {} }: { folder?: string; env?: Record<string, string> } = {},
) {
  const out: string[] = []
  const error: string[] = []
  const terminal = {
    out: (text: string) => void out.push(text),
    error: (text: string) => void error.push(text),
  }
  const status = await dispatch(args, { commands, env, folder, terminal })
  return { status, out: out.join('\n'), error: error.join('\n') }
}

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

describe('guard headers', () => {
  it('writes the default policy, or that of an application', async () => {
    const plain = await guard(['headers', '--format', 'netlify'])
    expect(plain).toMatchObject({
      status: 0,
      error: 'The text above belongs into _headers in the folder that is published.',
    })
    expect(plain.out).toContain("  Content-Security-Policy: default-src 'self'; script-src 'self';")
    const bare = folderOf({
      'app.mjs': `import { policy as whole } from ${JSON.stringify(policyOnly)}
        const { headers, ...rest } = whole
        export const policy = rest`,
    })
    const same = await guard(['headers', '--format', 'netlify', '--app', 'app.mjs'], { folder: bare })
    expect(same.out).toBe(plain.out)
    const own = await guard(['headers', '--format', 'nginx', '--app', policyOnly])
    expect(own.out).toContain("connect-src 'self' https://api.example;")
  })

  it('where the form has no comments, the terminal says what the others hold', async () => {
    for (const format of ['vercel', 'firebase']) {
      const { error } = await guard(['headers', '--format', format])
      expect(error).toMatch(
        /nothing inline runs.*\npreload is for good: .*\nThe text above belongs into \w+\.json\.$/,
      )
    }
  })

  it('says what preload means wherever it is written, and nowhere else', async () => {
    for (const format of Object.keys(hostFormats)) {
      const { out, error } = await guard(['headers', '--format', format])
      expect(out + error).toContain('preload is for good')
      const without = await guard(['headers', '--format', format, '--no-preload'])
      expect(without.out + without.error).not.toContain('preload')
    }
  })

  it('asks for a place on the preload lists unless told not to, and warns when plain HTTP is allowed', async () => {
    const plain = folderOf({
      'app.mjs': `import { policy as whole } from ${JSON.stringify(policyOnly)}
        export const policy = { ...whole, transport: { plainHttp: 'allow' } }`,
    })
    const hsts = async (...args: string[]) => {
      const { out, error } = await guard(['headers', '--format', 'nginx', ...args], { folder: plain })
      return [
        /includeSubDomains(.*)" always/.exec(out)?.[1],
        error.includes('Warning: the policy allows plain'),
      ]
    }
    expect(await hsts()).toEqual(['; preload', false])
    expect(await hsts('--no-preload')).toEqual(['', false])
    expect(await hsts('--app', policyOnly)).toEqual(['; preload', false])
    expect(await hsts('--app', 'app.mjs')).toEqual(['; preload', true])
    expect(await hsts('--no-preload', '--app', 'app.mjs')).toEqual(['', false])
  })

  it('--json gives the headers and the text', async () => {
    const { out, error } = await guard(['headers', '--format', 'vercel', '--json'])
    const { headers, text, format, file } = JSON.parse(out)
    expect([format, file, error]).toEqual(['vercel', 'vercel.json', ''])
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(JSON.parse(text)).toHaveProperty('headers')
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
