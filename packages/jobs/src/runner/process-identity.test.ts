import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { isProvablyDead, ownProcess, type ProcessIdentity } from './process-identity.ts'

const self: ProcessIdentity = { host: 'h', boot: 'b', namespace: 'n', pid: 10, startedAt: '100' }
const other = { ...self, pid: 20, startedAt: '50' }
const gone = () => ({ alive: false, startedAt: '' })
const same = () => ({ alive: true, startedAt: '50' })
const reused = () => ({ alive: true, startedAt: '999' })
const unknown = () => ({ alive: true, startedAt: '' })

it('a process that is gone, or whose number belongs to a later one, is dead', () => {
  expect(isProvablyDead(other, self, false, gone)).toBe(true)
  expect(isProvablyDead(other, self, false, reused)).toBe(true)
  expect(isProvablyDead({ ...self, startedAt: '50' }, self, false, same)).toBe(true)
})

it('a living process, this one, and one that cannot be judged are not', () => {
  expect(isProvablyDead(other, self, true, same)).toBe(false)
  expect(isProvablyDead(other, self, true, unknown)).toBe(false)
  expect(isProvablyDead(self, self, true, gone)).toBe(false)
})

it('another machine or container is never judged', () => {
  expect(isProvablyDead({ ...other, host: 'x' }, self, true, gone)).toBe(false)
  expect(isProvablyDead({ ...other, namespace: 'x' }, self, true, gone)).toBe(false)
})

it('a restart of the machine kills its processes, where only one machine can be meant', () => {
  expect(isProvablyDead({ ...other, boot: 'earlier' }, self, true, same)).toBe(true)
  expect(isProvablyDead({ ...other, boot: 'earlier' }, self, false, gone)).toBe(false)
  const unsaid = { ...self, boot: '' }
  expect(isProvablyDead({ ...other, boot: '' }, unsaid, true, gone)).toBe(true)
  expect(isProvablyDead({ ...other, boot: '' }, unsaid, false, gone)).toBe(false)
})

it('sees a real process live and die', async () => {
  const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'])
  await once(child.stdout, 'data')
  const mine = ownProcess()
  const identity = { ...mine, pid: child.pid ?? 0, startedAt: '' }
  expect(isProvablyDead(identity, mine, true)).toBe(false)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isProvablyDead(identity, mine, true)).toBe(true)
})
