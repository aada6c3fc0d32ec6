// The providers of this installation, each with its own redirect address, so that none can answer for another.
import type { ProviderId } from '@levqor/client'
import type { Clock } from '@levqor/guard'
import type { ProviderConfig } from '@levqor/server'
import type { IdentityPolicy } from '../identity-policy.ts'
import { createProviderClient, type ProviderClient } from './provider-client.ts'

export interface Providers {
  /** In the order of the sign-in page. */
  readonly list: readonly { readonly id: ProviderId; readonly name: string }[]
  get(id: ProviderId): ProviderClient | undefined
}

export function createProviders(parts: {
  readonly configs: readonly ProviderConfig[]
  /** Public origin. */
  readonly url: string
  readonly clock: Clock
  readonly policy: Pick<IdentityPolicy, 'providerTimeoutMs' | 'providerMetadataMs'>
}): Providers {
  const { configs, url, clock, policy } = parts
  const clients = new Map(
    configs.map((config) => [
      config.id,
      createProviderClient({
        config,
        redirectUri: `${url}/api/auth/oauth/${config.id}/callback`,
        clock,
        timeoutMs: policy.providerTimeoutMs,
        metadataMs: policy.providerMetadataMs,
      }),
    ]),
  )
  return {
    list: [...clients].map(([id, { name }]) => ({ id, name })),
    get: (id) => clients.get(id),
  }
}
