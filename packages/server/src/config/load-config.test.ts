import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ConfigError } from './config-error.ts'
import { envExample } from './env-example.ts'
import { type Environment, loadConfig } from './load-config.ts'
import { variables } from './variables.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function setup() {
  const cwd = mkdtempSync(join(tmpdir(), 'levqor-config-'))
  folders.push(cwd)
  return { cwd, load: (env: Environment = {}) => loadConfig(env, cwd) }
}

const secret = 'q3Zr8vN1x0LmPzT6uYwBkC5dHsJfGaEo9iRtUy2W4eQ'
const production = {
  NODE_ENV: 'production',
  LEVQOR_SECRET: secret,
  LEVQOR_URL: 'https://levqor.example.com',
  TRUSTED_PROXIES: 'loopback',
}

function problemsOf(load: () => unknown): Record<string, string> {
  try {
    load()
  } catch (error) {
    // loadConfig throws nothing else.
    const { code, problems } = error as ConfigError
    expect(code).toBe('bad_configuration')
    expect(problems.every(({ mend }) => mend !== '')).toBe(true)
    return Object.fromEntries(problems.map(({ variable, message }) => [variable, message]))
  }
  return {}
}

describe('development', () => {
  it('starts from an empty environment, on loopback, with SQLite in the data folder', () => {
    const { cwd, load } = setup()
    expect(load()).toMatchObject({
      mode: 'development',
      host: 'localhost',
      port: 3000,
      url: 'http://localhost:3000',
      dataDir: join(cwd, '.levqor'),
      database: { url: `sqlite:${join(cwd, '.levqor/levqor.db')}`, synchronous: 'FULL' },
      mail: { from: 'Levqor <levqor@localhost>' },
      switches: { limits: 'enforce', headers: 'enforce' },
    })
  })

  it('makes a secret once, readable by its owner only, and never shows it', () => {
    const { cwd, load } = setup()
    const first = load()
    const path = join(cwd, '.levqor/secret')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url')).toHaveLength(32)
    expect(load().secret.reveal()).toBe(first.secret.reveal())
    expect(JSON.stringify(first) + String(first.secret)).not.toContain(first.secret.reveal())
  })

  it('refuses a kept secret that somebody emptied, and says so', () => {
    const { cwd, load } = setup()
    load()
    writeFileSync(join(cwd, '.levqor/secret'), '')
    expect(problemsOf(load)).toHaveProperty('LEVQOR_SECRET')
  })

  it('treats empty variables as unset and names mistyped ones', () => {
    const { load } = setup()
    const config = load({ PORT: '', LEVQOR_URL: ' ', LEVQOR_DATADIR: '/x', LEVQOR_TEST_POSTGRES: 'x' })
    expect(config.port).toBe(3000)
    expect(config.warnings).toEqual(['LEVQOR_DATADIR is not a variable of Levqor and has no effect.'])
  })

  it('reads lists, switches and numbers', () => {
    const { load } = setup()
    const config = load({
      LEVQOR_ROLES: 'api, worker',
      LEVQOR_EGRESS_ALLOW: '10.0.0.0/8, intranet:8080,',
      RATELIMIT_ENABLED: 'FALSE',
      SECURITY_HEADERS_ENABLED: 'observe',
      LEVQOR_LEASE_MS: '500',
      PORT: '65535',
    })
    expect([...config.roles]).toEqual(['api', 'worker'])
    expect(config.egressAllow).toEqual(['10.0.0.0/8', 'intranet:8080'])
    expect(config.switches).toMatchObject({ limits: 'off', headers: 'observe' })
    expect(config).toMatchObject({ leaseMs: 500, port: 65_535 })
  })
})

describe('bad values', () => {
  it('lists every problem at once, each with how to mend it, and repeats no value', () => {
    const { load } = setup()
    const env = {
      PORT: '65536',
      LEVQOR_URL: 'https://levqor.example.com/path',
      DATABASE_URL: 'mysql://CANARY',
      LEVQOR_ROLES: 'api,cook',
      LOG_LEVEL: 'loud',
      RATELIMIT_ENABLED: 'maybe',
      LEVQOR_LEASE_MS: '499',
      SMTP_URL: 'CANARY',
    }
    expect(Object.keys(problemsOf(() => load(env))).sort()).toEqual(Object.keys(env).sort())
    expect(() => load(env)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('CANARY') }),
    )
  })
})

describe('production rules', () => {
  it.each([
    ['NODE_ENV=production', { NODE_ENV: 'production' }],
    ['a bind that is not loopback', { HOST: '0.0.0.0' }],
    ['a public address', { LEVQOR_URL: 'https://levqor.example.com' }],
  ])('are turned on by %s', (_, env) => {
    const { load } = setup()
    expect(problemsOf(() => load(env))).toHaveProperty('LEVQOR_SECRET')
  })

  it('start with a strong secret, a public HTTPS address and a trusted proxy', () => {
    const { load } = setup()
    expect(load(production)).toMatchObject({ mode: 'production', url: 'https://levqor.example.com' })
  })

  it.each([
    ['no secret', { LEVQOR_SECRET: '' }, 'LEVQOR_SECRET'],
    ['a short secret', { LEVQOR_SECRET: secret.slice(0, 31) }, 'LEVQOR_SECRET'],
    ['a weak secret', { LEVQOR_SECRET: 'changeme'.repeat(8) }, 'LEVQOR_SECRET'],
    ['no public address', { LEVQOR_URL: '' }, 'LEVQOR_URL'],
    ['plain HTTP', { LEVQOR_URL: 'http://levqor.example.com' }, 'LEVQOR_URL'],
    ['HTTPS without a trusted proxy', { TRUSTED_PROXIES: '' }, 'TRUSTED_PROXIES'],
  ])('refuse %s', (_, env, variable) => {
    const { load } = setup()
    expect(Object.keys(problemsOf(() => load({ ...production, ...env })))).toEqual([variable])
  })

  it('accept plain HTTP where nobody can listen in: address and bind both on loopback', () => {
    const { load } = setup()
    const local = { ...production, LEVQOR_URL: 'http://localhost:3000', TRUSTED_PROXIES: '' }
    expect(load(local).mode).toBe('production')
    expect(problemsOf(() => load({ ...local, HOST: '0.0.0.0' }))).toHaveProperty('LEVQOR_URL')
  })
})

describe('providers', () => {
  const google = { LEVQOR_GOOGLE_CLIENT_ID: 'g', LEVQOR_GOOGLE_CLIENT_SECRET: 's' }
  const microsoft = { LEVQOR_MICROSOFT_CLIENT_ID: 'm', LEVQOR_MICROSOFT_CLIENT_SECRET: 's' }
  const oidc = {
    LEVQOR_OIDC_ISSUER: 'https://id.example.com/realms/x',
    LEVQOR_OIDC_CLIENT_ID: 'o',
    LEVQOR_OIDC_CLIENT_SECRET: 's',
  }

  it('are none, one or several', () => {
    const { load } = setup()
    expect(load().providers).toEqual([])
    const all = { ...google, ...microsoft, LEVQOR_MICROSOFT_TENANT: 'Common', ...oidc }
    expect(load(all).providers).toEqual([
      { id: 'google', clientId: 'g', clientSecret: 's' },
      { id: 'microsoft', clientId: 'm', clientSecret: 's', tenant: 'common' },
      {
        id: 'oidc',
        clientId: 'o',
        clientSecret: 's',
        issuer: oidc.LEVQOR_OIDC_ISSUER,
        name: 'id.example.com',
      },
    ])
    expect(load({ ...oidc, LEVQOR_OIDC_NAME: 'Our ID' }).providers).toMatchObject([{ name: 'Our ID' }])
  })

  it('that are half there are refused, naming what is missing', () => {
    const { load } = setup()
    expect(problemsOf(() => load({ LEVQOR_GOOGLE_CLIENT_ID: 'g' }))).toEqual({
      LEVQOR_GOOGLE_CLIENT_SECRET: 'It is missing, and LEVQOR_GOOGLE_CLIENT_ID is set.',
    })
    expect(Object.keys(problemsOf(() => load(microsoft)))).toEqual(['LEVQOR_MICROSOFT_TENANT'])
    expect(Object.keys(problemsOf(() => load({ LEVQOR_OIDC_CLIENT_SECRET: 's' })))).toEqual([
      'LEVQOR_OIDC_ISSUER',
      'LEVQOR_OIDC_CLIENT_ID',
    ])
    // An unusable value is one problem, not two.
    const odd = { ...microsoft, LEVQOR_MICROSOFT_TENANT: '../evil' }
    expect(Object.keys(problemsOf(() => load(odd)))).toEqual(['LEVQOR_MICROSOFT_TENANT'])
  })

  it('over plain HTTP are refused, but on loopback in development', () => {
    const { load } = setup()
    const local = { ...oidc, LEVQOR_OIDC_ISSUER: 'http://127.0.0.1:4000' }
    expect(load(local).providers).toHaveLength(1)
    const remote = { ...oidc, LEVQOR_OIDC_ISSUER: 'http://id.example.com' }
    expect(Object.keys(problemsOf(() => load(remote)))).toEqual(['LEVQOR_OIDC_ISSUER'])
    expect(Object.keys(problemsOf(() => load({ ...production, ...local })))).toEqual(['LEVQOR_OIDC_ISSUER'])
    for (const issuer of ['ftp://x', 'https://a:b@id.example.com', 'https://id.example.com/?a=b']) {
      const bad = { ...oidc, LEVQOR_OIDC_ISSUER: issuer }
      expect(Object.keys(problemsOf(() => load(bad))), issuer).toEqual(['LEVQOR_OIDC_ISSUER'])
    }
  })
})

describe('.env.example', () => {
  it('is what the table of variables says (node packages/server/scripts/write-env-example.ts)', () => {
    const file = readFileSync(new URL('../../../../.env.example', import.meta.url), 'utf8')
    expect(file).toBe(envExample())
  })

  it('has examples that the schema accepts', () => {
    for (const [name, { schema, example }] of Object.entries(variables)) {
      const parsed = schema.safeParse(example === '' ? undefined : example)
      expect(parsed.success, name).toBe(true)
    }
  })
})
