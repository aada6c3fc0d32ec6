// The six digits of a mailed proof as they are kept: a million of them are soon tried, so the digest is keyed.
import type { IdentityServices } from '../services.ts'

/** @param id of its row */
export function digestProofCode({ identity }: IdentityServices, id: string, code: string): string {
  return identity.sealer.digest(`proof ${id} ${code}`)
}
