// Who may do what to whom. One rule: people manage those who rank below them and grant roles below their own; owners,
// above whom nobody ranks, manage one another too. README.md shows it as a table.
import { serviceError, type WorkspaceRole, workspaceRoles } from '@levqor/server'

const rank = (role: WorkspaceRole) => workspaceRoles.indexOf(role)

export function isAtLeast(role: WorkspaceRole, least: WorkspaceRole): boolean {
  return rank(role) >= rank(least)
}

/** Whether whoever has the role can make keys and decide about others: giving it asks for a recent proof. */
export function isPowerful(role: WorkspaceRole): boolean {
  return isAtLeast(role, 'admin')
}

/** Whether somebody with the role `mine` may give or take away `role`, and act on whoever has it. */
export function mayManage(mine: WorkspaceRole, role: WorkspaceRole): boolean {
  return mine === 'owner' || rank(role) < rank(mine)
}

/** @throws ServiceError `forbidden` */
export function requireMayManage(mine: WorkspaceRole, ...roles: readonly WorkspaceRole[]): void {
  const refused = roles.find((role) => !mayManage(mine, role))
  if (refused === undefined) return
  throw serviceError('forbidden', {
    detail: `Your role in this workspace does not reach to ${refused}s: ask an owner.`,
  })
}
