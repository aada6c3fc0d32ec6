// What Levqor's verbs work with beside their database handle.

import type { Egress } from '@levqor/guard/egress'
import type { IdentityServices } from '@levqor/identity'
import type { JobStore } from '@levqor/jobs'
import type { Mailer } from '@levqor/mail'
import { verbsFor } from '@levqor/server'
import type { PayloadCheck, PayloadResult, Sandbox } from '@levqor/workflows'

export interface LevqorServices extends IdentityServices {
  readonly mailer: Mailer
  readonly jobs: JobStore
  readonly sandbox: Sandbox
  readonly egress: Egress
  checkPayload(request: PayloadCheck): Promise<PayloadResult>
  /** Signs completion messages and `webhook.send` of a workspace (Standard Webhooks, `whsec_…`). */
  webhookSecret(workspaceId: string): string
}

export const defineVerb = verbsFor<LevqorServices>()
