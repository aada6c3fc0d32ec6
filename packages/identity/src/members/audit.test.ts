// What every write of this room leaves in the audit log.
import { type AuditWorld, auditWorld, personal, type Someone } from '../test-audit-world.ts'
import { testAuditedRoutes } from '../test-audited-writes.ts'
import { memberRoutes } from './routes.ts'

function colleague({ person, newEmail }: AuditWorld, { home }: Pick<Someone, 'home'>) {
  return person(newEmail(), 'member', { name: personal, workspaceId: home })
}

testAuditedRoutes(memberRoutes, auditWorld, {
  'workspaces.leave': {
    rows: ['new me workspace.created workspace', 'own me member.left user'],
    async run(world) {
      const boss = await world.someone()
      const me = await colleague(world, boss)
      await world.ready()
      await world.http('POST', `${boss.workspace}/leave`, undefined, new Map(me.jar))
      return { id: me.id, home: boss.home }
    },
  },
  'workspaces.transfer': {
    rows: [
      'own me member.role_changed user',
      'own me member.role_changed user',
      'own me workspace.transferred workspace',
    ],
    async run(world) {
      const me = await world.someone()
      const heir = await colleague(world, me)
      await world.ready()
      await me.do('POST', `${me.workspace}/transfer`, { user_id: heir.publicId })
      return me
    },
  },
  'workspaces.members.change-role': {
    rows: ['own me member.role_changed user'],
    async run(world) {
      const me = await world.someone()
      const other = await colleague(world, me)
      await world.ready()
      await me.do('PATCH', `${me.workspace}/members/${other.publicId}`, { role: 'viewer' })
      return me
    },
  },
  'workspaces.members.remove': {
    rows: ['new me workspace.created workspace', 'own me member.removed user'],
    async run(world) {
      const me = await world.someone()
      const other = await colleague(world, me)
      await world.ready()
      await me.do('DELETE', `${me.workspace}/members/${other.publicId}`)
      return me
    },
  },
})
