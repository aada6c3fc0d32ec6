import { expect, it } from 'vitest'
import { totpCode } from './totp-code.ts'

it('shows the last six digits of the codes of RFC 6238, appendix B', () => {
  // ASCII "12345678901234567890".
  const secret = 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ'
  const seconds = [59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000]
  expect(seconds.map((second) => totpCode(secret, second * 1_000))).toEqual([
    '287082',
    '081804',
    '050471',
    '005924',
    '279037',
    '353130',
  ])
})
