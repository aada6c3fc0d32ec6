// http.request: one HTTP exchange through the guard's egress.
import { callEgress, checkStatus } from './call-egress.ts'
import { defineConnector } from './connector.ts'
import { decodeBody } from './decode-body.ts'

interface Input {
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly timeoutMs?: number
}

const maxResponseBytes = 1_000_000

const methodOf = ({ method }: Input) => (method ?? 'GET').toUpperCase()
const isKeyed = (input: Input) => methodOf(input) === 'POST' || methodOf(input) === 'PATCH'

export const httpRequest = defineConnector<Input>({
  id: 'http.request',
  title: 'HTTP request',
  description:
    'Fetches or sends something over HTTP. 408, 425, 429 and 5xx are tried again (Retry-After is honoured), other 4xx fail at once. POST and PATCH carry an Idempotency-Key made of job and step.',
  effect: (input) => (isKeyed(input) ? 'keyed' : 'idempotent'),
  parameters: {
    type: 'object',
    required: ['url'],
    additionalProperties: false,
    properties: {
      url: { type: 'string', format: 'uri', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' },
      method: {
        type: 'string',
        enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
        description: 'Default GET.',
      },
      headers: {
        type: 'object',
        maxProperties: 50,
        propertyNames: { pattern: '^[A-Za-z0-9-]{1,100}$' },
        additionalProperties: { type: 'string', maxLength: 8_000 },
      },
      body: { description: 'A text is sent as it is, anything else as JSON.' },
      timeoutMs: {
        type: 'integer',
        minimum: 100,
        maximum: 120_000,
        description: 'For everything together, redirects included. Default 30,000.',
      },
    },
  },
  result: {
    status: 'The status, 200 to 399.',
    headers: 'Names in lower case; several values of one name joined by commas.',
    body: 'The body as text, at most 1,000,000 bytes.',
    json: 'The parsed body when the answer is JSON; otherwise missing.',
  },
  async run({ egress, signal, clock, idempotencyKey }, input) {
    const response = await callEgress(egress, input.url, {
      ...prepareRequest(input, idempotencyKey),
      method: methodOf(input),
      timeoutMs: input.timeoutMs ?? 30_000,
      maxBytes: maxResponseBytes,
      signal,
    })
    const contentType = response.headers['content-type']
    const body = decodeBody(response.body, contentType)
    checkStatus(response, body, clock)
    const json = /[/+]json\b/i.test(contentType ?? '') ? parseJson(body) : undefined
    const output = { status: response.status, headers: response.headers, body }
    return { output: json === undefined ? output : { ...output, json } }
  },
})

function prepareRequest(input: Input, idempotencyKey: string) {
  const headers: Record<string, string> = { ...input.headers }
  const has = (name: string) => Object.keys(headers).some((key) => key.toLowerCase() === name)
  if (isKeyed(input) && !has('idempotency-key')) headers['idempotency-key'] = idempotencyKey
  if (input.body === undefined || input.body === null) return { headers }
  if (typeof input.body === 'string') return { headers, body: input.body }
  if (!has('content-type')) headers['content-type'] = 'application/json'
  return { headers, body: JSON.stringify(input.body) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Labelled JSON, but none: the text is still there for whoever wants it.
    return undefined
  }
}
