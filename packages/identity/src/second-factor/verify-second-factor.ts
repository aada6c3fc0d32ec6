// The second step of a sign-in: a code of the app, or a recovery code.
import { verifySecondFactor as contract } from '@levqor/client'
import { z } from 'zod'
import { defineVerb } from '../services.ts'
import { checkCode, type RightCode } from './check-code.ts'
import { type CompletedSignIn, completeSecondFactor } from './complete-second-factor.ts'
import { findFirstFactor } from './find-first-factor.ts'
import { useCode } from './use-code.ts'

interface Checked {
  readonly userId: string
  readonly right: RightCode
}

export const verifySecondFactor = defineVerb({
  name: 'auth.second-factor.verify',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous', 'user'], role: 'viewer' },
  input: z.strictObject({
    code: contract.body.shape.code,
    firstFactor: z.string().optional(),
    deviceCookie: z.string().optional(),
    /** The client's address, and what it is counted by. */
    address: z.string(),
    addressKey: z.string(),
  }),
  async prepare(ctx, { code, firstFactor, deviceCookie, addressKey }): Promise<Checked> {
    const { db, clock, services } = ctx
    const { userId, proof } = await findFirstFactor(db, { token: firstFactor, now: clock.now() })
    const knownDevice = services.identity.knownDevices.prove(deviceCookie, proof.email)
    return { userId, right: await checkCode(ctx, { userId, code, addressKey, knownDevice }) }
  },
  async run(ctx, { firstFactor, deviceCookie, address }, { userId, right }): Promise<CompletedSignIn> {
    const done = await completeSecondFactor(ctx, {
      firstFactor,
      userId,
      secondFactor: right.kind,
      deviceCookie,
      address,
    })
    await useCode(ctx, userId, right)
    return done
  },
})
