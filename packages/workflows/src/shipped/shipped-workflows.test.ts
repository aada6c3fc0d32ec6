// The shipped workflows are valid, and do what they promise.
import { until } from '@levqor/testing'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectors } from '../connectors/connector-table.ts'
import { checkDefinition } from '../definition/check-definition.ts'
import type { Definition } from '../definition/definition.ts'
import { type Harness, openHarness, workspaceId } from '../harness-for-tests.ts'
import { createSandbox } from '../sandbox/create-sandbox.ts'
import { createPayloadChecker } from '../schema/check-payload.ts'
import { csvReport } from './csv-report.ts'
import { followUp } from './follow-up.ts'
import { pageDigest } from './page-digest.ts'
import { shippedWorkflows } from './shipped-workflows.ts'

// Patient: other tests run beside these.
const sandbox = createSandbox({ timeoutMs: 15_000 })
const checkPayload = createPayloadChecker(sandbox)
let harness: Harness

beforeEach(async () => {
  harness = await openHarness(sandbox)
})
afterEach(() => harness.close())
afterAll(() => sandbox.close())

async function accept(definition: Definition, payload: unknown): Promise<unknown> {
  const result = await checkPayload({
    versionId: definition.name,
    schema: definition.input,
    payload,
    workspaceId,
  })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.payload
}
it.each(shippedWorkflows)('$name passes its own check', async (definition) => {
  expect(await checkDefinition(definition, { connectors, sandbox, workspaceId })).toMatchObject({ ok: true })
})

describe('page-digest', () => {
  const page = `<html><head><title>Levqor &amp; friends</title></head><body><h1>One</h1><h2>Two</h2>
    <p>two words</p><a href="/about">About</a> <a href="https://other.example/x">Other</a></body></html>`

  it('gives title, headings, absolute links and word counts', async () => {
    const site = await harness.site(() => page)
    const job = await harness.run(pageDigest, await accept(pageDigest, { url: `${site.url}/start` }))
    expect(job).toMatchObject({
      state: 'succeeded',
      result: {
        url: `${site.url}/start`,
        title: 'Levqor & friends',
        headings: ['One', 'Two'],
        links: [`${site.url}/about`, 'https://other.example/x'],
        words: { total: 6, unique: 5, top: expect.arrayContaining([{ word: 'two', count: 2 }]) },
      },
    })
    expect(await harness.store.steps({ jobId: job.id })).toMatchObject([
      { stepId: 'page', state: 'succeeded' },
      { stepId: 'parts', state: 'succeeded' },
      { stepId: 'report', state: 'skipped' },
    ])
  })

  it('mails the digest when asked, also of a page without a title', async () => {
    const site = await harness.site(() => '<h1>Only a heading</h1>')
    const payload = await accept(pageDigest, { url: site.url, notify: 'ada@example.org' })
    expect(await harness.run(pageDigest, payload)).toMatchObject({
      state: 'succeeded',
      result: { title: null },
    })
    const mail = await harness.lastMail()
    expect(mail.subject).toBe(`Digest: ${site.url}`)
    expect(mail.body?.text).toContain('Only a heading')
  })

  it.each([
    {},
    { url: 'nowhere' },
    { url: 'https://a.example', notify: 'x' },
    { url: 'https://a.example', x: 1 },
  ])('refuses the payload %j', async (payload) => {
    await expect(accept(pageDigest, payload)).rejects.toThrow(/pointer/)
  })
})

describe('csv-report', () => {
  const csv = 'region,amount\nnorth,10.50\nsouth,4\nnorth,2'

  it('mails the table that the expression makes', async () => {
    const expression =
      '$each(${ region: $sum(amount) }, function($total, $region) { { "region": $region, "total": $total } })'
    const payload = await accept(csvReport, { csv, to: 'ada@example.org', expression })
    const job = await harness.run(csvReport, payload)
    expect(job).toMatchObject({
      state: 'succeeded',
      result: { rows: 3, columns: ['region', 'amount'], recipients: 1 },
    })
    const mail = await harness.lastMail()
    expect(mail.subject).toBe('CSV report')
    expect(mail.body?.text).toMatch(/region +total[\s\S]*north +12\.5[\s\S]*south +4/)
  })

  it.each([
    ['$sum(amount)', 16.5],
    ['{ "total": $sum(amount), "rows": $count($) }', { total: 16.5, rows: 3 }],
    ['$[amount > 3].region', ['north', 'south']],
    ['${ region: $sum(amount) }', { north: 12.5, south: 4 }],
  ])('%s', async (expression, report) => {
    const job = await harness.run(
      csvReport,
      await accept(csvReport, { csv, to: 'ada@example.org', expression }),
    )
    expect(job.result).toMatchObject({ report })
  })

  it('without an expression mails the rows', async () => {
    const job = await harness.run(csvReport, await accept(csvReport, { csv, to: 'ada@example.org' }))
    expect(job.result).toMatchObject({ report: [{ region: 'north', amount: 10.5 }, {}, {}] })
  })

  it('an expression that cannot be read fails its step with the reason', async () => {
    const payload = await accept(csvReport, { csv, to: 'ada@example.org', expression: '$sum(' })
    expect(await harness.run(csvReport, payload)).toMatchObject({
      state: 'dead',
      failures: 1,
      error: { code: 'expression_failed', details: { step: 'report' } },
    })
  })
})

describe('follow-up', () => {
  it('requests, waits, and requests again; the first request is not repeated', async () => {
    const site = await harness.site(() => 'ok')
    const payload = await accept(followUp, {
      url: `${site.url}/one`,
      then_url: `${site.url}/two`,
      seconds: 30,
    })
    const jobId = await harness.submit(followUp, payload)
    harness.work()
    await until(async () => (await harness.store.get({ jobId }))?.state === 'scheduled', { what: 'the wait' })
    harness.clock.advance(30_000)
    const job = await harness.finished(jobId)
    expect(job).toMatchObject({
      state: 'succeeded',
      result: { first: { status: 200 }, second: { status: 200 } },
    })
    expect(site.hits.map(({ url }) => url)).toEqual(['/one', '/two'])
  })

  it('waits five seconds and asks the same address unless told otherwise', async () => {
    const site = await harness.site(() => 'ok')
    const payload = await accept(followUp, { url: site.url })
    expect(payload).toEqual({ url: site.url, seconds: 5 })
  })
})
