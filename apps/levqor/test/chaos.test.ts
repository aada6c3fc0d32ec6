import { expect, it } from 'vitest'
import { runChaos } from '../chaos/run-chaos.ts'

it.each(['sqlite', 'postgres'] as const)(
  'ten cycles of SIGKILL on %s lose nothing, settle nothing twice and leave nothing stuck',
  async (store) => {
    const said: string[] = []
    const report = await runChaos({ store, cycles: 10, seed: 7, tell: (text) => void said.push(text) })
    expect(report, said.join('\n')).toMatchObject({ lost: 0, settled_twice: 0, stuck: 0 })
    expect(report.accepted).toBeGreaterThan(10)
    expect(report.kills).toBeGreaterThanOrEqual(10)
  },
  120_000,
)
