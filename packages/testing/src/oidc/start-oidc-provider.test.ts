// The provider for tests against a client that knows nothing of us.
import { afterEach, expect, it } from 'vitest'
import { readJwt } from './compact-jwt.ts'
import { startOidcProvider, type TestOidcProvider } from './start-oidc-provider.ts'

const redirect = 'http://client.test/callback'
let provider: TestOidcProvider
afterEach(() => provider.close())

async function json(response: Response): Promise<Readonly<Record<string, string>>> {
  return JSON.parse(await response.text())
}

async function exchange(issuer: string) {
  const metadata = await json(await fetch(`${issuer}/.well-known/openid-configuration`))
  const query = new URLSearchParams({
    client_id: provider.clientId,
    redirect_uri: redirect,
    response_type: 'code',
    scope: 'openid email profile',
    state: 's',
    nonce: 'n',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })
  const ada = { sub: 'ada', email: 'ada@example.com', email_verified: true, tid: provider.tenant }
  const arrived = await provider.authorize(`${metadata.authorization_endpoint}?${query}`, ada)
  expect(arrived.href.startsWith(`${redirect}?`)).toBe(true)
  const answer = await fetch(metadata.token_endpoint ?? '', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: arrived.searchParams.get('code') ?? '',
      redirect_uri: redirect,
      client_id: provider.clientId,
      client_secret: provider.clientSecret,
      code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    }),
  })
  return { metadata, claims: readJwt((await json(answer)).id_token ?? '').claims }
}

it('logs somebody in by itself, in the shape of Google', async () => {
  provider = await startOidcProvider({ redirectUris: [redirect] })
  const { metadata, claims } = await exchange(provider.url)
  expect(metadata.issuer).toBe(provider.url)
  expect(claims).toMatchObject({ iss: provider.url, sub: 'ada', nonce: 'n', email: 'ada@example.com' })
})

it('has an issuer for each tenant and a template for all, in the shape of Microsoft', async () => {
  provider = await startOidcProvider({ redirectUris: [redirect], shape: 'microsoft' })
  const { metadata, claims } = await exchange(`${provider.url}/common/v2.0`)
  expect(metadata.issuer).toBe(`${provider.url}/{tenantid}/v2.0`)
  expect(claims).toMatchObject({ iss: `${provider.url}/${provider.tenant}/v2.0`, tid: provider.tenant })
})
