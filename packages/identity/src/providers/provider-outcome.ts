// What the way back from a provider ends with; the route makes an address of it.
import type { ProviderProblem } from '@levqor/client'
import type { SignIn } from '../sessions/sign-in.ts'

export interface ProviderRefusal {
  readonly outcome: 'refused'
  readonly code: ProviderProblem
  /** For security events. */
  readonly cause: string
}

export type ProviderOutcome = SignIn | { readonly outcome: 'linked' } | ProviderRefusal

export function refusal(code: ProviderProblem, cause: string): ProviderRefusal {
  return { outcome: 'refused', code, cause }
}
