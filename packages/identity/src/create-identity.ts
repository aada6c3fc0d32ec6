// Puts the room together: what the server asks to identify callers, and what identity's verbs work with.
import type { Database, SystemTransaction } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import type { Identify, Pseudonyms, SecurityEvents } from '@levqor/guard'
import type { Attempt } from '@levqor/guard/lockout'
import type { Revocations } from '@levqor/guard/tokens'
import type { Mailer } from '@levqor/mail'
import { type Logger, runVerb } from '@levqor/server'
import { createAuthenticator, type IncomingCredentials } from './authentication/create-authenticator.ts'
import { createEndCredential } from './authentication/end-credential.ts'
import { type IdentityPolicy, identityPolicy } from './identity-policy.ts'
import { endRotatedKeys } from './keys/end-rotated-keys.ts'
import { deliverTokenMail } from './one-time-tokens/deliver-token-mail.ts'
import { createPasswordHasher } from './passwords/password-hasher.ts'
import type { IdentityServices } from './services.ts'
import { createKnownDevices } from './sessions/known-devices.ts'
import { deliverMagicLink } from './sign-in/deliver-magic-link.ts'

export interface IdentityOptions {
  readonly database: Database
  readonly mailer: Pick<Mailer, 'enqueueMail'>
  readonly events: SecurityEvents
  readonly pseudonyms: Pseudonyms
  /** Shared by all processes of the installation. */
  readonly revocations: Revocations
  readonly log: Logger
  /** `guard.attempt`: the lockout around every secret. */
  readonly attempt: Attempt
  /** 32 bytes of this installation: proves known devices. */
  readonly deviceKey: Buffer
  /** Public origin. */
  readonly url: string
  readonly policy?: Partial<IdentityPolicy>
  /** What a new workspace starts with, in the transaction that makes it. */
  furnishWorkspace?(tx: SystemTransaction, workspaceId: string): Promise<void>
}

export interface Identity {
  /** For `createHttpServer`. */
  readonly identify: Identify<IncomingCredentials>
  /** To be part of the app's services. */
  readonly services: IdentityServices
  /** A chore: ends rotated keys whose overlap is over or that have fallen silent. Returns how many. */
  endRotatedKeys(): Promise<number>
  /** Finishes mails that are being made and writes the last uses. Call before the database closes. */
  stop(): Promise<void>
}

/** @example const identity = createIdentity({ database, mailer, events, log, url: config.url }) */
export function createIdentity(options: IdentityOptions): Identity {
  const { database, mailer, events, revocations, log, url } = options
  const policy = { ...identityPolicy, ...options.policy }
  const authenticator = createAuthenticator({
    database,
    read: asSystem(database).read,
    policy,
    revocations,
    events,
    log,
  })
  const credentials = createEndCredential({
    revocations,
    forget: authenticator.forget,
    forgetAll: authenticator.forgetAll,
    clock: database.clock,
    log,
  })
  const deliveries = new Set<Promise<unknown>>()

  const services: IdentityServices = {
    identity: {
      policy,
      url,
      events,
      pseudonyms: options.pseudonyms,
      credentials,
      attempt: options.attempt,
      knownDevices: createKnownDevices(options.deviceKey),
      passwords: createPasswordHasher({
        parameters: policy.passwordCost,
        atOnce: policy.passwordsAtOnce,
        waiting: policy.passwordsWaiting,
      }),
      furnishWorkspace: options.furnishWorkspace ?? (async () => undefined),
      async sendSignInMail(tx, { to, requestId, ...props }) {
        await mailer.enqueueMail(tx, { to, requestId, template: 'magic-link', props, workspaceId: null })
      },
      async sendAccountMail(tx, { to, requestId, workspaceId = null, ...props }) {
        await mailer.enqueueMail(tx, { to, requestId, template: 'account-message', props, workspaceId })
      },
      deliverLater(kind, id, requestId) {
        const delivery = deliver(kind, id, requestId).finally(() => deliveries.delete(delivery))
        deliveries.add(delivery)
      },
    },
  }

  async function deliver(
    kind: 'magic-link' | 'one-time-token',
    id: string,
    requestId: string,
  ): Promise<void> {
    const actor = { kind: 'system', id: 'sign-in' } as const
    const runtime = { database, clock: database.clock, ids: database.ids, services }
    try {
      const call = { actor, requestId, log }
      if (kind === 'magic-link') await runVerb(runtime, deliverMagicLink, call, { linkId: id })
      else await runVerb(runtime, deliverTokenMail, call, { tokenId: id })
    } catch (error) {
      // The asker was told "if you have an account": they will ask again.
      log.error({ err: error, request_id: requestId }, 'A mail that was asked for could not be made.')
    }
  }

  return {
    identify: authenticator.identify,
    services,
    async endRotatedKeys() {
      const actor = { kind: 'system', id: 'maintenance' } as const
      const runtime = { database, clock: database.clock, ids: database.ids, services }
      const call = { actor, requestId: `maintenance-${database.ids.next()}`, log }
      return (await runVerb(runtime, endRotatedKeys, call, {})).ended
    },
    async stop() {
      await Promise.all(deliveries)
      await credentials.settled()
      await authenticator.lastUsed.stop()
    },
  }
}
