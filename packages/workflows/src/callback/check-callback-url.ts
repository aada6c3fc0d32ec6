// Whether a callback address may be stored with a job at all.
import { codeOf, workflowError } from '../workflow-error.ts'

/** The guard's egress, asked without making a request. */
export interface TargetCheck {
  /** Throws `egress_blocked` for addresses that may not be reached, `egress_unresolvable` for unknown names. */
  check(url: string | URL): Promise<unknown>
}

/**
 * Refuses, at intake, what could never be called back: no http(s) URL, a private address, an unknown name. The same
 * check runs again for every call, because names can be pointed elsewhere later. Call it outside a transaction.
 *
 * @throws WorkflowError `bad_callback_url`
 * @example await checkCallbackUrl(body.callback_url, egress)
 */
export async function checkCallbackUrl(url: string, egress: TargetCheck): Promise<void> {
  const refuse = (message: string, reason: string, cause?: unknown) =>
    workflowError('bad_callback_url', message, { details: { reason }, final: true, cause })
  if (url.length > 2_000) throw refuse('Use a callback URL of at most 2,000 characters.', 'length')
  if (!URL.canParse(url)) throw refuse('Use an absolute http or https URL for the callback.', 'not-a-url')
  try {
    await egress.check(url)
  } catch (error) {
    const code = codeOf(error)
    if (code !== 'egress_blocked' && code !== 'egress_unresolvable') throw error
    const message = `Use a callback URL that can be reached from here. ${error instanceof Error ? error.message : ''}`
    throw refuse(message.trim(), code, error)
  }
}
