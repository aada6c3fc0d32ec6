// The routes of accounts, for operators.
import {
  changeUser as changeUserContract,
  getUser as getUserContract,
  listUsers as listUsersContract,
  upsertUser as upsertUserContract,
} from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import { presentPage } from '../page.ts'
import type { IdentityServices } from '../services.ts'
import { changeUser } from './change-user.ts'
import { getUser } from './get-user.ts'
import { listUsers } from './list-users.ts'
import { presentUser } from './present-user.ts'
import { upsertUser } from './upsert-user.ts'

export const userRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: listUsersContract,
    door: 'admin.read',
    verb: listUsers,
    input: ({ query }) => query,
    present: presentPage(presentUser),
  }),
  defineRoute({
    contract: getUserContract,
    door: 'admin.read',
    verb: getUser,
    input: ({ params }) => params,
    present: presentUser,
  }),
  defineRoute({
    contract: upsertUserContract,
    // A service tells of its people as they come, more often than operators change things by hand.
    door: 'write',
    verb: upsertUser,
    input: ({ body }) => body,
    present: ({ user }) => presentUser(user),
    status: ({ created }) => (created ? 201 : 200),
  }),
  defineRoute({
    contract: changeUserContract,
    door: 'admin.write',
    verb: changeUser,
    input: ({ params, body }) => ({ ...params, ...body }),
    present: presentUser,
  }),
]
