import { expect, it } from 'vitest'
import { readJobFilter, writeJobFilter } from './job-filter.ts'

it('survives the way through the address', () => {
  const filter = { status: 'dead', workflow: 'page-digest' } as const
  expect(readJobFilter(new URLSearchParams(writeJobFilter(filter)))).toEqual(filter)
  expect(writeJobFilter({ status: undefined, workflow: undefined })).toBe('')
})

it('reads an unknown state as no filter, so that an old link still shows jobs', () => {
  expect(readJobFilter(new URLSearchParams('status=exploded&workflow=+'))).toEqual({
    status: undefined,
    workflow: undefined,
  })
})
