// The pool of sandbox processes: fair, bounded, replaced after every accident, gone when idle or orphaned.
import { spawn } from 'node:child_process'
import { until } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox, type SandboxOptions } from './create-sandbox.ts'
import { createFairQueue } from './fair-queue.ts'

const opened: Sandbox[] = []
function open(options: SandboxOptions = {}): Sandbox {
  const sandbox = createSandbox(options)
  opened.push(sandbox)
  return sandbox
}
afterEach(async () => {
  for (const sandbox of opened.splice(0)) await sandbox.close()
})

const endless = '($f := function() { $f() }; $f())'
const evaluate = (sandbox: Sandbox, expression: string, key = 'a') =>
  sandbox.run('evaluate', { expression, data: { n: 1 } }, { key })

describe('createSandbox', () => {
  it('starts nothing before it is used, and stops when idle', async () => {
    const sandbox = open({ idleMs: 50 })
    expect(sandbox.processes).toBe(0)
    expect(await evaluate(sandbox, 'n + 1')).toBe(2)
    expect(sandbox.processes).toBe(1)
    await until(() => sandbox.processes === 0, { what: 'the idle process to stop' })
    expect(await evaluate(sandbox, 'n + 2')).toBe(3)
  })

  it('a workspace that blocks its process does not block another workspace', async () => {
    const sandbox = open({ timeoutMs: 8_000 })
    const hostile = Array.from({ length: 4 }, () =>
      evaluate(sandbox, endless, 'hostile').catch(() => 'stopped'),
    )
    const start = performance.now()
    expect(await evaluate(sandbox, 'n', 'small')).toBe(1)
    expect(performance.now() - start).toBeLessThan(7_000)
    expect(sandbox.processes).toBe(2)
    await sandbox.close()
    await Promise.all(hostile)
  })

  it('a result of exactly the limit passes, one byte more does not', async () => {
    const sandbox = open({ outputBytes: 1_000 })
    // {"value":"…"} has 12 bytes around the text.
    await expect(evaluate(sandbox, '$pad("x", 988)')).resolves.toHaveLength(988)
    await expect(evaluate(sandbox, '$pad("x", 989)')).rejects.toMatchObject({
      code: 'sandbox_output_too_large',
      final: true,
    })
  })

  it('time may be tried again, memory may not', async () => {
    const hasty = open({ timeoutMs: 500 })
    await expect(evaluate(hasty, endless)).rejects.toMatchObject({ code: 'sandbox_timeout', final: false })
    // Filling the memory takes a while on a busy machine.
    const sandbox = open({ timeoutMs: 15_000 })
    await expect(evaluate(sandbox, '[1..10000000]')).rejects.toMatchObject({
      code: 'sandbox_memory',
      final: true,
    })
    expect(await evaluate(sandbox, 'n')).toBe(1)
  })

  it('the line of one workspace is bounded', async () => {
    const sandbox = open({ timeoutMs: 200 })
    const all = await Promise.allSettled(Array.from({ length: 205 }, () => evaluate(sandbox, 'n')))
    const refused = all.filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    expect(refused).toSatisfy((list: PromiseRejectedResult[]) =>
      list.every(({ reason }) => reason.code === 'sandbox_busy' && reason.retryAfterMs > 0),
    )
  })

  it('closing rejects what waits and leaves no process', async () => {
    const sandbox = open({ timeoutMs: 5_000 })
    const running = [evaluate(sandbox, endless), evaluate(sandbox, endless), evaluate(sandbox, 'n')]
    const ends = Promise.allSettled(running)
    await sandbox.close()
    expect((await ends).map((end) => end.status === 'rejected' && end.reason.code)).toEqual(
      Array(3).fill('sandbox_unavailable'),
    )
    expect(sandbox.processes).toBe(0)
    await expect(evaluate(sandbox, 'n')).rejects.toMatchObject({ code: 'sandbox_unavailable' })
  })

  it('an endless evaluation ends with the process that asked for it, however that ends', async () => {
    const program = `
      import { createSandbox } from ${JSON.stringify(new URL('./create-sandbox.ts', import.meta.url).href)}
      createSandbox({ timeoutMs: 600000 }).run('evaluate', { expression: ${JSON.stringify(endless)}, data: {} }, { key: 'a' })
      setInterval(() => console.log(process.pid), 20)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const children = async () => {
      const ps = spawn('ps', ['-eo', 'pid=,ppid=,args='], { stdio: ['ignore', 'pipe', 'ignore'] })
      const chunks: Buffer[] = []
      for await (const chunk of ps.stdout) chunks.push(chunk)
      const lines = Buffer.concat(chunks).toString().split('\n')
      return lines
        .map((line) => line.trim().split(/\s+/))
        .filter(
          ([, ppid, ...args]) => Number(ppid) === parent.pid && args.join(' ').includes('sandbox-process'),
        )
        .map(([pid]) => Number(pid))
    }
    let child: number | undefined
    await until(
      async () => {
        child = (await children())[0]
        return child !== undefined
      },
      { what: 'the sandbox process', timeoutMs: 10_000 },
    )
    await until(async () => (await processorSeconds(child ?? 0)) >= 1, {
      what: 'the evaluation to spin',
      timeoutMs: 15_000,
    })
    parent.kill('SIGKILL')
    await until(() => !isAlive(child ?? 0), { what: 'the orphan to end', timeoutMs: 10_000 })
  })
})

async function processorSeconds(pid: number): Promise<number> {
  const ps = spawn('ps', ['-o', 'cputimes=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  for await (const chunk of ps.stdout) text += String(chunk)
  return Number(text.trim())
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('createFairQueue', () => {
  it('serves keys in turn and never one beyond its share', () => {
    const queue = createFairQueue<string>({ maxWaitingPerKey: 10, maxRunningPerKey: 1 })
    for (const item of ['a1', 'a2', 'a3']) queue.add('a', item)
    queue.add('b', 'b1')
    expect(queue.take()?.item).toBe('a1')
    expect(queue.take()?.item).toBe('b1')
    expect(queue.take()).toBeUndefined()
    queue.release('a')
    expect(queue.take()?.item).toBe('a2')
    queue.add('b', 'b2')
    queue.release('a')
    queue.release('b')
    expect([queue.take()?.item, queue.take()?.item]).toEqual(['a3', 'b2'])
  })

  it('a line of ten holds ten', () => {
    const queue = createFairQueue<number>({ maxWaitingPerKey: 10, maxRunningPerKey: 1 })
    expect(Array.from({ length: 11 }, (_, n) => queue.add('a', n)).filter(Boolean)).toHaveLength(10)
    expect(queue.drain()).toHaveLength(10)
    expect(queue.take()).toBeUndefined()
  })
})
