// The routes of workspaces.
import {
  createWorkspace as createWorkspaceContract,
  getWorkspace as getWorkspaceContract,
  listWorkspaces as listWorkspacesContract,
  renameWorkspace as renameWorkspaceContract,
  switchWorkspace as switchWorkspaceContract,
} from '@levqor/client'
import { defineRoute, type Route } from '@levqor/server'
import { presentPage } from '../page.ts'
import type { IdentityServices } from '../services.ts'
import { createWorkspace } from './create-workspace.ts'
import { getWorkspace } from './get-workspace.ts'
import { listWorkspaces } from './list-workspaces.ts'
import { presentWorkspace } from './present-workspace.ts'
import { renameWorkspace } from './rename-workspace.ts'
import { switchWorkspace } from './switch-workspace.ts'

export const workspaceRoutes: readonly Route<IdentityServices>[] = [
  defineRoute({
    contract: listWorkspacesContract,
    door: 'session',
    verb: listWorkspaces,
    input: ({ query }) => query,
    present: presentPage(presentWorkspace),
  }),
  defineRoute({
    contract: createWorkspaceContract,
    door: 'user.write',
    verb: createWorkspace,
    input: ({ body }) => body,
    present: presentWorkspace,
  }),
  defineRoute({
    contract: getWorkspaceContract,
    door: 'session',
    verb: getWorkspace,
    input: ({ params }) => params,
    present: presentWorkspace,
  }),
  defineRoute({
    contract: renameWorkspaceContract,
    door: 'user.write',
    verb: renameWorkspace,
    input: ({ params, body }) => ({ ...params, ...body }),
    present: presentWorkspace,
  }),
  defineRoute({
    contract: switchWorkspaceContract,
    door: 'session',
    verb: switchWorkspace,
    input: ({ params }) => params,
    present: presentWorkspace,
  }),
]
