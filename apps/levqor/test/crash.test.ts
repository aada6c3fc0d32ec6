import { getStatus } from '@levqor/client'
import { until } from '@levqor/testing'
import { expect, it } from 'vitest'
import { sampleSite } from './page-for-tests.ts'
import { startLevqor } from './start-levqor.ts'

it('kill -9 in the middle of follow-up: a restart finishes the job and its first step is not run again', async () => {
  const site = await sampleSite()
  await using levqor = await startLevqor()
  const { body } = await levqor.request('POST', '/api/v1/intake', {
    body: { workflow: 'follow-up', payload: { url: `${site.url}/step`, seconds: 2 } },
  })
  const id = String(body.job_id)
  const status = () => levqor.client.call(getStatus, { params: { job_id: id } })
  await until(async () => site.hits.length === 1 && (await status()).status === 'scheduled', {
    what: 'the job to wait in its second step',
  })

  await levqor.restart('SIGKILL')

  await until(async () => (await status()).status === 'succeeded', {
    what: 'the job to finish',
    timeoutMs: 15_000,
  })
  expect(site.hits).toHaveLength(2)
  const steps = await levqor.request('GET', `/api/v1/jobs/${id}/steps`)
  expect(
    steps.body.items.map((step: { state: string; attempts: number }) => [step.state, step.attempts]),
  ).toEqual(
    steps.body.items.map((step: { use: string }) => [
      'succeeded',
      step.use === 'flow.wait' ? expect.any(Number) : 1,
    ]),
  )
  await site.close()
})

it('kill -9 while a step is in flight: the attempt is recorded as crashed and the step runs again', async () => {
  let held = true
  const { httpFixture } = await import('@levqor/testing')
  const site = await httpFixture(async () => {
    await until(() => !held, { what: 'the test to let the request go', timeoutMs: 30_000 })
    return '<title>done</title>'
  })
  await using levqor = await startLevqor()
  const { body } = await levqor.request('POST', '/api/v1/intake', {
    body: { workflow: 'page-digest', payload: { url: `${site.url}/slow` } },
  })
  const id = String(body.job_id)
  await until(() => site.hits.length === 1, { what: 'the step to be in flight' })
  const killed = levqor.restart('SIGKILL')
  held = false
  await killed
  await until(
    async () => (await levqor.client.call(getStatus, { params: { job_id: id } })).status === 'succeeded',
    {
      what: 'the job to finish',
      timeoutMs: 15_000,
    },
  )
  const job = await levqor.request('GET', `/api/v1/jobs/${id}`)
  expect(job.body.attempts).toBe(2)
  expect(job.body.attempt_log.map((attempt: { state: string }) => attempt.state)).toEqual([
    'crashed',
    'succeeded',
  ])
  expect(site.hits).toHaveLength(2)
  await site.close()
})
