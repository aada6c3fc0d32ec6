// One of several server processes that receive webhooks and share a replay store. Answers how each delivery went.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { openDatabase } from '@levqor/database'
import { createSecret } from '@levqor/guard'
import { createRedisReplayStore } from '@levqor/guard/redis'
import { createWebhookReceiver } from '@levqor/guard/webhooks'
import { realIds, systemClock } from '@levqor/testing'
import { Redis } from 'ioredis'
import { databaseReplayStore } from './database-replay-store.ts'
import { webhookSchema } from './webhook-schema-for-tests.ts'

const [secret = '', url = '', namespace = ''] = process.argv.slice(2)

async function openStore() {
  if (url.startsWith('redis:')) return createRedisReplayStore({ client: new Redis(url), namespace })
  const database = await openDatabase({ url, schemas: [webhookSchema], clock: systemClock, ids: realIds() })
  return databaseReplayStore(database)
}

const webhooks = createWebhookReceiver({
  policy: { senders: { github: { provider: 'github' } }, claimLeaseMs: 1_000 },
  secrets: { github: [{ secret: createSecret(secret, { name: 'github' }) }] },
  replayStore: await openStore(),
  storePatienceMs: 10_000,
})

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const rawBody = Buffer.concat(chunks)
  try {
    const { outcome, decision } = await webhooks.receive(
      { sender: 'github', headers: request.headers, rawBody },
      async (message) => {
        const { number, fails } = JSON.parse(message.body.toString())
        console.log(`handling ${number}.`)
        // Not signed, so they may differ between copies of one message.
        await delay(Number(request.headers['x-takes-ms']))
        if (fails > Number(request.headers['x-try'])) throw new Error('broken')
      },
    )
    response.end(`${outcome} ${decision.reason}`)
  } catch {
    response.statusCode = 500
    response.end('failed')
  }
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`) // a listening TCP server
