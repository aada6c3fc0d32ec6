import { decisionReasons } from '@levqor/guard'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { errorCatalogue } from './catalogue.ts'
import { serviceError } from './service-error.ts'
import { translateError } from './translate-error.ts'

describe('the catalogue', () => {
  it('gives every code a status, a title and something to do', () => {
    for (const [code, { status, title, help }] of Object.entries(errorCatalogue)) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(title, code).toMatch(/^[A-Z]/)
      expect(help, code).toMatch(/\.$/)
    }
  })

  it('holds every refusal of the guard', () => {
    for (const [reason, { status }] of Object.entries(decisionReasons)) {
      if (status >= 400) expect(errorCatalogue[reason], reason).toMatchObject({ status })
    }
  })
})

describe('translation', () => {
  it.each([
    ['a string', 'boom'],
    ['nothing', undefined],
    ['an unknown code', Object.assign(new Error('x'), { code: 'EPIPE', detail: 'secret' })],
    ['a code of Object.prototype', Object.assign(new Error('x'), { code: 'constructor' })],
    ['a plain error', new Error('select * from users')],
  ])('%s is internal_error with no detail', (_, error) => {
    const { code, facts, detail, unexpected } = translateError(error)
    expect({ code, unexpected }).toEqual({ code: 'internal_error', unexpected: true })
    expect(detail).toBe(facts.help)
  })

  it.each([
    ['unique_violation', 'conflict', 409],
    ['serialization_failure', 'database_busy', 503],
    ['transaction_stuck', 'database_busy', 503],
    ['database_full', 'database_full', 503],
    ['FST_ERR_CTP_BODY_TOO_LARGE', 'body_too_large', 413],
  ])('%s becomes %s', (given, code, status) => {
    const translated = translateError(Object.assign(new Error('x'), { code: given }))
    expect(translated).toMatchObject({ code, facts: { status }, unexpected: false })
    if (status === 503) expect(translated.retryAfterMs).toBe(1_000)
  })

  it('keeps what the thrower wants to say, and problems only in their known shape', () => {
    const problems = [{ pointer: '/a', code: 'wrong_type', message: 'no' }]
    expect(translateError(serviceError('not_found', { detail: 'No such key.' })).detail).toBe('No such key.')
    expect(translateError(serviceError('validation_failed', { problems })).problems).toEqual(problems)
    const foreign = Object.assign(new Error('x'), { code: 'invalid_payload', details: problems })
    expect(translateError(foreign).problems).toEqual(problems)
    const odd = Object.assign(new Error('x'), { code: 'invalid_payload', details: [{ secret: 1 }] })
    expect(translateError(odd).problems).toBeUndefined()
  })

  it('a ZodError is validation_failed with pointers', () => {
    const { error } = z.strictObject({ a: z.object({ b: z.number() }) }).safeParse({ a: { b: 'x' }, c: 1 })
    expect(translateError(error)).toMatchObject({
      code: 'validation_failed',
      problems: [
        { pointer: '/a/b', code: 'wrong_type' },
        { pointer: '/c', code: 'unknown_field' },
      ],
    })
  })
})
