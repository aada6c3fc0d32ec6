import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Benchmark, Plan } from './benchmark.ts'
import { printReport } from './print-report.ts'
import { runBenchmark } from './run-benchmark.ts'
import { median } from './statistics.ts'

function setup(change: Partial<Plan> = {}) {
  const calls: string[] = []
  const seen = { folder: '', closed: false }
  const side = (name: string, rates: readonly number[]) => {
    const left = [...rates]
    return {
      name,
      async measure() {
        calls.push(name)
        return { jobs_per_second: left.shift() ?? 0 }
      },
    }
  }
  const benchmark: Benchmark = {
    name: 'sample',
    about: 'a sample',
    async prepare(folder) {
      seen.folder = folder
      return {
        // The first of each is the warm-up.
        contestants: [side('ours', [999, 10, 40, 12]), side('theirs', [1, 5, 10, 12])],
        ratios: [{ name: 'ours_vs_theirs', of: 'ours.jobs_per_second', to: 'theirs.jobs_per_second' }],
        notes: ['A note.'],
        close: async () => {
          seen.closed = true
        },
        ...change,
      }
    },
  }
  return { benchmark, calls, seen }
}

const quiet = { rounds: 3, progress: () => undefined }

describe('runBenchmark', () => {
  it('flips the order every round, so that nobody always runs second', async () => {
    const { benchmark, calls } = setup()
    await runBenchmark(benchmark, quiet)
    expect(calls.slice(2)).toEqual(['ours', 'theirs', 'theirs', 'ours', 'ours', 'theirs'])
  })

  it('takes ratios within a round, and leaves the warm-up out', async () => {
    const { benchmark } = setup()
    const report = await runBenchmark(benchmark, quiet)
    expect(report.ratios).toEqual({ ours_vs_theirs: 2 })
    expect(report.ranges).toEqual({ ours_vs_theirs: [1, 4] })
    expect(report.figures).toEqual({ 'ours.jobs_per_second': 12, 'theirs.jobs_per_second': 10 })
  })

  it('closes the plan and removes the folder, also when a contestant fails', async () => {
    const fails = {
      name: 'ours',
      measure: () => Promise.reject(new Error('It broke.')),
    }
    for (const { benchmark, seen } of [setup(), setup({ contestants: [fails] })]) {
      await runBenchmark(benchmark, quiet).catch(() => undefined)
      expect(seen.closed).toBe(true)
      expect(existsSync(seen.folder)).toBe(false)
    }
  })

  it('closes the plan and removes the folder when it is interrupted', async () => {
    const interruption = new AbortController()
    const hangs = {
      name: 'ours',
      measure: () => {
        interruption.abort(new Error('Interrupted.'))
        return new Promise<never>(() => undefined)
      },
    }
    const { benchmark, seen } = setup({ contestants: [hangs] })
    const run = runBenchmark(benchmark, { ...quiet, signal: interruption.signal })
    await expect(run).rejects.toThrow('Interrupted.')
    expect(seen.closed).toBe(true)
    expect(existsSync(seen.folder)).toBe(false)
  })

  it('refuses a ratio of a figure that nobody measured', async () => {
    const ratios = [{ name: 'r', of: 'ours.jobs_per_second', to: 'theirs.workflows_per_second' }]
    const { benchmark } = setup({ ratios })
    await expect(runBenchmark(benchmark, quiet)).rejects.toThrow('theirs.workflows_per_second')
  })

  it('prints ratios with their range, and figures', async () => {
    const { benchmark } = setup()
    const text = printReport(await runBenchmark(benchmark, quiet))
    expect(text).toMatch(/\| ours_vs_theirs \| +2 \| 1 – 4 \|/)
    expect(text).toMatch(/\| ours\.jobs_per_second +\| +12 \|/)
    expect(text).toContain('- A note.')
  })
})

describe('median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect(median([30, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 100])).toBe(3)
    expect(() => median([])).toThrow()
  })
})
