// Accounts with a password, written into the server's database as registering would leave them.
import { argon2Sync, randomBytes, randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { identityPolicy } from '@levqor/identity'

export interface PersonWithPassword {
  readonly email: string
  readonly password: string
}

export function insertPeople(path: string, count: number): readonly PersonWithPassword[] {
  const database = new DatabaseSync(path)
  const now = Date.now()
  const user = database.prepare(
    `INSERT INTO users (id, email, status, operator, email_verified_at, password_hash, created_at, updated_at)
     VALUES (?, ?, 'active', 0, ?, ?, ?, ?)`,
  )
  const workspace = database.prepare(
    `INSERT INTO workspaces (id, name, plan, created_at) VALUES (?, 'Notes', 'free', ?)`,
  )
  const membership = database.prepare(
    `INSERT INTO memberships (workspace_id, user_id, role, created_at) VALUES (?, ?, 'owner', ?)`,
  )
  try {
    database.exec('BEGIN IMMEDIATE')
    const people = Array.from({ length: count }, () => {
      const [userId, workspaceId, password] = [
        randomUUID(),
        randomUUID(),
        randomBytes(18).toString('base64url'),
      ]
      const email = `${userId}@example.com`
      user.run(userId, email, now, phcOf(password), now, now)
      workspace.run(workspaceId, now)
      membership.run(workspaceId, userId, now)
      return { email, password }
    })
    database.exec('COMMIT')
    return people
  } finally {
    database.close()
  }
}

/** A PHC string with identity's parameters. */
function phcOf(password: string): string {
  const { memory, passes, parallelism } = identityPolicy.passwordCost
  const salt = randomBytes(16)
  const digest = argon2Sync('argon2id', {
    message: password,
    nonce: salt,
    parallelism,
    tagLength: 32,
    memory,
    passes,
  })
  const plain = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${plain(salt)}$${plain(digest)}`
}
