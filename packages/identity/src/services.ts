// What identity's verbs work with beside their database handle.
import type { SystemTransaction, WorkspaceTransaction } from '@levqor/database'
import type { Pseudonyms, SecurityEvents } from '@levqor/guard'
import type { Attempt } from '@levqor/guard/lockout'
import type { AccountMessageProps } from '@levqor/mail'
import { verbsFor } from '@levqor/server'
import type { IdentityPolicy } from './identity-policy.ts'
import type { PasswordHasher } from './passwords/password-hasher.ts'
import type { KnownDevices } from './sessions/known-devices.ts'

/** The mail with a sign-in link, accepted in the caller's transaction. */
export interface SignInMail {
  readonly to: string
  /** Where the link leads; the token is in its fragment, which browsers never send. */
  readonly url: string
  /** To type in when the link was opened in another browser. */
  readonly code: string
  readonly expiresAt: number
  readonly requestId: string
}

/** Any other mail about an account or a workspace, accepted in the caller's transaction. */
export interface AccountMail extends AccountMessageProps {
  readonly to: string
  readonly requestId: string
  /** Whose outbox shows it; none for what concerns the account itself. */
  readonly workspaceId?: string
}

/** What verbs say after their commit: at once in this process, within the published second in every other. */
export interface CredentialRevocation {
  endApiKey(id: string, cause: string): void
  /** The key still holds, on other terms. */
  reloadApiKey(id: string): void
  endSession(id: string, cause: string): void
  /** The person stays signed in, but what they may do, or where, is another: nobody believes what they remember of it. */
  changeRights(userId: string, cause: string): void
}

export interface IdentityServices {
  readonly identity: {
    readonly policy: IdentityPolicy
    /** Public origin, the start of every link. */
    readonly url: string
    readonly events: SecurityEvents
    /** Names networks in rows and events. */
    readonly pseudonyms: Pseudonyms
    readonly credentials: CredentialRevocation
    /** Around every secret that is checked: {@link Guard.attempt}. */
    readonly attempt: Attempt
    readonly passwords: PasswordHasher
    readonly knownDevices: KnownDevices
    sendSignInMail(tx: SystemTransaction, mail: SignInMail): Promise<void>
    sendAccountMail(tx: SystemTransaction | WorkspaceTransaction, mail: AccountMail): Promise<void>
    /** Makes the mail to a magic link or one-time token that was asked for, after the answer has been given. */
    deliverLater(kind: 'magic-link' | 'one-time-token', id: string, requestId: string): void
    /** What a new workspace starts with, in the same transaction. */
    furnishWorkspace(tx: SystemTransaction, workspaceId: string): Promise<void>
  }
}

export const defineVerb = verbsFor<IdentityServices>()
