import { expect, it } from 'vitest'
import { invitableRoles, managesMembers, rolesBelow } from './roles.ts'

it('people give roles below their own; owners give every one, and nobody is invited as an owner', () => {
  expect(rolesBelow('viewer')).toEqual([])
  expect(rolesBelow('admin')).toEqual(['viewer', 'member'])
  expect(rolesBelow('owner')).toEqual(['viewer', 'member', 'admin', 'owner'])
  expect(invitableRoles('owner')).toEqual(['viewer', 'member', 'admin'])
  expect((['viewer', 'member', 'admin', 'owner'] as const).filter(managesMembers)).toEqual(['admin', 'owner'])
})
