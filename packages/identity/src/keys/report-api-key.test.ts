import { eachStore, until } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { type TestInstallation, testInstallation } from '../test-installation.ts'
import { newApiKey } from './api-key-format.ts'

const path = '/api/v1/api-keys'

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store)
    const { call, firstRun } = installation
    const { body } = await call('POST', path, { key: firstRun.api_key, body: { name: 'CI' } })
    const report = (key: string) => call('POST', `${path}/report`, { body: { key } })
    const useOf = async (key: string) => (await call('GET', '/api/auth/me', { key })).status
    return { ...installation, leaked: body as { id: string; secret: string }, report, useOf }
  }

  it('a reported key ends at once, here and within a second elsewhere; its owner is mailed, operators see it', async () => {
    const { leaked, report, useOf, rows, events, secondProcess, clock, call, firstRun } = await setup()
    const other = await secondProcess()
    const elsewhere = () => other.call('GET', '/api/auth/me', { key: leaked.secret })
    expect([await useOf(leaked.secret), (await elsewhere()).status]).toEqual([200, 200])
    expect(await report(` ${leaked.secret}\n`)).toMatchObject({ status: 202, body: { status: 'received' } })
    expect(await useOf(leaked.secret)).toBe(401)
    clock.advance(1_000)
    expect((await elsewhere()).status).toBe(401)

    const list = (await call('GET', path, { key: firstRun.api_key })).body.items
    expect(list[0]).toMatchObject({ id: leaked.id, revoked_reason: 'reported' })
    expect(list[1]).toMatchObject({ revoked_at: null })
    const mails = await rows<object>('SELECT * FROM mail_outbox')
    expect(JSON.stringify(mails)).toContain('admin@example.com')
    expect(JSON.stringify(mails)).not.toContain(leaked.secret)
    await until(() => events.some(({ event }) => event === 'key.reported'), { what: 'the event' })
    const audit = await rows<{ actor_kind: string; workspace_id: string | null }>(
      `SELECT * FROM audit_log WHERE action = 'api_key.reported'`,
    )
    expect(audit).toHaveLength(1)
    expect(audit[0]?.workspace_id).toBeTruthy()
  })

  it('the answer does not tell keys from other texts, and nothing else is done for these', async () => {
    const { leaked, report, rows } = await setup()
    const known = await report(leaked.secret)
    const told = ({ status, body, headers }: typeof known) => ({
      status,
      body,
      headers: [...headers].filter(([name]) => !/^(date|x-request-id|ratelimit)/.test(name)),
    })
    const texts = [leaked.secret, newApiKey().text, `${leaked.secret.slice(0, -1)}!`, 'nonsense', '']
    for (const text of texts) expect(told(await report(text)), text).toEqual(told(known))
    expect(await rows('SELECT mail_id FROM mail_outbox')).toHaveLength(1)
    expect(await rows('SELECT id FROM api_keys WHERE revoked_at IS NOT NULL')).toHaveLength(1)
    expect(await report('x'.repeat(201))).toMatchObject({ status: 400 })
    expect(await report(`${leaked.secret}\0`)).toMatchObject({ status: 400 })
  })

  it('100 reports at once are one: one mail, one event, one audit row', async () => {
    const { leaked, report, rows, events } = await setup()
    const answers = await Promise.all(Array.from({ length: 100 }, () => report(leaked.secret)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
    expect(await rows('SELECT mail_id FROM mail_outbox')).toHaveLength(1)
    expect(await rows(`SELECT id FROM audit_log WHERE action = 'api_key.reported'`)).toHaveLength(1)
    await until(() => events.some(({ event }) => event === 'key.reported'), { what: 'the event' })
    expect(events.filter(({ event }) => event === 'key.reported')).toHaveLength(1)
  })
})
