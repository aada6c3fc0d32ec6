// What the sign-in page may offer. Says nothing about anybody.
import type { ProviderId } from '@levqor/client'
import { z } from 'zod'
import type { IdentityPolicy } from '../identity-policy.ts'
import { defineVerb } from '../services.ts'

interface SignInMethods {
  readonly providers: readonly { readonly id: ProviderId; readonly name: string }[]
  readonly registration: IdentityPolicy['registration']
  readonly mail: IdentityPolicy['mail']
}

export const getSignInMethods = defineVerb({
  name: 'auth.methods',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: z.strictObject({}),
  async run({ services }): Promise<SignInMethods> {
    const { providers, policy } = services.identity
    return { providers: providers.list, registration: policy.registration, mail: policy.mail }
  },
})
