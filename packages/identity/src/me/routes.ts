// The routes of who is calling.
import { changeProfile as changeProfileContract, getMe as getMeContract } from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import type { IdentityServices } from '../services.ts'
import { changeProfile } from './change-profile.ts'
import { getMe } from './get-me.ts'
import { presentMe } from './present-me.ts'

export const meRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: getMeContract,
    door: 'read',
    verb: getMe,
    input: () => ({}),
    present: presentMe,
  }),
  defineRoute({
    contract: changeProfileContract,
    door: 'session',
    verb: changeProfile,
    input: ({ body }) => body,
  }),
]
