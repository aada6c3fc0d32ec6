// The OpenAPI document, derived from the routes' contracts: /openapi.json.
import { STATUS_CODES } from 'node:http'
import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'

export interface ApiFacts {
  readonly title: string
  readonly version: string
  /** Public origin. */
  readonly url: string
}

const failure = {
  description: 'The request was refused or failed',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

/** Collects every route registered after it. */
export async function addOpenApi(app: FastifyInstance, facts: ApiFacts): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: facts.title, version: facts.version },
      servers: [{ url: facts.url }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'An API key: lvk_live_… or lvk_test_…' },
          apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
          accessToken: {
            type: 'http',
            scheme: 'bearer',
            description: 'Of a person who signed in with "transport": "bearer"; renewed at /api/auth/refresh',
          },
          session: { type: 'apiKey', in: 'cookie', name: '__Host-levqor_session' },
        },
        schemas: {
          Problem: {
            type: 'object',
            description: 'RFC 9457 problem document. The codes are listed at /docs/errors.',
            required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
            properties: {
              type: { type: 'string' },
              title: { type: 'string' },
              status: { type: 'integer' },
              detail: { type: 'string', description: 'What to do about it' },
              instance: { type: 'string' },
              code: { type: 'string', description: 'Stable; switch on it' },
              request_id: { type: 'string' },
              retry_after: { type: 'integer', description: 'Seconds' },
              errors: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['pointer', 'code', 'message'],
                  properties: {
                    pointer: { type: 'string', description: 'RFC 6901, or the name of a parameter' },
                    code: { type: 'string' },
                    message: { type: 'string' },
                  },
                },
              },
            },
          },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (documents) =>
      'openapiObject' in documents ? withFailures(documents.openapiObject) : documents.swaggerObject,
  })
}

// The library's types of a document are partial and deep; only this one addition is made to it.
function withFailures<D extends { paths?: object }>(document: D): D {
  for (const operations of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(operations as object)) {
      if (hasResponses(operation)) operation.responses = { ...named(operation.responses), default: failure }
    }
  }
  return document
}

// Fastify's plug-in calls every answer "Default Response".
function named(responses: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(responses).map(([status, answer]) => [
      status,
      typeof answer === 'object' ? { ...answer, description: STATUS_CODES[status] ?? status } : answer,
    ]),
  )
}

function hasResponses(value: unknown): value is { responses: Record<string, unknown> } {
  return typeof value === 'object' && value !== null && 'responses' in value
}
