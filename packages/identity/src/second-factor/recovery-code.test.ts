import { expect, it } from 'vitest'
import { hashRecoveryCode, newRecoveryCode } from './recovery-code.ts'

it('has 80 random bits in four groups without look-alikes', () => {
  const codes = Array.from({ length: 1_000 }, newRecoveryCode)
  expect(new Set(codes).size).toBe(1_000)
  for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
  // Every character of the alphabet comes up: nothing is left out.
  expect(new Set(codes.join('').replaceAll('-', '')).size).toBe(32)
})

it('is recognised however it is typed', () => {
  const hash = hashRecoveryCode('7QK2-M0XR-1234-ABCD')
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  for (const typed of ['7qk2m0xr1234abcd', ' 7QK2 MOXR I234 ABCD ', '7QK2–m0xr–l234–abcd']) {
    expect(hashRecoveryCode(typed), typed).toBe(hash)
  }
  for (const typed of ['7QK2-M0XR-1234-ABCE', '7QK2-M0XR-1234-ABC', '7QK2-M0XR-1234-ABCU', '123456', '']) {
    expect(hashRecoveryCode(typed), typed).not.toBe(hash)
  }
})
