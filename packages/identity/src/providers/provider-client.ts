// One provider as a client of it: where to send the browser, and who came back. All checks of tokens are openid-client’s,
// with two of our own: a token names its key, and the issuer is the configured one to the letter.
import type { Clock } from '@levqor/guard'
import { isLoopbackHost, type ProviderConfig } from '@levqor/server'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type ServerMetadata,
} from 'openid-client'
import { boundedFetch, isSafeAddress } from './bounded-fetch.ts'
import { answerOnce, tenantOf } from './microsoft-tenant.ts'
import { type ProviderFacts, providerFacts, tenantPlace } from './provider-facts.ts'
import { UnacceptableAnswer } from './provider-failure.ts'

/** What ties an answer to the question. */
export interface ProviderQuestion {
  readonly state: string
  readonly nonce: string
  /** PKCE. */
  readonly verifier: string
}

/** Somebody at a provider. */
export interface ProviderPerson {
  readonly issuer: string
  readonly subject: string
  readonly claims: Readonly<Record<string, unknown>>
  /** The provider has made sure that the address in the claims is theirs. */
  readonly emailVerified: boolean
}

export interface ProviderClient {
  readonly name: string
  /** @throws whatever {@link describeFailure} describes */
  authorizationUrl(question: ProviderQuestion): Promise<string>
  /**
   * Redeems the code and checks who it stands for.
   * @param answer the query of the callback
   * @throws whatever {@link describeFailure} describes
   */
  whoCame(answer: URLSearchParams, question: ProviderQuestion): Promise<ProviderPerson>
}

export interface ProviderClientOptions {
  readonly config: ProviderConfig
  readonly redirectUri: string
  readonly clock: Clock
  readonly timeoutMs: number
  readonly metadataMs: number
}

const endpoints = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const

export function createProviderClient(options: ProviderClientOptions): ProviderClient {
  const { config, redirectUri, clock, timeoutMs, metadataMs } = options
  const facts = providerFacts(config)
  const perTenant = facts.issuer.includes(tenantPlace)
  let known: { readonly configuration: Promise<Configuration>; readonly until: number } | undefined

  function prepare(configuration: Configuration): Configuration {
    configuration[customFetch] = boundedFetch
    configuration.timeout = timeoutMs / 1000
    // Without them a token that came over TLS is believed unsigned (OpenID Connect Core 1.0, section 3.1.3.7, 6).
    enableNonRepudiationChecks(configuration)
    if (isPlainHttp(facts)) allowInsecureRequests(configuration)
    return configuration
  }

  async function discover(): Promise<Configuration> {
    const found = await discovery(
      new URL(facts.metadataUrl),
      config.clientId,
      config.clientSecret,
      undefined,
      {
        [customFetch]: boundedFetch,
        timeout: timeoutMs / 1000,
        ...(isPlainHttp(facts) ? { execute: [allowInsecureRequests] } : {}),
      },
    )
    const metadata = found.serverMetadata()
    if (metadata.issuer !== facts.issuer) throw new UnacceptableAnswer('metadata_issuer')
    // The browser is sent to the first, and the client’s secret to the second.
    if (!endpoints.every((name) => isSafeAddress(metadata[name]))) throw new UnacceptableAnswer('metadata')
    return prepare(found)
  }

  /** Asked for when first needed, so that a start without network works; of parallel askers one asks. */
  function configuration(): Promise<Configuration> {
    if (known && known.until > clock.now()) return known.configuration
    const asked = { configuration: discover(), until: clock.now() + metadataMs }
    known = asked
    asked.configuration.catch(() => {
      if (known === asked) known = undefined
    })
    return asked.configuration
  }

  /** Microsoft’s shared endpoints: the token names its directory, and with it the only issuer that it may have. */
  async function forTenant(
    shared: Configuration,
    answer: URLSearchParams,
    verifier: string,
  ): Promise<Configuration> {
    const metadata: ServerMetadata = { ...shared.serverMetadata() }
    const tokenEndpoint = metadata.token_endpoint ?? ''
    const response = await boundedFetch(tokenEndpoint, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: answer.get('code') ?? '',
        redirect_uri: redirectUri,
        code_verifier: verifier,
        client_id: config.clientId,
        client_secret: config.clientSecret,
      }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const issuer = facts.issuer.replace(tenantPlace, await tenantOf(response.clone()))
    const own = prepare(new Configuration({ ...metadata, issuer }, config.clientId, config.clientSecret))
    own[customFetch] = answerOnce(tokenEndpoint, response)
    return own
  }

  return {
    name: facts.name,
    async authorizationUrl({ state, nonce, verifier }) {
      const url = buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      return url.href
    },
    async whoCame(answer, { state, nonce, verifier }) {
      const shared = await configuration()
      const own = perTenant && answer.has('code') ? await forTenant(shared, answer, verifier) : shared
      const tokens = await authorizationCodeGrant(own, new URL(`${redirectUri}?${answer}`), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
      })
      const claims = tokens.claims()
      if (!claims) throw new UnacceptableAnswer('no_id_token')
      // With one key in its set, a provider may leave the name out (OpenID Connect Core 1.0, section 10.1) and the library
      // takes that key. What a token was signed with is then decided by whoever answers for the set.
      if (!namesItsKey(tokens.id_token)) throw new UnacceptableAnswer('key_unnamed')
      if (!/^[\x20-\x7e]{1,255}$/.test(claims.sub)) throw new UnacceptableAnswer('claim_sub')
      const told = await withUserInfo(own, claims, tokens.access_token)
      return {
        issuer: claims.iss,
        subject: claims.sub,
        claims: told,
        emailVerified: facts.vouchesForEmail(told),
      }
    },
  }
}

/** Many providers keep the address out of the token. Both come from the same issuer and name the same subject. */
async function withUserInfo(
  configuration: Configuration,
  claims: Readonly<Record<string, unknown>> & { readonly sub: string },
  accessToken: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { userinfo_endpoint } = configuration.serverMetadata()
  if (claims.email !== undefined || userinfo_endpoint === undefined) return claims
  return { ...(await fetchUserInfo(configuration, accessToken, claims.sub)), ...claims }
}

function namesItsKey(idToken: string | undefined): boolean {
  const header: unknown = JSON.parse(Buffer.from(idToken?.split('.')[0] ?? '', 'base64url').toString('utf8'))
  return (
    typeof header === 'object' &&
    header !== null &&
    'kid' in header &&
    typeof header.kid === 'string' &&
    header.kid !== ''
  )
}

function isPlainHttp({ metadataUrl }: ProviderFacts): boolean {
  const { protocol, hostname } = new URL(metadataUrl)
  return protocol === 'http:' && isLoopbackHost(hostname)
}
