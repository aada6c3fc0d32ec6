// What each security event means, in a few words. A name that is not here is shown as it is.
import type { SecurityEvent } from '@levqor/client'
import { Info, type LucideIcon, Siren, TriangleAlert } from 'lucide-react'
import type { Tone } from '../ui/state-look.ts'

const words: Readonly<Record<string, string>> = {
  'auth.failed': 'A credential was refused',
  'auth.locked': 'Sign-in locked after failures',
  'auth.succeeded': 'Signed in',
  'auth.secret_accepted': 'A password or code was right',
  'auth.unlocked': 'Sign-in unlocked',
  'auth.spray_suspected': 'Many accounts tried at once',
  'anomaly.suspected': 'Unusual pattern',
  'challenge.failed': 'Human check failed',
  'limit.denied': 'Rate limit reached',
  'limit.store_failed': 'Limits cannot be counted together',
  'limit.store_recovered': 'Limits are counted together again',
  'penalty.raised': 'Address slowed down',
  'penalty.ended': 'Address no longer slowed down',
  'origin.denied': 'Request from another site refused',
  'transport.refused': 'Plain HTTP refused',
  'scope.denied': 'Key used beyond its scopes',
  'door.unknown': 'Route without a door',
  'token.invalid': 'Token refused',
  'token.reuse_detected': 'Stolen token suspected',
  'revocation.bus_silent': 'Processes cannot tell each other of ended sessions',
  'revocation.bus_restored': 'Processes hear each other again',
  'key.address_denied': 'API key used from a forbidden address',
  'key.created': 'API key made',
  'passkey.copy_suspected': 'Copied passkey suspected',
  'key.reported': 'API key reported as leaked',
  'key.revoked': 'API key revoked',
  'session.ended': 'Session ended',
  'impersonation.started': 'An operator acts for somebody',
  'impersonation.ended': 'An operator no longer acts for somebody',
  'email.change_stopped': 'A change of address was stopped by its owner',
  'account.disabled': 'Account closed',
  'webhook.rejected': 'Webhook refused',
  'webhook.replayed': 'Webhook repeated',
  'webhook.closed': 'Webhook without a secret',
  'egress.blocked': 'Outgoing request blocked',
  'socket.refused': 'Socket refused',
  'socket.flood': 'Socket flooded',
  'socket.ended': 'Socket cut',
  'device.changed': 'New device',
  'device.limit_reached': 'Too many new devices',
  'referral.held': 'Sign-up held for review',
  'csp.violation': 'Page broke its content policy',
  'protection.lowered': 'A protection was turned down',
  'protection.restored': 'A protection is enforced again',
  'events.dropped': 'Security events were lost',
  'auth.refused': 'Sign-in refused before it was looked at',
  'lockout.store_failed': 'Failed sign-ins cannot be counted',
  'lockout.store_recovered': 'Failed sign-ins are counted again',
  'challenge.passed': 'Human check passed',
  'challenge.unavailable': 'Human check cannot be asked',
  'origin.dropped': 'An allowed origin was left out',
  'identity.store_failed': 'Credentials cannot be checked',
  'identity.store_recovered': 'Credentials are checked again',
  'webhook.store_failed': 'Webhooks cannot be remembered',
  'webhook.store_recovered': 'Webhooks are remembered again',
  'device.confirmed': 'Device confirmed',
  'review.decided': 'Review decided',
  'abuse.store_failed': 'Devices and sign-ups cannot be counted',
  'abuse.store_recovered': 'Devices and sign-ups are counted again',
}

export function eventWords(event: string): string {
  return words[event] ?? event
}

export const severityLooks: Readonly<
  Record<SecurityEvent['severity'], { readonly word: string; readonly tone: Tone; readonly icon: LucideIcon }>
> = {
  info: { word: 'Info', tone: 'idle', icon: Info },
  notice: { word: 'Notice', tone: 'busy', icon: Info },
  warning: { word: 'Warning', tone: 'wait', icon: TriangleAlert },
  critical: { word: 'Critical', tone: 'bad', icon: Siren },
}
