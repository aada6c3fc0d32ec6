// The moment from which a new credential counts. Somebody who is signed out everywhere and signs in again at once, or
// right after a machine whose clock is ahead has signed them out, must not get a credential that is void from birth.
import type { Revocations } from './revocations.ts'

/** Now, or one millisecond after the user's latest revocation if that is later. In epoch milliseconds. */
export async function issueMoment(revocations: Revocations, userId: string, nowMs: number): Promise<number> {
  const ended = await revocations.find({ user: userId, issuedAtMs: nowMs })
  return ended === undefined ? nowMs : ended.revokedAtMs + 1
}
