import { describe, expect, it } from 'vitest'
import { compileLimit } from '../limits/limit.ts'
import type { Decision } from './decision.ts'
import { decisionReasons } from './reasons.ts'
import { renderDecision } from './render-problem.ts'

const denied = (facts: Partial<Decision>): Decision => ({
  outcome: 'deny',
  reason: 'rate_limited',
  limits: [],
  clientIp: '192.0.2.1',
  ...facts,
})

describe('a refusal as a problem document', () => {
  it('a limit says when to come back, in the body and in the fields', () => {
    const limit = compileLimit({ name: 'per-key', by: 'credential', quota: 60, windowMs: 60_000 })
    const state = { limit, remaining: 0, resetMs: 60_000, exceeded: true, retryAfterMs: 1500 }
    const { status, headers, problem } = renderDecision(denied({ limits: [state], retryAfterMs: 1500 }), {
      requestId: 'req-1',
      instance: '/api/v1/intake',
      typeBase: 'https://levqor.example/problems/',
    })
    expect(status).toBe(429)
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'retry-after': '2',
      'ratelimit-policy': '"per-key";q=60;w=60',
      ratelimit: '"per-key";r=0;t=2',
    })
    expect(problem).toEqual({
      type: 'https://levqor.example/problems/rate_limited',
      title: 'Too many requests',
      status: 429,
      detail: decisionReasons.rate_limited.help,
      code: 'rate_limited',
      instance: '/api/v1/intake',
      request_id: 'req-1',
      ok: false,
      error: 'rate_limited',
      retry_after: 2,
    })
  })

  it('never tells anybody to come back at once', () => {
    expect(renderDecision(denied({ retryAfterMs: 0 })).headers['retry-after']).toBe('1')
    expect(renderDecision(denied({ reason: 'limits_unavailable' })).headers['retry-after']).toBe('1')
  })

  it('where a credential is missing, only what the door takes is named', () => {
    const told = (facts: Partial<Decision>) =>
      renderDecision(denied({ reason: 'credential_missing', ...facts })).problem.detail
    expect(told({ accepts: ['key'] })).toBe('Send an API key as "Authorization: Bearer <key>".')
    expect(told({ accepts: ['session', 'token'] })).toBe('Sign in.')
    expect(told({ accepts: ['session', 'token', 'key'] })).toBe(
      'Sign in, or send an API key as "Authorization: Bearer <key>".',
    )
    expect(told({ accepts: ['link'] })).toBe('Open the link that was sent to you.')
    expect(told({})).toBe(decisionReasons.credential_missing.help)
  })

  it('a 401 says how to authenticate, a redirect where to go, a missing scope which one', () => {
    expect(renderDecision(denied({ reason: 'credential_missing' })).headers['www-authenticate']).toBe(
      'Bearer',
    )
    const moved = renderDecision(denied({ reason: 'https_redirect', location: 'https://a.example/x' }))
    expect([moved.status, moved.headers.location]).toEqual([308, 'https://a.example/x'])
    const scope = renderDecision(denied({ reason: 'scope_missing', scopes: ['jobs:write'] }))
    expect(scope.problem.required_scopes).toEqual(['jobs:write'])
    expect(scope.problem.type).toBe('about:blank')
  })

  it('no text names internals or tells whether an account or key exists', () => {
    for (const facts of Object.values(decisionReasons)) {
      expect(`${facts.title} ${facts.help}`).not.toMatch(
        /redis|store|memory|unknown (user|account|key)|revoked|expired/i,
      )
    }
  })
})
