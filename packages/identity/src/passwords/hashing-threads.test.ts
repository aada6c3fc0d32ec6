import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { until } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { hashingNiceness } from './hashing-job.ts'
import { createHashingThreads } from './hashing-threads.ts'
import { nicenesses } from './test-nicenesses.ts'

const like = { memory: 1024, passes: 1, parallelism: 1, salt: Buffer.alloc(16, 1), digest: Buffer.alloc(32) }
const slow = { ...like, memory: 65_536, passes: 4 }
const failing = new URL('./test-failing-thread.ts', import.meta.url)

describe('hashing threads', () => {
  it('start when there is work, the second when the first has some, and no more than allowed', async () => {
    const threads = createHashingThreads({ count: 2 })
    expect(threads.size).toBe(0)
    const digest = await threads.digest('one', like)
    expect([threads.size, digest.length]).toEqual([1, 32])
    await threads.digest('one after the other', like)
    expect(threads.size).toBe(1)
    const all = await Promise.all(Array.from({ length: 6 }, (_, i) => threads.digest(`word ${i % 3}`, like)))
    expect(threads.size).toBe(2)
    // Whichever thread it was: the same password has the same digest, another one another.
    expect(new Set(all.map((each) => each.toString('hex'))).size).toBe(3)
  })

  it('end when they have had nothing to do for a while, not in the middle of work', async () => {
    const threads = createHashingThreads({ count: 1, idleMs: 20 })
    await threads.digest('one', slow)
    await threads.digest('two', slow)
    await until(() => threads.size === 0, { what: 'the idle thread’s end' })
    expect(await threads.digest('again', like)).toHaveLength(32)
  })

  it('say what cannot be computed, and go on', async () => {
    const threads = createHashingThreads({ count: 1 })
    const [wrong, right] = await Promise.allSettled([
      threads.digest('x', { ...like, memory: 1 }),
      threads.digest('x', like),
    ])
    expect(wrong).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(/memory/) } })
    expect(right.status).toBe('fulfilled')
  })

  it.each([
    ['throw', 'Out of order'],
    ['exit', 'The thread that hashes passwords has ended.'],
  ])('that end early (%s) leave nobody waiting, and the next one begins anew', async (password, message) => {
    const threads = createHashingThreads({ count: 1, entry: failing })
    for (let i = 0; i < 2; i++) {
      const all = await Promise.allSettled([threads.digest(password, like), threads.digest(password, like)])
      for (const one of all) expect(one).toMatchObject({ status: 'rejected', reason: { message } })
      expect(threads.size).toBe(0)
    }
  })

  it('give way to everything else', async ({ skip }) => {
    if (process.platform !== 'linux') skip('A niceness of one thread alone exists on Linux only.')
    const threads = createHashingThreads({ count: 2 })
    await Promise.all([threads.digest('one', slow), threads.digest('two', slow)])
    expect(nicenesses().filter((it) => it >= hashingNiceness).length).toBeGreaterThanOrEqual(2)
  })

  it('stay where they are in a process that was started further back, and hash all the same', async ({
    skip,
  }) => {
    if (process.platform !== 'linux') skip('A niceness of one thread alone exists on Linux only.')
    const program = fileURLToPath(new URL('./test-nice-process.ts', import.meta.url))
    const { stdout } = await promisify(execFile)('nice', ['-n', '15', process.execPath, program])
    const { length, nicest } = JSON.parse(stdout)
    expect(length).toBe(32)
    expect(nicest).toBeGreaterThanOrEqual(15)
  })
})
