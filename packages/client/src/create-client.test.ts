import { expect, it, vi } from 'vitest'
import { createClient, getJob, intake, LevqorError, listJobs } from './index.ts'

const id = `job_${'0'.repeat(32)}`

function answering(...answers: (Response | Error)[]) {
  const requests: Request[] = []
  const send: typeof fetch = async (input, init) => {
    requests.push(new Request(input, init))
    const answer = answers.shift() ?? new Error('no more answers')
    if (answer instanceof Error) throw answer
    return answer
  }
  return { requests, client: createClient({ baseUrl: 'http://levqor.test', apiKey: 'lvk_x', fetch: send }) }
}

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

it('builds the request that the contract describes', async () => {
  const { client, requests } = answering(
    json({ job_id: id, status: 'queued' }),
    json({ items: [], next_cursor: null, has_more: false }),
  )
  await client.call(intake, {
    headers: { 'idempotency-key': 'k' },
    body: { workflow: 'w', payload: { a: 1 } },
  })
  await client.call(listJobs, { query: { status: 'dead', cursor: undefined, limit: 5 } })
  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST http://levqor.test/api/v1/intake',
    'GET http://levqor.test/api/v1/jobs?status=dead&limit=5',
  ])
  expect(requests[0]?.headers.get('authorization')).toBe('Bearer lvk_x')
  expect(requests[0]?.headers.get('idempotency-key')).toBe('k')
  expect(await requests[0]?.json()).toEqual({ workflow: 'w', payload: { a: 1 } })
})

it('turns a problem document into an error with its code and wait', async () => {
  const document = {
    type: '/x',
    title: 'Too many',
    status: 429,
    detail: 'Wait.',
    code: 'rate_limited',
    request_id: 'r',
    retry_after: 7,
  }
  const { client } = answering(json(document, 429))
  const error = await client.call(getJob, { params: { id } }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(LevqorError)
  expect(error).toMatchObject({ code: 'rate_limited', status: 429, retryAfter: 7, message: 'Wait.' })
})

it.each([new Response('<html>', { status: 502 }), new TypeError('fetch failed')])(
  'explains an answer that is none of ours',
  async (answer) => {
    const { client } = answering(answer)
    await expect(client.call(getJob, { params: { id } })).rejects.toMatchObject({
      code: answer instanceof Error ? 'unreachable' : 'unexpected_answer',
    })
  },
)

it('follows a job across a broken connection from the last event on', async () => {
  const event = (seq: number, status: string) =>
    `id: ${seq}\nevent: job\ndata: ${JSON.stringify({ seq, type: 'job', time: '2026-01-01T00:00:00Z', status, progress: 0 })}\n\n`
  const stream = (...events: string[]) =>
    new Response(events.join(''), { headers: { 'content-type': 'text/event-stream' } })
  const { client, requests } = answering(
    stream(event(1, 'queued'), event(2, 'running')),
    new TypeError('broken'),
    stream(event(3, 'succeeded')),
  )
  const seen = await Array.fromAsync(client.followJob(id), ({ seq }) => seq)
  expect(seen).toEqual([1, 2, 3])
  expect(requests.map(({ headers }) => headers.get('last-event-id'))).toEqual([null, '2', '2'])
})

it('follows a job over any number of streams that are cut after a while', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    const time = '2026-01-01T00:00:00.000Z'
    const done = { seq: 1, type: 'job', time, status: 'succeeded', progress: 100 }
    let cuts = 0
    const client = createClient({
      baseUrl: 'http://levqor.test',
      fetch: async () => {
        vi.setSystemTime(Date.now() + 600_000)
        return ++cuts <= 5 ? new Response('') : new Response(`id: 1\ndata: ${JSON.stringify(done)}\n\n`)
      },
    })
    const seen: string[] = []
    for await (const { status } of client.followJob(id)) seen.push(status)
    expect([cuts, seen]).toEqual([6, ['succeeded']])
  } finally {
    vi.useRealTimers()
  }
})
