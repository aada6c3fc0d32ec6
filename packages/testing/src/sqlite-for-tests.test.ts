import { existsSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import { sqliteForTests } from './sqlite-for-tests.ts'

it('gives each test its own path and leaves nothing behind', async () => {
  const [first, second] = await Promise.all([sqliteForTests(), sqliteForTests()])
  expect(first.path).not.toBe(second.path)
  expect(first.url).toBe(`sqlite:${first.path}`)
  for (const end of ['', '-wal', '-shm']) writeFileSync(first.path + end, '')
  await first.drop()
  await first.drop()
  await second.drop()
  expect(existsSync(dirname(first.path))).toBe(false)
})
