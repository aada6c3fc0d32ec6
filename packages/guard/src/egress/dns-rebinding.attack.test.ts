// Names whose answers change between the check and the connection, from a real DNS server on loopback.
import { createSocket, type Socket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { createServer } from 'node:http'
import { setDefaultAutoSelectFamily } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { listen, setupEgress } from './egress-for-tests.ts'
import { createEgress, type ResolveHost } from './index.ts'

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})

/** Answers the n-th question for A records with the n-th list, the last one for ever, with a time to live of zero. */
async function dnsServer(...answers: readonly (readonly string[])[]) {
  const questions: string[] = []
  const socket = createSocket('udp4', (message, from) => {
    const { name, end } = readQuestion(message)
    const list = answers[Math.min(questions.push(name), answers.length) - 1] ?? []
    const head = Buffer.alloc(12)
    message.copy(head, 0, 0, 2)
    head.writeUInt16BE(0x8180, 2)
    head.writeUInt16BE(1, 4)
    head.writeUInt16BE(list.length, 6)
    const records = list.map((address) =>
      // A pointer to the question's name, type A, class IN, time to live 0, four bytes.
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
    )
    socket.send(Buffer.concat([head, message.subarray(12, end), ...records]), from.port, from.address)
  })
  sockets.push(socket)
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const resolver = new Resolver({ timeout: 2_000, tries: 1 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  const resolve: ResolveHost = (host) => resolver.resolve4(host)
  return { resolve, questions }
}

/** RFC 1035 section 4.1.2. */
function readQuestion(message: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.'), end: at + 5 }
}

describe('DNS rebinding', () => {
  it('an answer that turns inward after the check: the connection goes to the address that was checked', async () => {
    const dns = await dnsServer(['127.0.0.1'], ['127.0.0.2'])
    const port = await listen(createServer((_, response) => response.end('checked')))
    const egress = createEgress({ allow: [`127.0.0.1:${port}`], resolve: dns.resolve })
    const answer = await egress.fetch(`http://rebind.example:${port}/`)
    expect(Buffer.from(answer.body).toString()).toBe('checked')
    expect(dns.questions).toEqual(['rebind.example'])
  })

  it('also where Node is told to try one address only', async () => {
    const dns = await dnsServer(['127.0.0.1'], ['127.0.0.2'])
    const port = await listen(createServer((_, response) => response.end('checked')))
    const egress = createEgress({ allow: [`127.0.0.1:${port}`], resolve: dns.resolve })
    setDefaultAutoSelectFamily(false)
    try {
      expect((await egress.fetch(`http://rebind.example:${port}/`)).status).toBe(200)
    } finally {
      setDefaultAutoSelectFamily(true)
    }
    expect(dns.questions).toEqual(['rebind.example'])
  })

  it('an answer that has turned inward before the second request: that one is blocked', async () => {
    const dns = await dnsServer(['127.0.0.1'], ['169.254.169.254'])
    const { failure, egress, port, events } = await setupEgress((_, response) => response.end('ok'), {
      resolve: dns.resolve,
    })
    expect((await egress.fetch(`http://rebind.example:${port}/`)).status).toBe(200)
    expect(await failure(`http://rebind.example:${port}/`)).toEqual({
      code: 'egress_blocked',
      reason: 'metadata',
    })
    expect(events).toMatchObject([{ event: 'egress.blocked', details: { host: 'rebind.example' } }])
  })

  it('asking first (check) and sending later (fetch) is no hole either: fetch asks again', async () => {
    const dns = await dnsServer(['93.184.215.14'], ['10.0.0.1'])
    const egress = createEgress({ resolve: dns.resolve })
    await egress.check('http://rebind.example/')
    await expect(egress.fetch('http://rebind.example/')).rejects.toMatchObject({ code: 'egress_blocked' })
  })

  it('an answer that turns inward on the way through a redirect is blocked there', async () => {
    const dns = await dnsServer(['127.0.0.1'], ['127.0.0.1'], ['192.168.1.1'])
    const { failure, hits, port } = await setupEgress(
      (request, response) => response.writeHead(302, { location: `${request.url}x` }).end(),
      { resolve: dns.resolve },
    )
    expect(await failure(`http://rebind.example:${port}/`)).toEqual({
      code: 'egress_blocked',
      reason: 'private',
    })
    expect(hits.map(({ url }) => url)).toEqual(['/', '/x'])
  })

  it('a public address beside an inner one is the bait: blocked as a whole, in either order', async () => {
    for (const answer of [
      ['93.184.215.14', '127.0.0.1'],
      ['127.0.0.1', '93.184.215.14'],
    ]) {
      const dns = await dnsServer(answer)
      const egress = createEgress({ resolve: dns.resolve })
      await expect(egress.fetch('http://bait.example/')).rejects.toMatchObject({
        code: 'egress_blocked',
        details: { reason: 'loopback' },
      })
    }
  })

  it('a server that never answers keeps nobody waiting for more than five seconds', async () => {
    vi.useFakeTimers()
    try {
      const egress = createEgress({ resolve: () => new Promise(() => {}) })
      const asked = egress.check('http://tar-pit.example/').catch((error) => error)
      await vi.advanceTimersByTimeAsync(4_999)
      expect(vi.getTimerCount()).toBe(1)
      await vi.advanceTimersByTimeAsync(1)
      expect(await asked).toMatchObject({ code: 'egress_unresolvable', details: { reason: 'ETIMEOUT' } })
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('no answer and an empty one are unresolvable', async () => {
    const dns = await dnsServer([])
    const egress = createEgress({ resolve: dns.resolve })
    await expect(egress.fetch('http://empty.example/')).rejects.toMatchObject({ code: 'egress_unresolvable' })
  })
})
