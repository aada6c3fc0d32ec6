// V10 OAuth and OIDC. The kernel is a resource server that issues its own tokens; it is no authorization server for
// others, no OAuth client and no OpenID provider.
import { application, inapplicable, kernel, open, type Requirement } from '../requirement.ts'

const client = 'Signing in through providers is the application’s.'
const server = 'The kernel is no authorization server for other parties.'

export const v10: readonly Requirement[] = [
  kernel('V10.1.1', 2, 'Tokens go only where they are needed.', [
    'tokens/cookies/cookie.test.ts: refresh: its own path alone, 2,592,000 seconds, or what is left of its family',
    'egress/outgoing-request.attack.test.ts: to another origin takes no credential along, under whatever name',
  ]),
  application('V10.1.2', 2, 'Answers of a provider belong to a flow that we began.', client),
  application('V10.2.1', 2, 'The code flow cannot be started by other sites.', client),
  application('V10.2.2', 2, 'Answers of two providers cannot be mixed up.', client),
  application('V10.2.3', 3, 'Only the needed scopes are asked for.', client),
  kernel('V10.3.1', 2, 'Access tokens are meant for this service.', [
    'tokens/access/forged-token.attack.test.ts: wrong %s: %j',
  ]),
  kernel('V10.3.2', 2, 'Scopes decide.', [
    'kernel/create-guard.test.ts: scopes are checked for those who have any',
  ]),
  kernel('V10.3.3', 2, 'Users are known by claims that are never given to others.', [
    'tokens/access/access-tokens.test.ts: say who, for whom, from when and until when, and hold for 15 minutes',
    'tokens/access/forged-token.attack.test.ts: wrong %s: %j',
  ]),
  application('V10.3.4', 2, 'The strength of the sign-in is checked where it matters.', client),
  open(
    'V10.3.5',
    3,
    'A stolen access token is of no use to the thief.',
    'Tokens are not bound to their sender (no DPoP, no mutual TLS); they live 15 minutes and can be ended at once.',
  ),
  inapplicable('V10.4.1', 1, 'Redirect addresses are compared exactly.', server),
  inapplicable('V10.4.2', 1, 'A code works once.', server),
  inapplicable('V10.4.3', 1, 'A code ends soon.', server),
  inapplicable('V10.4.4', 1, 'A client may use its own grants only.', server),
  kernel('V10.4.5', 1, 'A replayed refresh token is found out.', [
    'tokens/refresh/stolen-refresh-token.attack.test.ts: kills the family: thief and owner are out, the access tokens are void',
    'tokens/refresh/concurrent-refresh.race.test.ts: 100-way concurrent refresh, 50 rounds: one family, one successor, nobody is logged out',
  ]),
  inapplicable('V10.4.6', 2, 'Codes are bound to their asker (PKCE).', server),
  inapplicable('V10.4.7', 2, 'Clients that register themselves are bounded.', server),
  kernel('V10.4.8', 2, 'Refresh tokens have an absolute end.', [
    'tokens/refresh/refresh-tokens.test.ts: holds 30 days, whatever its use',
  ]),
  kernel(
    'V10.4.9',
    2,
    'Users can end refresh tokens.',
    ['tokens/refresh/refresh-tokens.test.ts: a family voids its refresh and access tokens everywhere'],
    'The page where they do it.',
  ),
  inapplicable('V10.4.10', 2, 'Confidential clients prove who they are.', server),
  inapplicable('V10.4.11', 2, 'Clients get the scopes that they need.', server),
  inapplicable('V10.4.12', 3, 'A client may use its own response modes only.', server),
  inapplicable('V10.4.13', 3, 'Codes are asked for by pushed requests.', server),
  inapplicable('V10.4.14', 3, 'Access tokens are bound to their sender.', server),
  inapplicable('V10.4.15', 3, 'Details of an authorization come from the client’s server.', server),
  inapplicable('V10.4.16', 3, 'Clients prove who they are by keys.', server),
  application('V10.5.1', 2, 'ID tokens cannot be replayed.', client),
  application('V10.5.2', 2, 'Users are known by the provider’s own identifier.', client),
  application('V10.5.3', 2, 'Metadata of a provider is its own.', client),
  application('V10.5.4', 2, 'ID tokens are meant for this client.', client),
  application('V10.5.5', 2, 'Nobody can be signed out by a forged message.', client),
  inapplicable('V10.6.1', 2, 'Only the safe response types.', server),
  inapplicable('V10.6.2', 2, 'Signing out is confirmed.', server),
  inapplicable('V10.7.1', 2, 'Users consent to every authorization.', server),
  inapplicable('V10.7.2', 2, 'Users see what they consent to.', server),
  inapplicable('V10.7.3', 2, 'Users can take their consent back.', server),
]
