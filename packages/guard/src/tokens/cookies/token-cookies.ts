// The two cookies of the token style: the access token for every path, the refresh token for its own path only.
import { type TokenPolicy, tokenSettings } from '../token-policy.ts'
import { type Cookie, createCookie } from './cookie.ts'

/** Cookies of access and refresh token. */
export interface TokenCookies {
  readonly access: Cookie
  readonly refresh: Cookie
}

/**
 * The cookies of a policy, both `SameSite=Strict`, with the tokens' own lifetimes (900 s and 2,592,000 s by default).
 * @throws GuardError `bad_token_policy`
 * @example
 * const cookies = createTokenCookies(policy.tokens, { https: true })
 * reply.header('set-cookie', [cookies.access.write(access), cookies.refresh.write(refresh)])
 */
export function createTokenCookies(
  policy: TokenPolicy & Required<Pick<TokenPolicy, 'cookies'>>,
  deployment: { readonly https: boolean },
): TokenCookies {
  const { accessLifetimeMs, refreshLifetimeMs } = tokenSettings(policy)
  const { access = 'access', refresh = 'refresh', refreshPath } = policy.cookies
  return {
    access: createCookie({ name: access, sameSite: 'Strict', lifetimeMs: accessLifetimeMs }, deployment),
    refresh: createCookie(
      { name: refresh, sameSite: 'Strict', lifetimeMs: refreshLifetimeMs, path: refreshPath },
      deployment,
    ),
  }
}
