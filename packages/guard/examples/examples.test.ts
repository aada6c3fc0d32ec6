// The README's examples are these files, and these files run.
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, vi } from 'vitest'
import { verifyWebhook } from '../src/webhooks/index.ts'
import { buildServer } from './fastify-server.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

describe('the README', () => {
  it.each([
    ['./fastify-server.ts', 2],
    ['./outgoing.ts', 1],
  ])('shows %s as it is', (path, skipped) => {
    const code = read(path).split('\n').slice(skipped).join('\n')
    expect(read('../README.md')).toContain(`\`\`\`ts\n${code}\`\`\``)
  })
})

describe('the example server', () => {
  async function setup() {
    const secret = 'q8Zr1vYc0Lw5sKx9Tn2Jb7Ue4Gd6Ha3MpQfWiRoVzX'
    const clock = { now: () => 1_800_000_000_000 }
    return buildServer({ keys: new Map([['demo-key', 'key_demo']]), secret, clock })
  }

  it('serves its key, tells strangers to authenticate, and limits the burst', async () => {
    const app = await setup()
    const headers = { authorization: 'Bearer demo-key' }
    expect((await app.inject('/notes')).statusCode).toBe(401)
    expect((await app.inject({ url: '/notes', headers })).json()).toEqual({ for: 'key_demo' })
    for (let i = 1; i < 20; i++) await app.inject({ url: '/notes', headers })
    expect((await app.inject({ url: '/notes', headers })).statusCode).toBe(429)
    await app.close()
  })

  it('gives its page a script that the policy lets run', async () => {
    const app = await setup()
    const page = await app.inject('/')
    const nonce = /nonce="([^"]+)"/.exec(page.body)?.[1]
    expect(page.headers['content-security-policy']).toContain(`'nonce-${nonce}'`)
    await app.close()
  })
})

describe('the outgoing example', () => {
  it('cannot be aimed inside, and calls back with a signature that verifies', async () => {
    const received: { headers: IncomingHttpHeaders; body: string }[] = []
    const server = createServer(async (request, response) => {
      received.push({ headers: request.headers, body: await text(request) })
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // A listening TCP server has an address with a port.
    const { port } = server.address() as AddressInfo
    vi.stubEnv('LEVQOR_EGRESS_ALLOW', `127.0.0.1:${port}`)
    const { callBack, titleOf } = await import('./outgoing.ts')

    expect(await titleOf('http://169.254.169.254/latest/meta-data/')).toBe('egress_blocked: metadata')

    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    expect(await callBack(`http://127.0.0.1:${port}/done`, 'msg_1', { ok: true }, secret)).toBe(200)
    const { headers, body } = received[0] ?? { headers: {}, body: '' }
    const verdict = verifyWebhook({ headers, body, secrets: secret, nowMs: Date.now() })
    expect([body, verdict.valid]).toEqual(['{"ok":true}', true])
    await new Promise((resolve) => server.close(resolve))
    vi.unstubAllEnvs()
  })
})
