// flow.wait: nothing happens for a while, and no worker is held meanwhile.
import { defineConnector } from './connector.ts'

interface Input {
  readonly seconds?: number
  readonly until?: string
}

export const flowWait = defineConnector<Input>({
  id: 'flow.wait',
  title: 'Wait',
  description: 'Waits for a number of seconds or until a moment. A waiting job holds no worker.',
  effect: 'idempotent',
  parameters: {
    type: 'object',
    minProperties: 1,
    maxProperties: 1,
    additionalProperties: false,
    properties: {
      seconds: { type: 'number', minimum: 0, maximum: 31_536_000, description: 'At most one year.' },
      until: {
        type: 'string',
        format: 'date-time',
        description: 'RFC 3339. A moment in the past does not wait.',
      },
    },
  },
  result: { until: 'The moment it waited for, RFC 3339.' },
  async run({ clock }, { seconds, until }) {
    const now = clock.now()
    const waitUntil = until === undefined ? Math.ceil(now + (seconds ?? 0) * 1_000) : Date.parse(until)
    const output = { until: new Date(waitUntil).toISOString() }
    return waitUntil > now ? { output, waitUntil } : { output }
  },
})
