// Providers at which people may sign in: whole, or an error that names what is missing.
import type { ConfigProblem } from './config-error.ts'
import { isLoopbackHost } from './loopback.ts'
import { type Values, type VariableName, variables } from './variables.ts'

interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret: string
}

export type ProviderConfig = ClientCredentials &
  (
    | {
        readonly id: 'google'
        /** Default `https://accounts.google.com`. */
        readonly issuer?: string
      }
    | {
        readonly id: 'microsoft'
        /** A directory’s ID, or `common`, `organizations`, `consumers`. */
        readonly tenant: string
        /** What issuers start with. Default `https://login.microsoftonline.com`. */
        readonly authority?: string
      }
    | { readonly id: 'oidc'; readonly issuer: string; readonly name: string }
  )

const groups = [
  ['LEVQOR_GOOGLE_CLIENT_ID', 'LEVQOR_GOOGLE_CLIENT_SECRET'],
  ['LEVQOR_MICROSOFT_CLIENT_ID', 'LEVQOR_MICROSOFT_CLIENT_SECRET', 'LEVQOR_MICROSOFT_TENANT'],
  ['LEVQOR_OIDC_ISSUER', 'LEVQOR_OIDC_CLIENT_ID', 'LEVQOR_OIDC_CLIENT_SECRET'],
] as const satisfies readonly (readonly VariableName[])[]

/** What is half there, and what would send secrets in the clear. */
export function providerProblems(values: Partial<Values>, production: boolean): ConfigProblem[] {
  const problems = groups.flatMap((group) => {
    const given = group.find((name) => values[name] !== undefined)
    if (given === undefined) return []
    return group
      .filter((name) => name in values && values[name] === undefined)
      .map((name) => ({
        variable: name,
        message: `It is missing, and ${given} is set.`,
        mend: variables[name].mend,
      }))
  })
  const issuer = values.LEVQOR_OIDC_ISSUER
  if (issuer !== undefined && !isSafeIssuer(issuer, production)) {
    problems.push({
      variable: 'LEVQOR_OIDC_ISSUER',
      message: 'Plain HTTP would let others answer in the provider’s name.',
      mend: variables.LEVQOR_OIDC_ISSUER.mend,
    })
  }
  return problems
}

function isSafeIssuer(issuer: string, production: boolean): boolean {
  const { protocol, hostname } = new URL(issuer)
  return protocol === 'https:' || (!production && isLoopbackHost(hostname))
}

/** Of values without problems. */
export function providersOf(values: Values): readonly ProviderConfig[] {
  const {
    LEVQOR_GOOGLE_CLIENT_ID: googleId,
    LEVQOR_GOOGLE_CLIENT_SECRET: googleSecret,
    LEVQOR_MICROSOFT_CLIENT_ID: microsoftId,
    LEVQOR_MICROSOFT_CLIENT_SECRET: microsoftSecret,
    LEVQOR_MICROSOFT_TENANT: tenant,
    LEVQOR_OIDC_ISSUER: issuer,
    LEVQOR_OIDC_CLIENT_ID: oidcId,
    LEVQOR_OIDC_CLIENT_SECRET: oidcSecret,
    LEVQOR_OIDC_NAME: name,
  } = values
  const providers: ProviderConfig[] = []
  if (googleId && googleSecret) {
    providers.push({ id: 'google', clientId: googleId, clientSecret: googleSecret })
  }
  if (microsoftId && microsoftSecret && tenant) {
    providers.push({ id: 'microsoft', clientId: microsoftId, clientSecret: microsoftSecret, tenant })
  }
  if (issuer && oidcId && oidcSecret) {
    const shown = name ?? new URL(issuer).hostname
    providers.push({ id: 'oidc', clientId: oidcId, clientSecret: oidcSecret, issuer, name: shown })
  }
  return providers
}
