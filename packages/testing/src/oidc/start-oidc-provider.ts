// A real OpenID provider on loopback that logs everybody in by itself, in the shape of Google (one issuer) or of Microsoft
// (an issuer for each tenant, and a door for all of them whose issuer is a template).
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import Provider, { type Configuration } from 'oidc-provider'
import { privateKeyOf } from './compact-jwt.ts'
import { oidcMemory } from './oidc-memory.ts'
import { type Tampering, tamperingProxy } from './tampering-proxy.ts'
import { walkToCallback } from './walk-to-callback.ts'

/** Somebody with an account at the provider; further fields become claims (`tid`, `xms_edov`). */
export interface OidcPerson {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
  readonly tid?: string
  readonly xms_edov?: unknown
}

export interface OidcProviderOptions {
  readonly redirectUris: readonly string[]
  /** `microsoft`: the issuer is `{url}/{tenant}/v2.0`. Default `google`. */
  readonly shape?: 'google' | 'microsoft'
  /** Where e-mail address and name are told. Default `id-token`. */
  readonly claimsIn?: 'id-token' | 'userinfo'
}

export interface TestOidcProvider {
  /** Origin; of the Google shape also the issuer. */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /** Of the Microsoft shape. */
  readonly tenant: string
  readonly tampering: Tampering
  /** Paths asked for, in order. */
  readonly hits: readonly string[]
  /** Who logs in from now on, in a real browser; `declines` presses "Cancel". */
  logsIn(person: OidcPerson | 'declines'): void
  /** What a browser does there: from the authorization URL to the address of the callback. */
  authorize(authorizationUrl: string, person: OidcPerson | 'declines'): Promise<URL>
  close(): Promise<void>
}

const clientId = 'levqor'
const clientSecret = 'a-client-secret-for-tests-only'
const tenant = '0b2f9a4e-5f1c-4c1a-9a55-3f0e4b6c7d80'
const personHeader = 'x-person'

// Slow to make, and the same for all providers of a process.
let keys: readonly Readonly<Record<string, unknown>>[] | undefined

function signingKeys() {
  keys ??= ['first', 'second'].map((kid) => ({
    ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
    kid,
    alg: 'RS256',
    use: 'sig',
  }))
  return keys
}

export async function startOidcProvider(options: OidcProviderOptions): Promise<TestOidcProvider> {
  const { shape = 'google' } = options
  const people = new Map<string, OidcPerson>()
  let current: OidcPerson | 'declines' = 'declines'
  let port = 0
  const proxy = await tamperingProxy(() => ({ port, key: privateKeyOf(signingKeys()[0] ?? {}) }))
  const mount = shape === 'microsoft' ? `/${tenant}/v2.0` : ''
  const provider = new Provider(`${proxy.url}${mount}`, configurationOf(options, mount, people))
  const callback = provider.callback()

  async function logIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { uid, params } = await provider.interactionDetails(request, response)
    const header = request.headers[personHeader]
    const person: OidcPerson | 'declines' = typeof header === 'string' ? JSON.parse(header) : current
    if (person === 'declines') {
      const result = { error: 'access_denied', error_description: `<b>${uid}</b> was cancelled` }
      return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
    }
    people.set(person.sub, person)
    const grant = new provider.Grant({ accountId: person.sub, clientId: String(params.client_id) })
    grant.addOIDCScope('openid email profile')
    const result = { login: { accountId: person.sub }, consent: { grantId: await grant.save() } }
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/'
    if (shape === 'microsoft' && url === '/common/v2.0/.well-known/openid-configuration') {
      const own = await fetch(`${proxy.url}${mount}/.well-known/openid-configuration`)
      const metadata = { ...JSON.parse(await own.text()), issuer: `${proxy.url}/{tenantid}/v2.0` }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metadata))
      return
    }
    if (url.startsWith(`${mount}/login/`)) return logIn(request, response)
    if (!url.startsWith(mount)) {
      response.writeHead(404).end()
      return
    }
    // Nobody stays logged in there: each time the test says who it is.
    if (url.startsWith(`${mount}/auth?`)) request.headers.cookie = ''
    // As Express does for what is mounted below a path.
    Object.assign(request, { originalUrl: url, url: url.slice(mount.length) })
    await callback(request, response)
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0

  return {
    url: proxy.url,
    clientId,
    clientSecret,
    tenant,
    tampering: proxy.tampering,
    hits: proxy.hits,
    logsIn(person) {
      current = person
    },
    authorize: (url, person) => walkToCallback(url, proxy.url, { [personHeader]: JSON.stringify(person) }),
    async close() {
      await proxy.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function configurationOf(
  { redirectUris, claimsIn = 'id-token' }: OidcProviderOptions,
  mount: string,
  people: ReadonlyMap<string, OidcPerson>,
): Configuration {
  return {
    adapter: oidcMemory(),
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [...redirectUris],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: signingKeys() },
    cookies: { keys: ['a cookie key for tests only'] },
    claims: {
      openid: ['sub', 'tid', 'xms_edov'],
      email: ['email', 'email_verified'],
      profile: ['name'],
    },
    conformIdTokenClaims: claimsIn === 'userinfo',
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_, { uid }) => `${mount}/login/${uid}` },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 600,
      Interaction: 600,
      Session: 600,
    },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ ...people.get(sub), sub }),
    }),
  }
}
