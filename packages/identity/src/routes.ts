// Identity's routes. Each room has its own: contract, door, verb, and the cookies that only exist at this edge.
import type { Route } from '@levqor/server'
import { accountRoutes } from './accounts/routes.ts'
import { emailChangeRoutes } from './email-change/routes.ts'
import { impersonationRoutes } from './impersonation/routes.ts'
import { invitationRoutes } from './invitations/routes.ts'
import { keyRoutes } from './keys/routes.ts'
import { magicLinkRoutes } from './magic-links/routes.ts'
import { meRoutes } from './me/routes.ts'
import { memberRoutes } from './members/routes.ts'
import { passkeyRoutes } from './passkeys/routes.ts'
import { passwordRoutes } from './passwords/routes.ts'
import { proofRoutes } from './proofs/routes.ts'
import { providerRoutes } from './providers/routes.ts'
import { secondFactorRoutes } from './second-factor/routes.ts'
import type { IdentityServices } from './services.ts'
import { sessionRoutes } from './sessions/routes.ts'
import { userRoutes } from './users/routes.ts'
import { workspaceRoutes } from './workspaces/routes.ts'

export const identityRoutes: readonly Route<IdentityServices>[] = [
  ...magicLinkRoutes,
  ...passwordRoutes,
  ...sessionRoutes,
  ...meRoutes,
  ...keyRoutes,
  ...secondFactorRoutes,
  ...proofRoutes,
  ...passkeyRoutes,
  ...providerRoutes,
  ...workspaceRoutes,
  ...memberRoutes,
  ...invitationRoutes,
  ...emailChangeRoutes,
  ...accountRoutes,
  ...userRoutes,
  ...impersonationRoutes,
]
