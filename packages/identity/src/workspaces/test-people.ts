// People with sessions for the tests of workspaces, written as rows: how they signed in is no matter here.
import { fromPublicId, toPublicId } from '@levqor/client'
import { asSystem } from '@levqor/database/system'
import type { WorkspaceRole } from '@levqor/server'
import { newToken } from '../secrets/opaque-token.ts'
import type { Answer, TestInstallation } from '../test-installation.ts'

export interface Person {
  readonly id: string
  /** `usr_…` */
  readonly publicId: string
  readonly email: string
  readonly sessionId: string
  readonly jar: Map<string, string>
  call(method: string, path: string, body?: unknown): Promise<Answer>
}

export interface People {
  /** The first workspace: `ws_…` and UUID. */
  readonly ws: string
  readonly workspaceId: string
  /** Its first owner. */
  readonly owner: Person
  /** Without a role: somebody with a workspace of their own. */
  person(email: string, role?: WorkspaceRole, facts?: PersonFacts): Promise<Person>
  signIn(userId: string, workspaceId: string): Promise<Pick<Person, 'jar' | 'sessionId' | 'call'>>
  audit(...actions: string[]): Promise<{ action: string; workspace_id: string; actor_id: string }[]>
  mails(to: string): Promise<{ subject: string; body_text: string; body_html: string }[]>
  /** How often transactions of this database have waited for one another in a circle. */
  deadlocks(): Promise<number>
}

interface PersonFacts {
  readonly name?: string | null
  readonly verified?: boolean
  readonly workspaceId?: string
}

export async function testPeople(installation: TestInstallation): Promise<People> {
  const { database, clock, rows, call, firstRun } = installation
  const { ids } = database
  const workspaceId = fromPublicId('ws', firstRun.workspace_id) ?? ''
  const system = asSystem(database)

  async function signIn(userId: string, workspace: string) {
    const token = newToken()
    const sessionId = ids.next()
    const now = clock.now()
    const { policy, tokens } = installation.identity.services.identity
    const family = await system.transaction(async (tx) => {
      const started = policy.sessionStyle === 'token' ? await tokens.start(tx, userId) : undefined
      await tx.run(
        `INSERT INTO sessions (id, token_hash, user_id, workspace_id, method, proven_at, created_at, last_seen_at, expires_at, refresh_family_id)
         VALUES ($1, $2, $3, $4, 'magic-link', $5, $5, $5, $6, $7)`,
        [sessionId, token.hash, userId, workspace, now, now + 30 * 86_400_000, started?.familyId ?? null],
      )
      return started
    })
    const jar = new Map(
      family
        ? [
            ['levqor_access', await tokens.issueAccess({ sessionId, userId })],
            ['levqor_refresh', family.token],
          ]
        : [['levqor_session', token.text]],
    )
    return {
      jar,
      sessionId,
      call: (method: string, path: string, body?: unknown) =>
        call(method, path, { jar: new Map(jar), ...(body === undefined ? {} : { body }) }),
    }
  }

  async function person(email: string, role?: WorkspaceRole, facts: PersonFacts = {}): Promise<Person> {
    const id = ids.next()
    const home = role === undefined ? ids.next() : (facts.workspaceId ?? workspaceId)
    const now = clock.now()
    await system.transaction(async (tx) => {
      await tx.run(
        `INSERT INTO users (id, email, name, status, operator, email_verified_at, created_at, updated_at)
         VALUES ($1, $2, $3, 'active', 0, $4, $5, $5)`,
        [id, email, facts.name ?? null, facts.verified === false ? null : now, now],
      )
      if (role === undefined) {
        await tx.run(`INSERT INTO workspaces (id, name, plan, created_at) VALUES ($1, $2, 'free', $3)`, [
          home,
          `Home of ${email}`,
          now,
        ])
      }
      await tx.run(
        'INSERT INTO memberships (workspace_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)',
        [home, id, role ?? 'owner', now],
      )
    })
    return { id, publicId: toPublicId('usr', id), email, ...(await signIn(id, home)) }
  }

  const [first] = await rows<{ id: string }>('SELECT id FROM users')
  const ownerId = first?.id ?? ''
  return {
    ws: firstRun.workspace_id,
    workspaceId,
    owner: {
      id: ownerId,
      publicId: toPublicId('usr', ownerId),
      email: 'admin@example.com',
      ...(await signIn(ownerId, workspaceId)),
    },
    person,
    signIn,
    async audit(...actions) {
      const all = await rows<{ action: string; workspace_id: string; actor_id: string }>(
        'SELECT action, workspace_id, actor_id FROM audit_log ORDER BY id',
      )
      return all.filter(({ action }) => actions.includes(action))
    },
    mails: (to) =>
      rows('SELECT subject, body_text, body_html FROM mail_outbox WHERE recipient = $1 ORDER BY mail_id', [
        to,
      ]),
    async deadlocks() {
      // One writer at a time.
      if (system.read.dialect === 'sqlite') return 0
      const [row] = await rows<{ deadlocks: number }>(
        'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
      )
      return Number(row?.deadlocks)
    },
  }
}
