// What identity's verbs work with beside their database handle.
import type { ProviderId } from '@levqor/client'
import type { SystemTransaction, WorkspaceTransaction } from '@levqor/database'
import type { Pseudonyms, SecurityEvents } from '@levqor/guard'
import type { Attempt } from '@levqor/guard/lockout'
import type { AccountMessageProps } from '@levqor/mail'
import { type VerbContext, verbsFor } from '@levqor/server'
import type { CachedCredential } from './authentication/credential-cache.ts'
import type { IdentityPolicy } from './identity-policy.ts'
import type { PasswordHasher } from './passwords/password-hasher.ts'
import type { Providers } from './providers/providers.ts'
import type { TakenTransaction } from './providers/take-provider-transaction.ts'
import type { Sealer } from './secrets/sealer.ts'
import type { KnownDevices } from './sessions/known-devices.ts'
import type { SessionTokens } from './sessions/session-tokens.ts'

/** Whose wrong secrets are forgotten. */
export interface ProvenOwner {
  readonly account: string
  /** The key of the address that the owner comes from. */
  readonly addressKey: string
  readonly requestId: string
}

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

/** What is mailed after the answer. */
export type DeliveryKind = 'magic-link' | 'one-time-token' | 'email-change'

export interface IdentityServices {
  readonly identity: {
    readonly policy: IdentityPolicy
    /** Public origin, the start of every link. */
    readonly url: string
    readonly events: SecurityEvents
    /** Names networks in rows and events. */
    readonly pseudonyms: Pseudonyms
    readonly credentials: CredentialRevocation
    /** That a credential was used, for those that authentication has not seen. */
    noteUse(credential: CachedCredential): void
    /** Access and refresh tokens, of sessions that are made of them. */
    readonly tokens: SessionTokens
    /** Around every secret that is checked: {@link Guard.attempt}. */
    readonly attempt: Attempt
    /** Forgets the wrong secrets of an account whose owner was proven another way, in the caller’s transaction. */
    unlock(tx: SystemTransaction, owner: ProvenOwner): Promise<unknown>
    readonly passwords: PasswordHasher
    readonly knownDevices: KnownDevices
    readonly sealer: Sealer
    readonly providers: Providers
    /** In a transaction of its own, so that it is used up before the provider is asked. */
    takeProviderTransaction(
      input: { readonly provider: ProviderId; readonly state: string; readonly browser?: string },
      requestId: string,
    ): Promise<TakenTransaction>
    sendSignInMail(tx: SystemTransaction, mail: SignInMail): Promise<void>
    sendAccountMail(tx: SystemTransaction | WorkspaceTransaction, mail: AccountMail): Promise<void>
    /** Makes the mail to a magic link or one-time token that was asked for, after the answer has been given. */
    deliverLater(kind: DeliveryKind, id: string, requestId: string): void
    /** What a new workspace starts with, in the same transaction. */
    furnishWorkspace(tx: SystemTransaction, workspaceId: string): Promise<void>
  }
}

export const defineVerb = verbsFor<IdentityServices>()

/** What a verb that changes something across workspaces runs with, and hands to its parts. */
export type WriteContext = VerbContext<'write', 'platform', IdentityServices>

/** The same for one that only reads, and for what a verb prepares before its transaction. */
export type ReadContext = VerbContext<'read', 'platform', IdentityServices>

/** The same for one that changes something within a workspace. */
export type WorkspaceWriteContext = VerbContext<'write', 'workspace', IdentityServices>
