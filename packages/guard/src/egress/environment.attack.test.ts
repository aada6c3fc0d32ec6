// What the environment of a process says must not redirect or weaken its requests: proxies and switched-off
// certificate checks are read by Node itself when it starts, so each case is a process of its own.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProcess } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { listen } from './egress-for-tests.ts'

// Found on the machine, not installed.
const openssl = 'openssl'
const front = new URL('./index.ts', import.meta.url).href

/** Fetches a URL in a new process and tells what came of it. */
async function fetchIn(env: Readonly<Record<string, string>>, url: string, port: number): Promise<string> {
  const program = `
    import { createEgress } from ${JSON.stringify(front)}
    const egress = createEgress({ allow: ['127.0.0.1:${port}'], resolve: async () => ['127.0.0.1'] })
    const said = await egress.fetch(${JSON.stringify(url)}).then(
      ({ body }) => Buffer.from(body).toString(),
      ({ code, details }) => code + ' ' + details?.reason,
    )
    console.log('result: ' + said)`
  await using child = await startProcess({
    command: process.execPath,
    args: ['--input-type=module', '--eval', program],
    env,
    readyWhen: /result: (.*)/,
  })
  return child.ready?.[1] ?? ''
}

describe('the environment', () => {
  it('a proxy in it is not used: it would resolve the name again, and see everything', async () => {
    const proxied: string[] = []
    const proxy = createHttpServer((request, response) => {
      proxied.push(request.url ?? '')
      response.end('proxy')
    })
    const proxyUrl = `http://127.0.0.1:${await listen(proxy)}`
    const port = await listen(createHttpServer((_, response) => response.end('direct')))
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy']
    const env = {
      NODE_USE_ENV_PROXY: '1',
      NO_PROXY: '',
      no_proxy: '',
      ...Object.fromEntries(names.map((name) => [name, proxyUrl])),
    }
    expect(await fetchIn(env, `http://page.example:${port}/`, port)).toBe('direct')
    expect(proxied).toEqual([])
  })

  it.skipIf(!opensslAvailable())(
    'NODE_TLS_REJECT_UNAUTHORIZED=0 in it lets no forged certificate through',
    async () => {
      const port = await listen(
        createHttpsServer(selfSigned('page.example'), (_, response) => response.end('forged')),
      )
      const url = `https://page.example:${port}/`
      const refused = 'egress_failed DEPTH_ZERO_SELF_SIGNED_CERT'
      expect(await fetchIn({}, url, port)).toBe(refused)
      expect(await fetchIn({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, url, port)).toBe(refused)
    },
  )

  it.skipIf(!opensslAvailable())(
    'a trusted certificate for another name is refused, for the right name accepted',
    async () => {
      const certificate = selfSigned('page.example')
      const port = await listen(createHttpsServer(certificate, (_, response) => response.end('genuine')))
      const env = { NODE_EXTRA_CA_CERTS: certificate.path }
      expect(await fetchIn(env, `https://page.example:${port}/`, port)).toBe('genuine')
      expect(await fetchIn(env, `https://other.example:${port}/`, port)).toBe(
        'egress_failed ERR_TLS_CERT_ALTNAME_INVALID',
      )
    },
  )
})

function opensslAvailable(): boolean {
  try {
    execFileSync(openssl, ['version'], { stdio: 'ignore' })
    return true
  } catch {
    console.log('no openssl on this machine: tests with certificates are skipped')
    return false
  }
}

/** A certificate of its own making, for one name, and where it lies. */
function selfSigned(name: string): { readonly key: Buffer; readonly cert: Buffer; readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'levqor-certificate-'))
  folders.push(folder)
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  execFileSync(
    openssl,
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  )
  return { key: readFileSync(key), cert: readFileSync(cert), path: cert }
}

const folders: string[] = []
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
