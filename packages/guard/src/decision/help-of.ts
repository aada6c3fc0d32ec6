// What the caller of a refused request can do about it, in one sentence or two.
import type { CredentialKind } from '../kernel/identity.ts'
import type { Decision } from './decision.ts'
import { decisionReasons } from './reasons.ts'

/** The reason's own help; where a credential is missing, only the ways in that the door takes. */
export function helpOf({ reason, accepts = [] }: Pick<Decision, 'reason' | 'accepts'>): string {
  const ways = [...new Set(accepts.map((kind) => waysIn[kind]))].join(', or ')
  if (reason !== 'credential_missing' || ways === '') return decisionReasons[reason].help
  return `${ways.charAt(0).toUpperCase()}${ways.slice(1)}.`
}

const waysIn: Readonly<Record<CredentialKind, string>> = {
  session: 'sign in',
  token: 'sign in',
  key: 'send an API key as "Authorization: Bearer <key>"',
  link: 'open the link that was sent to you',
}
