// How providers differ: their issuer, where they describe themselves, and what they say of an e-mail address.
import type { ProviderConfig } from '@levqor/server'

export interface ProviderFacts {
  readonly name: string
  /** Exactly as tokens name it; with `{tenantid}` where it is another one for each directory. */
  readonly issuer: string
  readonly metadataUrl: string
  /** Whether the provider itself has made sure that the address belongs to the person. */
  vouchesForEmail(claims: Readonly<Record<string, unknown>>): boolean
}

/** Stands for the directory in the issuer of Microsoft’s shared endpoints. */
export const tenantPlace = '{tenantid}'

// The one directory of all personal accounts.
const microsoftConsumers = '9188040d-6c67-4c5b-b112-36a304b66dad'

export function providerFacts(config: ProviderConfig): ProviderFacts {
  switch (config.id) {
    case 'google':
      return { name: 'Google', ...standard(config.issuer ?? 'https://accounts.google.com') }
    case 'oidc':
      return { name: config.name, ...standard(config.issuer) }
    case 'microsoft': {
      const { tenant, authority = 'https://login.microsoftonline.com' } = config
      const shared = tenant === 'common' || tenant === 'organizations'
      const directory = tenant === 'consumers' ? microsoftConsumers : tenant
      return {
        name: 'Microsoft',
        issuer: `${authority}/${shared ? tenantPlace : directory}/v2.0`,
        metadataUrl: wellKnown(`${authority}/${tenant}/v2.0`),
        // Anybody who runs a directory writes any address into it: without this claim it proves nothing
        // (https://learn.microsoft.com/entra/identity-platform/optional-claims-reference, "xms_edov").
        vouchesForEmail: ({ xms_edov }) => xms_edov === true,
      }
    }
  }
}

function standard(issuer: string): Omit<ProviderFacts, 'name'> {
  return {
    issuer,
    metadataUrl: wellKnown(issuer),
    vouchesForEmail: ({ email_verified }) => email_verified === true,
  }
}

/** OpenID Connect Discovery 1.0, section 4. */
function wellKnown(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}
