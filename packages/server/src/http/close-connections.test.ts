import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, connect, createServer as createTcp, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { closingConnections } from './close-connections.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

/** A connection on whose side of the server nothing has been read yet. */
async function setup() {
  const http = createHttp((_request, response) => void response.end('answered'))
  const closing = closingConnections(http)
  const tcp = createTcp({ pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  const client = connect((tcp.address() as AddressInfo).port, '127.0.0.1')
  const [[accepted]] = (await Promise.all([once(tcp, 'connection'), once(client, 'connect')])) as [
    [Socket],
    [],
  ]
  tcp.close()
  return {
    client,
    closing,
    /** What Node does with a connection: from here on it is read. */
    accept() {
      http.emit('connection', accepted)
      accepted.resume()
    },
  }
}

it('a request that has arrived and that nobody has read yet gets its answer', async () => {
  const { client, closing, accept } = await setup()
  await new Promise((sent) => client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n', sent))
  accept()
  closing.start()
  const [answer] = await once(client, 'data')
  expect(String(answer)).toContain('answered')
  closing.stop()
  client.destroy()
})

it('a connection on which nothing comes is closed in the second round', async () => {
  const { client, closing, accept } = await setup()
  accept()
  closing.start()
  vi.advanceTimersByTime(50)
  expect(await text(client)).toBe('')
  closing.stop()
})
