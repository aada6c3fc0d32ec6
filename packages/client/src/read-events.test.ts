import { expect, it } from 'vitest'
import { readEvents } from './read-events.ts'

function streamOf(...chunks: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks)
        controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk)
      controller.close()
    },
  })
}

it('puts events together whatever the chunks, and passes over comments and unknown fields', async () => {
  const chunks = [
    'retry: 1000\n\nid: 1\nev',
    'ent: job\ndata: {"a":',
    '1}\n\n: still here\n\nid: 2\r\ndata: x\r\ndata: y\r\n\r\ndata: unfinished',
  ]
  const events = await Array.fromAsync(readEvents(streamOf(...chunks)))
  expect(events).toEqual([
    { id: '1', event: 'job', data: '{"a":1}' },
    { id: '2', event: 'message', data: 'x\ny' },
  ])
})

it('keeps a character whole that two chunks share', async () => {
  const bytes = new TextEncoder().encode('data: å\n\n')
  const events = await Array.fromAsync(readEvents(streamOf(bytes.slice(0, 7), bytes.slice(7))))
  expect(events[0]?.data).toBe('å')
})
