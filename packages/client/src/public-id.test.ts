import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromPublicId, idPrefixes, toPublicId } from './public-id.ts'

it('goes to the edge and back unchanged', () => {
  fc.assert(
    fc.property(fc.constantFrom(...idPrefixes), fc.uuid(), (prefix, uuid) => {
      expect(fromPublicId(prefix, toPublicId(prefix, uuid))).toBe(uuid)
    }),
  )
})

it.each([
  '',
  'job_',
  'job_123',
  'wf_0193a1b2c3d47e5f8a9b0c1d2e3f4a5b',
  'job_0193A1B2C3D47E5F8A9B0C1D2E3F4A5B',
  'job_0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
])('takes %j for no job', (text) => {
  expect(fromPublicId('job', text)).toBeUndefined()
})
