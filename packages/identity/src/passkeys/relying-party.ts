// For whom passkeys are made: the host name of the installation's public address, without its port, and the one origin at
// which browsers may use them (WebAuthn Level 3, section 5.1.2: an IP address is no valid domain).
import { isIP } from 'node:net'
import { serviceError } from '@levqor/server'
import type { IdentityServices } from '../services.ts'

export interface RelyingParty {
  readonly id: string
  readonly origin: string
  readonly name: string
}

/** @throws ServiceError `passkey_needs_domain` */
export function relyingParty({ identity: { url, policy } }: IdentityServices): RelyingParty {
  const { hostname, origin } = new URL(url)
  if (hostname.startsWith('[') || isIP(hostname) !== 0) throw serviceError('passkey_needs_domain')
  return { id: hostname, origin, name: policy.productName }
}
