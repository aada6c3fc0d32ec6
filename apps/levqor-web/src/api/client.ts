// The one way to the server: same origin, session cookie, typed by the shared contracts.
import './zod-without-eval.ts'
import { createClient, LevqorError } from '@levqor/client'

export const api = createClient({ baseUrl: '' })

/** Errors of queries and actions are unknown by type; what the client throws is this. */
export function asLevqorError(error: unknown): LevqorError | undefined {
  return error instanceof LevqorError ? error : undefined
}
