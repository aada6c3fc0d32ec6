// What every bus of revocations must do, as cases that any test runner can run. A new bus passes these unchanged.
import assert from 'node:assert/strict'
import type { RevocationBus } from '../tokens/revocation/revocation-bus.ts'
import type { Revocation } from '../tokens/revocation/revocations.ts'
import type { ConformanceCase } from './limit-store-cases.ts'

/** One process's end of a bus. */
export interface BusEnd {
  readonly bus: RevocationBus
  /** What `Revocations.revoke` does: into the store, if the bus reads from one, then onto the bus. */
  tell(revocation: Revocation): Promise<void>
}

/** Opens two ends of one bus that nobody uses yet. `close` is called after the case. */
export type OpenBusEnds = () => Promise<{
  readonly ends: readonly [BusEnd, BusEnd]
  close(): Promise<void>
}>

/** What a listener has heard so far. */
interface Heard {
  readonly ids: string[]
  readonly revocations: Revocation[]
  signs: number
  listening: number
}

const patienceMs = 15_000

function revocation(id: string): Revocation {
  const revokedAtMs = 1_800_000_000_000
  return { kind: 'session', id, revokedAtMs, forgetAtMs: revokedAtMs + 900_000, cause: 'signed_out' }
}

/**
 * The cases for one bus.
 * @example
 * for (const { name, run } of revocationBusCases(open)) it(name, run)
 */
export function revocationBusCases(open: OpenBusEnds): ConformanceCase[] {
  const caseOf = (
    name: string,
    body: (ends: readonly [BusEnd, BusEnd]) => Promise<void>,
  ): ConformanceCase => ({
    name,
    async run() {
      const { ends, close } = await open()
      try {
        await body(ends)
      } finally {
        for (const { bus } of ends) await bus.stop()
        await close()
      }
    },
  })
  return [
    caseOf('says when it listens, and gives signs of life without being asked', async ([one]) => {
      const heard = listen(one)
      await until(() => heard.listening > 0 && heard.signs > 0)
      const before = heard.signs
      if (Number.isFinite(one.bus.silentAfterMs)) await until(() => heard.signs >= before + 2)
    }),
    caseOf('carries a revocation whole, from one process to another', async ([one, other]) => {
      listen(one)
      const heard = listen(other)
      await until(() => heard.listening > 0)
      await one.tell(revocation('s1'))
      await until(() => heard.ids.includes('s1'))
      assert.deepEqual(heard.revocations[0], revocation('s1'))
    }),
    caseOf('a hundred at once arrive, both ways', async ([one, other]) => {
      const ends = [
        { end: one, heard: listen(one) },
        { end: other, heard: listen(other) },
      ]
      for (const { heard } of ends) await until(() => heard.listening > 0)
      await Promise.all(
        Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? one : other).tell(revocation(`s${i}`))),
      )
      for (const { heard } of ends) await until(() => new Set(heard.ids).size >= 50)
      await until(() => new Set([...(ends[0]?.heard.ids ?? []), ...(ends[1]?.heard.ids ?? [])]).size === 100)
    }),
    caseOf('after stop nothing arrives any more', async ([one, other]) => {
      listen(one)
      const heard = listen(other)
      await until(() => heard.listening > 0)
      await other.bus.stop()
      const before = heard.ids.length
      await one.tell(revocation('late'))
      await new Promise((resolve) => setImmediate(resolve))
      assert.equal(heard.ids.length, before)
    }),
    caseOf('stops before it ever listened', async ([one]) => {
      await one.bus.stop()
    }),
  ]
}

function listen({ bus }: BusEnd): Heard {
  const heard: Heard = { ids: [], revocations: [], signs: 0, listening: 0 }
  bus.listen({
    revoked(found) {
      heard.ids.push(found.id)
      heard.revocations.push(found)
    },
    heard() {
      heard.signs++
    },
    interrupted() {},
    listening() {
      heard.listening++
    },
  })
  return heard
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!condition()) {
    assert.ok(performance.now() < deadline, `Nothing after ${patienceMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
