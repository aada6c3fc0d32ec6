// What one revocation voids, and what two of one thing make together: the same in memory, on the bus and in every store.
import type { Revocation, RevocationKind, RevocationSubject } from './revocations.ts'

/** Every kind, in the order in which a subject is looked up: the narrowest first. */
export const revocationKinds = [
  'token',
  'session',
  'family',
  'key',
  'user',
] as const satisfies readonly RevocationKind[]

/**
 * Whether a revocation voids a credential. One of a `user` voids what was issued up to its millisecond; every other one
 * voids all that carries its id, because ids of sessions, families, keys and tokens are never used again.
 */
export function voids(revocation: Revocation, subject: RevocationSubject): boolean {
  if (subject[revocation.kind] !== revocation.id) return false
  return revocation.kind !== 'user' || subject.issuedAtMs <= revocation.revokedAtMs
}

/**
 * Two revocations of one thing as one: it is remembered for the longer of the two. A user can be signed out everywhere
 * again and again, so the later moment and cause count; for everything else the first, it cannot end twice.
 */
export function mergeRevocations(known: Revocation, incoming: Revocation): Revocation {
  const newer = known.kind === 'user' && incoming.revokedAtMs > known.revokedAtMs
  const { revokedAtMs, cause } = newer ? incoming : known
  const forgetAtMs = Math.max(known.forgetAtMs, incoming.forgetAtMs)
  return { kind: known.kind, id: known.id, revokedAtMs, forgetAtMs, cause }
}

/** A revocation out of a message from elsewhere, or nothing if it is none. */
export function readRevocation(value: unknown): Revocation | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  // Every property is checked before it is used.
  const { kind, id, revokedAtMs, forgetAtMs, cause } = value as Partial<Record<keyof Revocation, unknown>>
  const known = revocationKinds.find((name) => name === kind)
  if (known === undefined || !isText(id) || !isText(cause)) return undefined
  if (!isTime(revokedAtMs) || !isTime(forgetAtMs)) return undefined
  return { kind: known, id, revokedAtMs, forgetAtMs, cause }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 256
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value)
}
