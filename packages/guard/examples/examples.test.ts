// The README's examples are these files. The servers among them run on the packed package, in `test-packed`.
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, vi } from 'vitest'
import { makeSecrets } from '../src/secrets/secret-purposes.ts'
import { verifyWebhook } from '../src/webhooks/index.ts'
import { policy } from './notes-guard.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

describe('the README', () => {
  const servers = [
    'notes-guard.ts',
    'fastify-server.ts',
    'express-server.ts',
    'socket-io-server.ts',
    'socket-io-client.ts',
  ]
  const next = [
    'instrumentation.ts',
    'proxy.ts',
    'app/api/notes/route.ts',
    'app/api/[...rest]/route.ts',
    'app/layout.tsx',
    'app/page.tsx',
  ]

  const parts = ['several-processes.ts', 'sign-in.ts', 'webhooks.ts', 'outgoing.ts', 'hints.ts']

  it.each([...servers, ...next.map((path) => `next/${path}`), ...parts])('shows %s as it is', (path) => {
    const language = path.slice(path.lastIndexOf('.') + 1)
    expect(read('../README.md')).toContain(`\`\`\`${language}\n${read(path)}\`\`\``)
  })
})

describe('the secrets that `guard secrets` makes', () => {
  it('have the names that the examples read', () => {
    const senders = { stripe: { provider: 'stripe' }, github: { provider: 'github' } } as const
    const base = { ...policy, tokens: { issuer: 'https://a.example', audience: 'a' }, webhooks: { senders } }
    const made = new Set(makeSecrets(base).map(({ variable }) => variable))
    const files = ['notes-guard.ts', 'socket-io-server.ts', 'sign-in.ts', 'webhooks.ts', 'hints.ts']
    const wanted = new Set(
      files.flatMap((file) => read(file).match(/\b[A-Z]+_(?:[A-Z_]*SECRET|[A-Z_]*KEY)\b/g) ?? []),
    )
    expect(wanted.size).toBe(4)
    for (const name of wanted) expect(made).toContain(name)
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
