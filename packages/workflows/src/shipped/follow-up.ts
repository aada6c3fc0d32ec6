// Shipped workflow: a step, a wait, a step.
import type { Definition } from '../definition/definition.ts'

export const followUp: Definition = {
  name: 'follow-up',
  title: 'Follow-up',
  description: 'Requests an address, waits, and requests it (or another one) again.',
  input: {
    type: 'object',
    required: ['url'],
    additionalProperties: false,
    properties: {
      url: { type: 'string', format: 'uri', title: 'First address' },
      then_url: {
        type: 'string',
        format: 'uri',
        title: 'Second address',
        description: 'Default: the first one.',
      },
      seconds: {
        type: 'number',
        minimum: 0,
        maximum: 2_592_000,
        default: 5,
        title: 'Seconds between them',
      },
    },
  },
  steps: [
    { id: 'first', use: 'http.request', with: { url: '{{ payload.url }}' } },
    { id: 'pause', use: 'flow.wait', with: { seconds: '{{ payload.seconds }}' } },
    { id: 'second', use: 'http.request', with: { url: '{{ payload.then_url | default: payload.url }}' } },
  ],
  output: {
    first: { status: '{{ steps.first.status }}' },
    waited_until: '{{ steps.pause.until }}',
    second: { status: '{{ steps.second.status }}' },
  },
}
