// Who may call a route, for the documentation: from the access of its verb, and whether its door asks who somebody is.
import type { Access } from '../verbs/access.ts'
import type { WorkspaceRole } from '../verbs/actor.ts'

const people: Readonly<Record<WorkspaceRole, string>> = {
  viewer: 'Anybody who is signed in',
  member: 'Anybody who is signed in, except viewers',
  admin: 'Signed-in admins and owners of the workspace',
  owner: 'Signed-in owners of the workspace',
}

/** One sentence. */
export function whoMay(access: Access, doorAsks: boolean): string {
  const { actors, role = 'viewer', scope } = access
  if (!doorAsks) return 'Open to everybody: no credential is asked for.'
  if (actors.includes('anonymous')) return 'Open to everybody; whoever is signed in is recognised.'
  if (actors.includes('operator'))
    return `Signed-in operators, or an API key of an operator with the scope \`${scope}\`.`
  const key = actors.includes('apiKey') ? [`an API key with the scope \`${scope}\``] : []
  const text = [...(actors.includes('user') ? [people[role]] : []), ...key].join(', or ')
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`
}

/** The same as OpenAPI says it: any of these, `{}` being no credential at all. */
export function securityOf(
  { actors }: Access,
  doorAsks: boolean,
): readonly Record<string, readonly string[]>[] {
  if (!doorAsks) return []
  const operator = actors.includes('operator')
  return [
    ...(actors.includes('anonymous') ? [{}] : []),
    ...(operator || actors.includes('apiKey') ? [{ bearer: [] }, { apiKey: [] }] : []),
    ...(operator || actors.includes('user') ? [{ session: [] }, { accessToken: [] }] : []),
  ]
}
