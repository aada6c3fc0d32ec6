// The module that the launcher imports: words in, text and exit status out.
import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => vi.restoreAllMocks())

describe('main', () => {
  it('writes what the command says and exits with its status', async () => {
    const written: string[] = []
    const statuses: unknown[] = []
    const keep = (text: unknown, done?: unknown) => {
      written.push(String(text))
      if (typeof done === 'function') done()
      return true
    }
    vi.spyOn(process.stdout, 'write').mockImplementation(keep)
    vi.spyOn(process.stderr, 'write').mockImplementation(keep)
    vi.spyOn(process, 'exit').mockImplementation((status) => {
      statuses.push(status)
      // Nothing after it counts here.
      return undefined as never
    })
    vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'guard', 'headers'])
    await import('./main.ts')
    expect(written.join('')).toContain('Say for which host: --format')
    expect(statuses).toEqual([2])
    vi.resetModules()
    vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'guard', '--help'])
    await import('./main.ts')
    expect(written.join('')).toContain('guard: one policy at every door.')
    expect(statuses).toEqual([2, 0])

    // A reader that has enough closes the pipe; anything else that goes wrong there is an error.
    const listener = process.stdout.listeners('error').at(-1)
    const fail = (code: string) => listener?.(Object.assign(new Error(code), { code }))
    fail('EPIPE')
    expect(statuses).toEqual([2, 0, 0])
    expect(() => fail('EIO')).toThrow('EIO')
    process.stdout.removeAllListeners('error')
  })
})
