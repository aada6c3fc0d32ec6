import { describe, expect, it } from 'vitest'
import { createLogger } from './create-logger.ts'

function setup() {
  const lines: string[] = []
  const log = createLogger({ level: 'trace', stream: { write: (line: string) => void lines.push(line) } })
  return { log, lines, text: () => lines.join('') }
}

describe('no secret reaches a log line', () => {
  const canaries = {
    key: 'lvk_live_CANARYkey0123456789',
    bearer: 'CANARYbearer.abc-def',
    cookie: 'CANARYcookie',
    password: 'CANARYpassword',
    mail: 'canary.person@example.com',
    webhook: 'whsec_CANARYwebhook==',
    link: 'CANARYlinktoken',
    database: 'CANARYdbpassword',
    body: 'CANARYbody',
  }

  it.each([
    ['as fields', { authorization: canaries.key, cookie: canaries.cookie, password: canaries.password }],
    ['as headers', { headers: { 'set-cookie': [`a=${canaries.cookie}`], 'x-api-key': canaries.key } }],
    ['deep inside', { a: { b: { c: { d: { e: { refresh_token: canaries.link } } } } } }],
    ['in camel case', { clientSecret: canaries.password, smtpUrl: canaries.database, apiKey: canaries.key }],
    ['in a list', { users: [{ email: canaries.mail }, { userEmail: canaries.mail }] }],
    ['as a request body', { body: { text: canaries.body }, payload: canaries.body }],
    ['in an error', { err: new Error(`refused ${canaries.key} for ${canaries.mail}`) }],
    [
      'in a text',
      { note: `Bearer ${canaries.bearer} at /verify?token=${canaries.link}#code=${canaries.link}` },
    ],
    ['in an address', { url: `postgres://levqor:${canaries.database}@db:5432/levqor` }],
    ['as a webhook secret', { note: canaries.webhook }],
  ])('%s', (_, facts) => {
    const { log, text } = setup()
    log.info(facts, 'facts')
    log.child(facts).warn('bindings')
    expect(text()).not.toMatch(/CANARY|canary\.person/)
    expect(text()).toContain('facts')
  })

  it.each([
    `refused ${canaries.key} of ${canaries.mail}`,
    `password=${canaries.password}; token: ${canaries.link}`,
    `{"cookie":"${canaries.cookie}"}`,
    `connect postgres://levqor:${canaries.database}@db:5432`,
  ])('in the message itself: %#', (message) => {
    const { log, text } = setup()
    log.error(message)
    expect(text()).not.toMatch(/CANARY|canary\.person/)
  })

  it('keeps lines parseable, in order, and codes of errors readable', () => {
    const { log, lines } = setup()
    log.info({ code: 'queue_full', status_code: 429, email: 'a@example.com' }, 'one')
    log.warn({ path: '/api/v1/intake' }, 'two')
    const parsed = lines.map((line) => JSON.parse(line))
    expect(parsed[0]).toMatchObject({ level: 'info', code: 'queue_full', status_code: 429, msg: 'one' })
    expect(parsed[0].email).toBe('[redacted]')
    expect(parsed[1]).toMatchObject({ level: 'warn', path: '/api/v1/intake', msg: 'two' })
    expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true)
  })
})
