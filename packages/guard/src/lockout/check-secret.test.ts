import { describe, expect, it } from 'vitest'
import { checkSecret } from './check-secret.ts'

const accounts = [{ name: 'ada', stored: 'hash of right' }]
const dummy = { name: '', stored: 'hash of nothing' }

/** Everything that a check did, in order. */
async function tracedCheck(name: string, secret: string) {
  const trace: string[] = []
  const check = checkSecret({
    find: async () => {
      trace.push('find')
      return accounts.find((account) => account.name === name)
    },
    verify: async (account) => {
      trace.push('verify')
      return account.stored === `hash of ${secret}`
    },
    dummy,
  })
  return { trace, result: await check() }
}

describe('checking a secret', () => {
  it('an unknown account does the same work as a known one with a wrong secret, and says the same', async () => {
    const unknown = await tracedCheck('eve', 'wrong')
    expect(unknown).toEqual(await tracedCheck('ada', 'wrong'))
    expect(unknown).toEqual({ trace: ['find', 'verify'], result: undefined })
  })

  it('the right secret gives the account, after the same work', async () => {
    expect(await tracedCheck('ada', 'right')).toEqual({ trace: ['find', 'verify'], result: accounts[0] })
  })

  it('nobody gets in by guessing what the dummy stores', async () => {
    expect((await tracedCheck('eve', 'nothing')).result).toBeUndefined()
  })
})
