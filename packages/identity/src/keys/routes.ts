// The routes of API keys.
import {
  changeApiKey as changeApiKeyContract,
  createApiKey as createApiKeyContract,
  listApiKeys as listApiKeysContract,
  reportApiKey as reportApiKeyContract,
  revokeApiKey as revokeApiKeyContract,
  rotateApiKey as rotateApiKeyContract,
} from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import { presentPage } from '../page.ts'
import type { IdentityServices } from '../services.ts'
import { changeApiKey } from './change-api-key.ts'
import { createApiKey } from './create-api-key.ts'
import { listApiKeys } from './list-api-keys.ts'
import { presentApiKey } from './present-api-key.ts'
import { reportApiKey } from './report-api-key.ts'
import { revokeApiKey } from './revoke-api-key.ts'
import { rotateApiKey } from './rotate-api-key.ts'

export const keyRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: listApiKeysContract,
    door: 'read',
    verb: listApiKeys,
    input: ({ query }) => query,
    present: presentPage(presentApiKey),
  }),
  defineRoute({
    contract: createApiKeyContract,
    door: 'user.write',
    verb: createApiKey,
    input: ({ body }) => body,
    present: ({ row, secret }) => ({ ...presentApiKey(row), secret }),
  }),
  defineRoute({
    contract: changeApiKeyContract,
    door: 'user.write',
    verb: changeApiKey,
    input: ({ params, body }) => ({ ...params, ...body }),
    present: presentApiKey,
  }),
  defineRoute({
    contract: rotateApiKeyContract,
    door: 'user.write',
    verb: rotateApiKey,
    input: ({ params, body }) => ({ ...params, ...body }),
    present: ({ row, secret, replaces }) => ({
      ...presentApiKey(row),
      secret,
      replaces: presentApiKey(replaces),
    }),
  }),
  defineRoute({
    contract: reportApiKeyContract,
    door: 'key.report',
    verb: reportApiKey,
    input: ({ body }, { clientIp }) => ({ key: body.key, address: clientIp }),
    present: () => ({ status: 'received' as const }),
  }),
  defineRoute({
    contract: revokeApiKeyContract,
    door: 'user.write',
    verb: revokeApiKey,
    input: ({ params }) => params,
    present: presentApiKey,
  }),
]
