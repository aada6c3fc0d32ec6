// Roles in words, and who may give which. The server decides; this only keeps what it would refuse off the page.
import type { Me } from '@levqor/client'

export type Role = Me['workspace']['role']

const order: readonly Role[] = ['viewer', 'member', 'admin', 'owner']

export const roleWords: Readonly<Record<Role, { readonly name: string; readonly may: string }>> = {
  viewer: { name: 'Viewer', may: 'looks at jobs and workflows' },
  member: { name: 'Member', may: 'runs jobs and changes workflows' },
  admin: { name: 'Admin', may: 'also manages members and keys' },
  owner: { name: 'Owner', may: 'may do everything' },
}

/** The roles that somebody may give and take away. */
export function rolesBelow(mine: Role): readonly Role[] {
  return mine === 'owner' ? order : order.slice(0, order.indexOf(mine))
}

/** The roles that somebody may invite to: nobody is invited as an owner. */
export function invitableRoles(mine: Role): readonly Exclude<Role, 'owner'>[] {
  return rolesBelow(mine).filter((role) => role !== 'owner')
}

export function managesMembers(mine: Role): boolean {
  return mine === 'admin' || mine === 'owner'
}

export function managesKeys(mine: Role): boolean {
  return mine === 'admin' || mine === 'owner'
}
