// What Levqor's verbs work with beside their database handle.

import type { SystemTransaction } from '@levqor/database'
import type { Protection, ProtectionMode } from '@levqor/guard'
import type { Egress } from '@levqor/guard/egress'
import type { CounterKind, LockoutService } from '@levqor/guard/lockout'
import type { IdentityServices } from '@levqor/identity'
import type { JobStore } from '@levqor/jobs'
import type { Mailer } from '@levqor/mail'
import { verbsFor } from '@levqor/server'
import type { PayloadCheck, PayloadResult, Sandbox } from '@levqor/workflows'

/** How the protections of this process stand. */
export interface SecurityState {
  readonly protections: readonly { readonly name: Protection; readonly mode: ProtectionMode }[]
  readonly limits: 'memory' | 'redis'
  /** Security events lost since the start. */
  readonly eventsDropped: number
  readonly penalties: readonly {
    /** Pseudonym. */
    readonly address: string
    readonly level: number
    readonly blocked: boolean
    /** Epoch milliseconds. */
    readonly until: number
  }[]
}

/** Whom an operator lets in again. */
export type UnlockOrder = { readonly operatorId: string; readonly requestId: string } & (
  | { readonly id: string }
  | { readonly account: string; readonly address?: string }
)

export interface LevqorServices extends IdentityServices {
  readonly mailer: Mailer
  readonly jobs: JobStore
  readonly sandbox: Sandbox
  readonly egress: Egress
  readonly security: {
    state(): SecurityState
    readonly lockouts: Pick<LockoutService, 'list'> & {
      /** In the caller's transaction. Resolves to the kinds of what was locked until now. */
      unlock(tx: SystemTransaction, request: UnlockOrder): Promise<readonly CounterKind[]>
    }
  }
  checkPayload(request: PayloadCheck): Promise<PayloadResult>
  /** Signs completion messages and `webhook.send` of a workspace (Standard Webhooks, `whsec_…`). */
  webhookSecret(workspaceId: string): string
}

export const defineVerb = verbsFor<LevqorServices>()
