// What is written for each host is read back by that host's own rules, and gives the same headers.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js'
import { CspParser } from 'csp_evaluator/dist/parser.js'
import { describe, expect, it } from 'vitest'
import type { HeaderPolicy, HeaderSet } from '../header-policy.ts'
import { type HostName, hostFormats } from './host-formats.ts'
import { staticHeaders } from './static-headers.ts'

const hosts = Object.keys(hostFormats) as HostName[] // keys of that very table

/** Everything that a form could trip over: quotes, semicolons, backslashes, braces, comment signs. */
const awkward: HeaderPolicy = {
  pageCsp: { trustedTypes: ['default'], reportTo: 'csp', add: { 'img-src': ['https://pictures.example'] } },
  reportingEndpoints: { csp: 'https://reports.example/csp?a=1&b=2#c' },
  permissions: { camera: '(self "https://call.example")', geolocation: '()' },
  override: {
    nel: '{"report_to":"csp","max_age":60}',
    'x-note': 'a "quoted" word; # no comment, it`s fine',
    'x-frame-options': null,
  },
}

const readers: Readonly<Record<HostName, (text: string) => Record<string, string>>> = {
  nginx: readNginx,
  caddy: readCaddy,
  netlify: readNetlify,
  vercel: readVercel,
  firebase: readFirebase,
}

describe('headers for hosts that serve files', () => {
  it.each(hosts)('%s: what is written reads as the same headers', (host) => {
    for (const policy of [{}, awkward]) {
      const headers = staticHeaders(policy)
      expect(readers[host](hostFormats[host].render(headers))).toEqual(headers)
    }
  })

  it.each<[HostName, string, RegExp | undefined]>([
    ['nginx', 'a\\b"c', undefined],
    ['nginx', 'costs $5', /nginx cannot hold the value of X-Note/],
    ['caddy', 'a\\b', undefined],
    ['caddy', 'a\\b"c', undefined],
    ['caddy', 'ends with \\', undefined],
    ['caddy', '{env.HOME} and {x', undefined],
    ['caddy', '{$HOME}', /Caddy cannot hold/],
    ['caddy', '\\{a}', /a brace beside a backslash/],
    ['caddy', 'a\\b`c', /a backquote beside/],
    ['netlify', 'a\\b"c: d # e', undefined],
    ['vercel', 'a\\b"c', undefined],
    ['firebase', 'a\\b"c', undefined],
  ])('%s: %s survives or is refused, never changed', (host, value, refusal) => {
    const headers = { 'x-note': value }
    const { render } = hostFormats[host]
    if (refusal !== undefined) expect(() => render(headers)).toThrow(refusal)
    else expect(readers[host](render(headers))).toEqual(headers)
  })

  it('a value of two lines is refused: it would be two headers', () => {
    expect(() => staticHeaders({ override: { 'x-note': 'a\r\nset-cookie: b' } })).toThrow(
      /"x-note" cannot be written/,
    )
    expect(() => staticHeaders({ override: { 'x note': 'a' } })).toThrow(/"x note" cannot be written/)
  })

  it('the same policy as behind the guard, but scripts and styles come from files and nothing is inline', () => {
    const csp = staticHeaders({ pageCsp: { development: true } })['content-security-policy'] ?? ''
    expect(csp).toContain("script-src 'self'; style-src 'self'; ")
    expect(csp).not.toMatch(/nonce|unsafe|strict-dynamic|ws:/)
    expect(csp).toContain('upgrade-insecure-requests')
    expect(staticHeaders()).toMatchObject({
      'strict-transport-security': 'max-age=31536000; includeSubDomains; preload',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    })
    // A host that serves uploads of strangers beside the site would be another matter; the help says so.
    const findings = new CspEvaluator(new CspParser(csp).csp).evaluate()
    expect(
      findings.filter(({ description }) => !description.startsWith("'self' can be problematic")),
    ).toEqual([])
  })

  it("an operator's own content policy stays as it is; one that is removed stays away", () => {
    const own = { override: { 'content-security-policy': "default-src 'none'" } }
    expect(staticHeaders(own)['content-security-policy']).toBe("default-src 'none'")
    expect(staticHeaders({ override: { 'content-security-policy': null } })).not.toHaveProperty(
      'content-security-policy',
    )
  })

  const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/sbin/nginx'].find((path) =>
    existsSync(path),
  )
  if (nginx === undefined) console.log('nginx is not on this machine: its own check of the file is skipped.')
  it.skipIf(nginx === undefined)('nginx itself finds the file right', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guard-nginx-'))
    try {
      mkdirSync(join(folder, 'logs'))
      writeFileSync(join(folder, 'headers.conf'), hostFormats.nginx.render(staticHeaders(awkward)))
      const conf = `error_log ${folder}/logs/error.log; pid ${folder}/pid; events {}
        http { access_log off; server { listen unix:${folder}/socket; include ${folder}/headers.conf; } }`
      writeFileSync(join(folder, 'nginx.conf'), conf)
      const { stderr } = await promisify(execFile)(nginx ?? '', [
        '-t',
        '-q',
        '-p',
        folder,
        '-c',
        `${folder}/nginx.conf`,
      ])
      expect(stderr).not.toMatch(/emerg|error/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

/** Words as ngx_conf_read_token takes them: in double quotes a backslash escapes, a bare word ends at space or `;`. */
function readNginx(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const line of text.split('\n').filter((it) => it !== '' && !it.startsWith('#'))) {
    const match = /^add_header ([A-Za-z0-9-]+) "((?:[^"\\$]|\\["\\])*)" always;$/.exec(line)
    if (match === null) throw new Error(`nginx would not read: ${line}`)
    found[(match[1] ?? '').toLowerCase()] = (match[2] ?? '').replaceAll(/\\(["\\])/g, '$1')
  }
  return found
}

/** Words, then placeholders: what looks like one and is not escaped would be replaced. */
function readCaddy(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  expect([lines[0], lines.at(-1)]).toEqual(['header {', '}'])
  const found: Record<string, string> = {}
  for (const line of lines.slice(1, -1)) {
    const match = /^\t([A-Za-z0-9-]+) (?:"((?:[^"\\]|\\")*)"|`([^`]*)`)$/.exec(line)
    if (match === null || line.includes('{$')) throw new Error(`Caddy would not read: ${line}`)
    const word = match[2] === undefined ? (match[3] ?? '') : match[2].replaceAll('\\"', '"')
    if (/(?<!\\)[{}]/.test(word)) throw new Error(`Caddy would replace a placeholder in: ${line}`)
    found[(match[1] ?? '').toLowerCase()] = word.replaceAll(/\\([{}])/g, '$1')
  }
  return found
}

/** A path at the margin, its headers indented, the value to the end of the line; `#` begins a comment line. */
function readNetlify(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
  expect(lines[0]).toBe('/*')
  return Object.fromEntries(
    lines.slice(1).map((line) => {
      const match = /^ {2}([A-Za-z0-9-]+): (\S.*)$/.exec(line)
      if (match === null) throw new Error(`Netlify would not read: ${line}`)
      return [(match[1] ?? '').toLowerCase(), match[2] ?? '']
    }),
  )
}

/** https://openapi.vercel.sh/vercel.json: `headers`, each with `source` and `headers` of `key` and `value` up to 4096. */
function readVercel(text: string): Record<string, string> {
  const config = JSON.parse(text)
  expect(config).toEqual({ headers: [{ source: '/(.*)', headers: expect.any(Array) }] })
  return readPairs(config.headers[0].headers)
}

/** firebase-tools, schema/firebase-config.json: `hosting.headers`, each with `source` and `headers` of `key` and `value`. */
function readFirebase(text: string): Record<string, string> {
  const config = JSON.parse(text)
  expect(config).toEqual({ hosting: { headers: [{ source: '**', headers: expect.any(Array) }] } })
  return readPairs(config.hosting.headers[0].headers)
}

function readPairs(pairs: readonly { readonly key: string; readonly value: string }[]): HeaderSet {
  for (const pair of pairs) {
    expect(Object.keys(pair)).toEqual(['key', 'value'])
    expect(pair.key.length).toBeLessThanOrEqual(4096)
    expect(pair.value.length).toBeLessThanOrEqual(4096)
  }
  return Object.fromEntries(pairs.map(({ key, value }) => [key.toLowerCase(), value]))
}
