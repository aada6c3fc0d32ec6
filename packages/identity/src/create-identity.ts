// Puts the room together: what the server asks to identify callers, and what identity's verbs work with.
import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Database, SystemTransaction } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import type { Identify, Pseudonyms, SecurityEvents } from '@levqor/guard'
import type { Attempt } from '@levqor/guard/lockout'
import type { Revocations } from '@levqor/guard/tokens'
import type { Mailer } from '@levqor/mail'
import { type Logger, type ProviderConfig, runVerb, type VerbCall } from '@levqor/server'
import { closeDueAccounts } from './accounts/close-due-accounts.ts'
import { createAuthenticator, type IncomingCredentials } from './authentication/create-authenticator.ts'
import { createEndCredential } from './authentication/end-credential.ts'
import { deliverEmailChange } from './email-change/deliver-email-change.ts'
import { type IdentityPolicy, identityPolicy } from './identity-policy.ts'
import { endImpersonations } from './impersonation/end-impersonations.ts'
import { endRotatedKeys } from './keys/end-rotated-keys.ts'
import { deliverMagicLink } from './magic-links/deliver-magic-link.ts'
import { deliverTokenMail } from './one-time-tokens/deliver-token-mail.ts'
import { createPasswordHasher } from './passwords/password-hasher.ts'
import { createProviders } from './providers/providers.ts'
import { takeProviderTransaction } from './providers/take-provider-transaction.ts'
import { createSealer } from './secrets/sealer.ts'
import type { DeliveryKind, IdentityServices } from './services.ts'
import { endStolenSession } from './sessions/end-stolen-session.ts'
import { createKnownDevices } from './sessions/known-devices.ts'
import { createSessionTokens, type SessionTokenKeys } from './sessions/session-tokens.ts'

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
  /** The lockout’s `unlock` in a transaction; see {@link IdentityServices}. */
  unlock: IdentityServices['identity']['unlock']
  /** 32 bytes of this installation: proves known devices. */
  readonly deviceKey: Buffer
  /** 32 bytes of this installation: seals secrets that must be read again. */
  readonly sealKey: Buffer
  /** What access and refresh tokens are made of. */
  readonly tokenKeys: SessionTokenKeys
  /** Public origin. */
  readonly url: string
  readonly policy?: Partial<IdentityPolicy>
  /** Where people may sign in beside here. Default: nowhere. */
  readonly providers?: readonly ProviderConfig[]
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
  /** A chore: closes accounts whose time to undo a deletion is over. Returns how many were looked at, 100 at most. */
  closeDueAccounts(): Promise<number>
  /** A chore: writes down that operators no longer act for somebody, once their time is over. Returns how many. */
  endImpersonations(): Promise<number>
  /** Finishes mails that are being made and writes the last uses. Call before the database closes. */
  stop(): Promise<void>
}

/** @example const identity = createIdentity({ database, mailer, events, log, url: config.url }) */
export function createIdentity(options: IdentityOptions): Identity {
  const { database, mailer, events, revocations, log, url } = options
  const policy = { ...identityPolicy, ...options.policy }
  const tokens = createSessionTokens({
    database,
    revocations,
    events,
    keys: options.tokenKeys,
    policy,
    url,
    async onReuse({ familyId, requestId = `refresh-${database.ids.next()}` }) {
      await runVerb(runtime, endStolenSession, signingIn(requestId), { familyId })
    },
  })
  const authenticator = createAuthenticator({
    database,
    read: asSystem(database).read,
    tokens,
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
  const stopping = new AbortController()

  const services: IdentityServices = {
    identity: {
      policy,
      url,
      events,
      pseudonyms: options.pseudonyms,
      credentials,
      tokens,
      noteUse: authenticator.lastUsed.note,
      attempt: options.attempt,
      unlock: options.unlock,
      knownDevices: createKnownDevices(options.deviceKey),
      sealer: createSealer(options.sealKey),
      passwords: createPasswordHasher({
        parameters: policy.passwordCost,
        former: policy.formerPasswordCosts,
        atOnce: policy.passwordsAtOnce,
        waiting: policy.passwordsWaiting,
      }),
      providers: createProviders({ configs: options.providers ?? [], url, clock: database.clock, policy }),
      takeProviderTransaction: (input, requestId) =>
        runVerb(runtime, takeProviderTransaction, signingIn(requestId), input),
      furnishWorkspace: options.furnishWorkspace ?? (async () => undefined),
      async sendSignInMail(tx, { to, requestId, ...props }) {
        await mailer.enqueueMail(tx, { to, requestId, template: 'magic-link', props, workspaceId: null })
      },
      async sendAccountMail(tx, { to, requestId, workspaceId = null, ...props }) {
        await mailer.enqueueMail(tx, { to, requestId, template: 'account-message', props, workspaceId })
      },
      deliverLater(kind, id, requestId) {
        const delivery = atRandomMoment(policy.mailSpreadMs, stopping.signal)
          .then(() => deliver(kind, id, requestId))
          .finally(() => deliveries.delete(delivery))
        deliveries.add(delivery)
      },
    },
  }

  const runtime = { database, clock: database.clock, ids: database.ids, services }

  function signingIn(requestId: string): VerbCall {
    return { actor: { kind: 'system', id: 'sign-in' }, requestId, log }
  }

  function chore(): VerbCall {
    const requestId = `maintenance-${database.ids.next()}`
    return { actor: { kind: 'system', id: 'maintenance' }, requestId, log }
  }

  async function deliver(kind: DeliveryKind, id: string, requestId: string): Promise<void> {
    const call = signingIn(requestId)
    try {
      if (kind === 'magic-link') await runVerb(runtime, deliverMagicLink, call, { linkId: id })
      else if (kind === 'email-change') await runVerb(runtime, deliverEmailChange, call, { tokenId: id })
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
      return (await runVerb(runtime, endRotatedKeys, chore(), {})).ended
    },
    async closeDueAccounts() {
      return (await runVerb(runtime, closeDueAccounts, chore(), {})).looked
    },
    async endImpersonations() {
      return (await runVerb(runtime, endImpersonations, chore(), {})).ended
    },
    async stop() {
      stopping.abort()
      await Promise.all(deliveries)
      await credentials.settled()
      await authenticator.lastUsed.stop()
    },
  }
}

/** At once when there is no time to spread over, and as soon as the signal says so. */
async function atRandomMoment(withinMs: number, signal: AbortSignal): Promise<void> {
  if (withinMs === 0) return
  try {
    await delay(randomInt(withinMs), undefined, { signal })
  } catch {
    // Stopping: whoever asked gets the mail all the same.
  }
}
