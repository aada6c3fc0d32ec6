import { expect, it } from 'vitest'
import { readEventFilter, writeEventFilter } from './event-filter.ts'

it('what the address says is what it was made from', () => {
  const filter = { severity: 'warning', event: 'auth.failed', address: 'address_1_abc' } as const
  expect(readEventFilter(new URLSearchParams(writeEventFilter(filter)))).toEqual(filter)
  expect(writeEventFilter({})).toBe('')
})

it('an unknown severity, an empty or endless value filters nothing or is cut', () => {
  const read = readEventFilter(new URLSearchParams(`severity=loud&event=%20&actor_id=${'x'.repeat(300)}&z=1`))
  expect(read).toEqual({ actor_id: 'x'.repeat(100) })
})
