// What Levqor's verbs work with beside their database handle.

import type { Egress } from '@levqor/guard/egress'
import type { JobStore } from '@levqor/jobs'
import { verbsFor } from '@levqor/server'
import type { PayloadCheck, PayloadResult, Sandbox } from '@levqor/workflows'

export interface LevqorServices {
  readonly jobs: JobStore
  readonly sandbox: Sandbox
  readonly egress: Egress
  checkPayload(request: PayloadCheck): Promise<PayloadResult>
  /** Signs completion messages and `webhook.send` of a workspace (Standard Webhooks, `whsec_…`). */
  webhookSecret(workspaceId: string): string
}

export const defineVerb = verbsFor<LevqorServices>()
