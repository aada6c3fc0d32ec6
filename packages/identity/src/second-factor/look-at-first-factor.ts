// What a sign-in that has passed its first factor can go on with: for the page that asks, however it was reached.
import { z } from 'zod'
import type { SecondFactor } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { findFirstFactor } from './find-first-factor.ts'
import { secondFactorMethods } from './second-factor-methods.ts'

export interface AskedSecondFactor {
  readonly methods: readonly SecondFactor[]
  readonly expiresAt: number
}

export const lookAtFirstFactor = defineVerb({
  name: 'auth.second-factor.asked',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['anonymous', 'user'], role: 'viewer' },
  input: z.strictObject({ firstFactor: z.string().optional() }),
  async run({ db, clock }, { firstFactor }): Promise<AskedSecondFactor> {
    const { userId, expiresAt } = await findFirstFactor(db, { token: firstFactor, now: clock.now() })
    return { methods: await secondFactorMethods(db, userId), expiresAt }
  },
})
