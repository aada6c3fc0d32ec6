// Two real server processes that share one replay store: the same message at both at the same moment, many rounds.
import { createHmac } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import {
  eachStore,
  redisAvailable,
  redisForTests,
  type StartedProcess,
  startProcess,
  until,
} from '@levqor/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { webhookSchema } from './webhook-schema-for-tests.ts'

const program = fileURLToPath(new URL('./webhook-process-for-tests.ts', import.meta.url))
const secret = 'q3Zr8vN1x0LmPzT6uYwBkC5dHsJfGaEo'

interface Server {
  readonly process: StartedProcess
  readonly address: string
}
type Pair = readonly [Server, Server]

async function startPair(shared: readonly string[]): Promise<Pair> {
  const start = async () => {
    const args = [program, secret, ...shared]
    const started = await startProcess({ command: process.execPath, args, readyWhen: /listening on (\S+)/ })
    return { process: started, address: started.ready?.[1] ?? '' }
  }
  return Promise.all([start(), start()])
}

async function endPair(pair: Pair | undefined): Promise<void> {
  await Promise.all((pair ?? []).map((server) => server.process.kill('SIGKILL')))
}

interface Message {
  readonly number: string
  /** How many tries fail. */
  readonly fails?: number
}

async function post(server: Server, message: Message, { attempt = 0, takesMs = 0 } = {}): Promise<string> {
  const body = JSON.stringify({ fails: 0, ...message })
  const headers = {
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    'x-github-delivery': crypto.randomUUID(),
    'x-try': String(attempt),
    'x-takes-ms': String(takesMs),
  }
  return (await fetch(server.address, { method: 'POST', headers, body })).text()
}

const processed = 'processed allowed'
const replayed = 'replayed webhook_replayed'
const inProgress = 'refused webhook_in_progress'

async function handledOnce(pair: Pair): Promise<void> {
  for (let round = 0; round < 40; round++) {
    const message = { number: `round ${round}` }
    const takesMs = round % 3
    const posts = [...pair, ...pair].map((server) => post(server, message, { takesMs }))
    const answers = await Promise.all(posts)
    expect(answers.filter((answer) => answer === processed)).toHaveLength(1)
    for (const answer of answers) expect([processed, replayed, inProgress]).toContain(answer)
    // Once it was handled, both know.
    for (const server of pair) expect(await post(server, message)).toBe(replayed)
  }
}

async function retriedElsewhere([first, second]: Pair): Promise<void> {
  for (let round = 0; round < 10; round++) {
    const message = { number: `failing ${round}`, fails: 2 }
    expect(await post(first, message, { attempt: 0 })).toBe('failed')
    expect(await post(second, message, { attempt: 1 })).toBe('failed')
    expect(await post(first, message, { attempt: 2 })).toBe(processed)
    expect(await post(second, message, { attempt: 3 })).toBe(replayed)
  }
}

async function freeAfterCrash([first, second]: Pair): Promise<void> {
  const message = { number: 'crash' }
  const lost = post(first, message, { takesMs: 60_000 }).catch(() => 'lost')
  await until(() => first.process.output().includes('handling crash.'), { what: 'the first to be at it' })
  expect(await post(second, message)).toBe(inProgress)
  await first.process.kill('SIGKILL')
  expect(await lost).toBe('lost')
  await until(async () => (await post(second, message)) === processed, { what: 'the lease to end' })
  expect(await post(second, message)).toBe(replayed)
}

// The last one ends a process.
const guarantees: readonly (readonly [string, (pair: Pair) => Promise<void>])[] = [
  ['a message posted to both in parallel is handled exactly once, 40 rounds', handledOnce],
  ['a handler that fails in one process is retried in the other, and succeeds once', retriedElsewhere],
  ['a process killed in mid-message blocks it for no longer than its lease', freeAfterCrash],
]

describe.skipIf(!redisAvailable('any'))('two processes share Redis', () => {
  let redis: Awaited<ReturnType<typeof redisForTests>>
  let pair: Pair
  beforeAll(async () => {
    redis = await redisForTests()
    pair = await startPair([redis.url, redis.namespace])
  })
  afterAll(async () => {
    await endPair(pair)
    await redis[Symbol.asyncDispose]()
  })
  for (const [name, holds] of guarantees) it(name, () => holds(pair), 60_000)
})

eachStore((store) => {
  let pair: Pair | undefined
  afterEach(async () => {
    await endPair(pair)
    pair = undefined
  })

  it(`two processes share a database: ${guarantees.map(([name]) => name).join('; ')}`, async () => {
    const url = await store.fresh()
    await store.open([webhookSchema], { url })
    pair = await startPair([url])
    for (const [, holds] of guarantees) await holds(pair)
  }, 60_000)
})
