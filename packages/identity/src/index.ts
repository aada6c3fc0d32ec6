// Who people are: accounts, workspaces, sessions, sign-in links and API keys.
export type { IncomingCredentials } from './authentication/create-authenticator.ts'
export { createIdentity, type Identity, type IdentityOptions } from './create-identity.ts'
export { type FirstRun, type FirstRunOptions, provisionFirstRun } from './first-run/provision-first-run.ts'
export { type IdentityPolicy, identityPolicy } from './identity-policy.ts'
export { type RenewedLink, renewSignInLink } from './magic-links/renew-sign-in-link.ts'
export {
  createPasswordHasher,
  type PasswordHasher,
  type PasswordHasherOptions,
} from './passwords/password-hasher.ts'
export type { Argon2Parameters } from './passwords/phc-string.ts'
export { purgeIdentity } from './purge-identity.ts'
export { identityRoutes } from './routes.ts'
export { identitySchema } from './schema/identity-schema.ts'
export type { IdentityServices } from './services.ts'
export { knownDeviceMs } from './sessions/cookies.ts'
export { requireRecentProof } from './sessions/require-recent-proof.ts'
