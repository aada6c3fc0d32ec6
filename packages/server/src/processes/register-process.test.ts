import { spawnSync } from 'node:child_process'
import { eachStore, manualClock } from '@levqor/testing'
import { expect, it } from 'vitest'
import { createLogger } from '../log/create-logger.ts'
import { serverSchema } from '../schema/server-schema.ts'
import { processSilenceMs, registerProcess } from './register-process.ts'

eachStore((store) => {
  it('processes see each other until they stop or fall silent, to the millisecond', async () => {
    const clock = manualClock()
    const database = await store.open([serverSchema], { clock })
    const log = createLogger({ level: 'silent' })
    const common = { database, log, limits: 'memory' } as const
    const first = await registerProcess({ ...common, roles: new Set(['api', 'web']) })
    expect(await first.others()).toEqual([])
    const second = await registerProcess({
      ...common,
      roles: new Set(['worker']),
      limits: 'redis',
      pid: process.ppid,
    })
    expect(await first.others()).toMatchObject([{ roles: ['worker'], limits: 'redis' }])
    expect(await second.others()).toMatchObject([{ roles: ['api', 'web'], limits: 'memory' }])
    await second.stop()
    expect(await first.others()).toEqual([])
    const third = await registerProcess({ ...common, roles: new Set(['api']), pid: process.ppid })
    clock.advance(processSilenceMs)
    expect(await third.others()).toHaveLength(1)
    clock.advance(1)
    expect(await third.others()).toEqual([])
    await third.stop()
    await first.stop()
  })

  it('a process that crashed on this machine is forgotten at once', async () => {
    const database = await store.open([serverSchema])
    const common = { database, roles: new Set(['api'] as const), limits: 'memory' } as const
    const log = createLogger({ level: 'silent' })
    const { pid = 0 } = spawnSync(process.execPath, ['--version'])
    const crashed = await registerProcess({ ...common, log, pid })
    const next = await registerProcess({ ...common, log })
    expect(await next.others()).toEqual([])
    await crashed.stop()
    await next.stop()
  })
})
