import { expect, it } from 'vitest'
import { runBenchmark } from '../harness/run-benchmark.ts'
import { jobsEmbedded } from './jobs-embedded.ts'

it('measures every ratio of the embedded stores and of the workflow engines', async () => {
  const report = await runBenchmark(jobsEmbedded({ single: 40, batched: 40, workflows: 6 }), {
    rounds: 1,
    warmUp: false,
    progress: () => undefined,
  })
  expect(Object.keys(report.ratios)).toEqual(
    expect.arrayContaining([
      'enqueue_vs_thin_full',
      'process_vs_thin_full',
      'enqueue_vs_thin_normal',
      'process_vs_thin_normal',
      'workflows_vs_openworkflow',
    ]),
  )
  for (const ratio of Object.values(report.ratios)) expect(ratio).toBeGreaterThan(0)
}, 60_000)
