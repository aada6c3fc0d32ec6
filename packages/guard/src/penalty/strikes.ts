// Which refusals count against an address. Only those that another site's page cannot make its visitors' browsers
// collect: otherwise any page could have everybody who opens it blocked.
import type { ClientAddressResolver } from '../address/resolve-client.ts'
import type { DecisionReason } from '../decision/reasons.ts'
import type { Exchange, OpenPassage } from '../kernel/passage.ts'
import type { Attempt } from '../lockout/attempt.ts'
import type { Switches } from '../switches/switches.ts'
import type { Penalty, PenaltyBox } from './penalty-box.ts'

// Not "challenge_required": a page that asks for twenty things at once would be blocked before anybody saw the check.
// A failed check counts, in the box itself.
const striking: ReadonlySet<DecisionReason> = new Set([
  'rate_limited',
  'credential_invalid',
  'invalid_credentials',
  'locked',
  'webhook_invalid',
] satisfies DecisionReason[])

/** The penalty box for operators. */
export interface Penalties {
  /** Who is in it now, in this process. Raw addresses: not for logs. */
  list(): readonly Penalty[]
  /** Lets an address (or an IPv6 prefix from the list) out, in every process within a second. */
  pardon(address: string): Promise<void>
}

/** Where strikes come from. */
export interface Strikes {
  readonly penalties: Penalties
  /** A door's own final refusal. */
  refused(passage: OpenPassage, reason: DecisionReason): void
  strike(clientIp: string, reason: DecisionReason): void
  /** Failed sign-ins count too. */
  around(attempt: Attempt): Attempt
}

/** Binds the counting to a box; without one nothing is counted. */
export function createStrikes(
  box: PenaltyBox | undefined,
  switches: Switches,
  resolveClient: ClientAddressResolver,
): Strikes {
  const keyOf = (address: string) =>
    // A prefix is a key already.
    address.includes('/')
      ? address
      : resolveClient({ remoteAddress: address, encrypted: false, headers: {} }).key
  const count = (key: string, clientIp: string, reason: DecisionReason) => {
    if (!striking.has(reason) || switches.mode('penalties') === 'off') return
    box?.strike(key, clientIp, reason)
  }
  const strike = (clientIp: string, reason: DecisionReason) => count(keyOf(clientIp), clientIp, reason)
  return {
    penalties: {
      list: () => box?.list() ?? [],
      pardon: async (address) => box?.pardon(keyOf(address)),
    },
    refused({ client, exchange }, reason) {
      if (!startedElsewhere(exchange)) count(client.key, client.ip, reason)
    },
    strike,
    around: (attempt) => async (subject, check) => {
      const result = await attempt(subject, check)
      if (result.outcome !== 'succeeded') strike(subject.address, result.decision.reason)
      return result
    },
  }
}

/**
 * Whether another site's page may have started a request. A caller who says so of himself gains little: with a header
 * that no page can set on its own (a key, a bearer token) it counts all the same, and without one he only meets limits.
 */
function startedElsewhere({ headers }: Exchange): boolean {
  const site = headers['sec-fetch-site']
  const elsewhere = site === 'cross-site' || site === 'same-site'
  return elsewhere && headers.authorization === undefined && headers['x-api-key'] === undefined
}
