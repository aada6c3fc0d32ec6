import { expect, it } from 'vitest'
import { runBenchmark } from '../harness/run-benchmark.ts'
import { identitySignIn } from './identity-signin.ts'

it('signs people in as fast as it hashes, and turns away what the line does not hold', async () => {
  const report = await runBenchmark(identitySignIn({ warmUp: 20, signIns: 20, flood: 400 }), {
    rounds: 1,
    warmUp: false,
    progress: () => undefined,
  })
  expect(Object.keys(report.ratios)).toEqual([
    'vs_argon2_floor',
    'vs_argon2_threads',
    'loop_p99_ms',
    'flood_rss_growth_mb',
  ])
  expect(report.ratios.vs_argon2_floor).toBeGreaterThan(0)
  const { 'flood.signed_in': signedIn = 0, 'flood.turned_away': turnedAway = 0 } = report.figures
  expect(signedIn + turnedAway).toBe(400)
  expect(turnedAway).toBeGreaterThan(0)
}, 120_000)
