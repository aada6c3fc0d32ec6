// Every security event the kernel knows, with its severity. One table: sinks, filters and alerts read it.

/** How urgently somebody should look. */
export type Severity = 'info' | 'notice' | 'warning' | 'critical'

/** The catalogue. Names are `area.what-happened`. */
export const securityEvents = {
  'auth.failed': 'notice',
  'auth.locked': 'warning',
  // A session began. The lockout cannot know that: a second factor may be asked for yet.
  'auth.succeeded': 'info',
  // The lockout has seen a right password or code.
  'auth.secret_accepted': 'info',
  'auth.unlocked': 'notice',
  'auth.refused': 'notice',
  'auth.spray_suspected': 'warning',
  'lockout.store_failed': 'critical',
  'lockout.store_recovered': 'notice',
  'anomaly.suspected': 'warning',
  'challenge.failed': 'notice',
  'challenge.passed': 'info',
  'challenge.unavailable': 'warning',
  'limit.denied': 'notice',
  'penalty.raised': 'warning',
  'penalty.ended': 'info',
  'limit.store_failed': 'critical',
  'limit.store_recovered': 'notice',
  'origin.denied': 'warning',
  'origin.dropped': 'warning',
  'identity.store_failed': 'critical',
  'identity.store_recovered': 'notice',
  'transport.refused': 'notice',
  'scope.denied': 'notice',
  'door.unknown': 'critical',
  'token.invalid': 'notice',
  'token.reuse_detected': 'critical',
  'revocation.bus_silent': 'critical',
  'revocation.bus_restored': 'notice',
  'key.address_denied': 'warning',
  'key.created': 'notice',
  'passkey.copy_suspected': 'critical',
  'key.reported': 'warning',
  'key.revoked': 'notice',
  'session.ended': 'info',
  'impersonation.started': 'notice',
  'impersonation.ended': 'info',
  'email.change_stopped': 'warning',
  'account.disabled': 'notice',
  'webhook.rejected': 'warning',
  'webhook.replayed': 'notice',
  'webhook.closed': 'critical',
  'webhook.store_failed': 'critical',
  'webhook.store_recovered': 'notice',
  'egress.blocked': 'warning',
  'socket.refused': 'notice',
  'socket.flood': 'warning',
  'socket.ended': 'info',
  'device.changed': 'notice',
  'device.limit_reached': 'warning',
  'device.confirmed': 'info',
  'referral.held': 'warning',
  'review.decided': 'notice',
  'abuse.store_failed': 'critical',
  'abuse.store_recovered': 'notice',
  'csp.violation': 'notice',
  'protection.lowered': 'critical',
  'protection.restored': 'notice',
  'events.dropped': 'critical',
} as const satisfies Record<string, Severity>

export type SecurityEventName = keyof typeof securityEvents

/** Facts of an event: short values without personal data, secrets or raw addresses. */
export type EventDetails = Readonly<Record<string, string | number | boolean>>

/** What a caller reports. `address` is the raw address; the pipeline replaces it by a pseudonym at once. */
export interface SecurityEventInput {
  readonly event: SecurityEventName
  readonly requestId?: string | undefined
  readonly actorId?: string | undefined
  readonly workspaceId?: string | undefined
  readonly address?: string | undefined
  readonly details?: EventDetails | undefined
}

/** What sinks receive. */
export interface SecurityEvent {
  /** Epoch milliseconds. */
  readonly time: number
  readonly event: SecurityEventName
  readonly severity: Severity
  readonly requestId?: string
  readonly actorId?: string
  readonly workspaceId?: string
  /** A keyed pseudonym: equal for equal addresses for a while, worthless without the key. */
  readonly address?: string
  readonly details?: EventDetails
}
