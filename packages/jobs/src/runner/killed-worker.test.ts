// A real process dies in the middle of a job. The next one on the same database goes on where it was, at once.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { asSystem } from '@levqor/database/system'
import { eachStore, realIds, systemClock, until } from '@levqor/testing'
import { expect, it } from 'vitest'
import { createJobStore, createRunner, defineTask, jobsSchema } from '../index.ts'

const workspaceId = '01890000-0000-7000-8000-000000000001'

const victim = (url: string) => `
import { openDatabase } from '@levqor/database'
import { createJobStore, createRunner, defineTask, jobsSchema } from '@levqor/jobs'
import { realIds, systemClock } from '@levqor/testing'
const parts = { clock: systemClock, ids: realIds() }
const database = await openDatabase({ url: ${JSON.stringify(url)}, schemas: [jobsSchema], ...parts })
const task = defineTask({ id: 'work', async run({ steps }) {
  await steps.begin({ stepId: 'one', position: 0, connector: 'x', effect: 'idempotent' })
  await steps.finish('one', { output: 'by the first process' })
  console.log('in the middle')
  return new Promise(() => setInterval(() => undefined, 1_000))
} })
createRunner({ store: createJobStore({ database, ...parts }), tasks: [task] }).start()
`

eachStore((test) => {
  it('kill -9 in mid-job: the job is finished by another process without waiting for the lease', async () => {
    const url = await test.fresh()
    const ids = realIds()
    const database = await test.open([jobsSchema], { url, ids })
    const store = createJobStore({ database, clock: systemClock, ids })
    const { jobId } = await asSystem(database).transaction((tx) =>
      store.enqueue(tx, { workspaceId, kind: 'work', payload: null }),
    )
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', victim(url)], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    const other = createRunner({ store, tasks: [], queues: ['other'], pollMs: 20 })
    other.start()
    await until(async () => (await store.workers()).length === 2, { what: 'both are registered' })
    expect(await store.get({ jobId })).toMatchObject({ state: 'running', claims: 1 })
    await other.stop()
    child.kill('SIGKILL')
    await once(child, 'exit')

    const ran: string[] = []
    const task = defineTask({
      id: 'work',
      async run({ steps }) {
        const step = await steps.begin({ stepId: 'one', position: 0, connector: 'x', effect: 'idempotent' })
        ran.push(step.kind)
        return { kind: 'succeeded', result: steps.get('one')?.output }
      },
    })
    const runner = createRunner({ store, tasks: [task] })
    const from = performance.now()
    runner.start()
    await until(async () => (await store.get({ jobId }))?.state === 'succeeded', { what: 'the job is done' })
    expect(performance.now() - from).toBeLessThan(5_000)
    await runner.stop()
    expect(ran).toEqual(['finished'])
    expect(await store.get({ jobId })).toMatchObject({
      result: 'by the first process',
      failures: 0,
      crashes: 1,
    })
    const attempts = await store.attempts({ jobId })
    expect(attempts.map((attempt) => [attempt.outcome, attempt.error?.code])).toEqual([
      ['crashed', 'worker_died'],
      ['succeeded', undefined],
    ])
  })
})
