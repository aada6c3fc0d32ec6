// Why a running task is asked to stop. The reason travels as the abort signal's reason.

export type StopReason = 'cancelled' | 'timeout' | 'lease_lost' | 'stopping'

const messages: Readonly<Record<StopReason, string>> = {
  cancelled: 'The job was cancelled.',
  timeout: 'The job ran longer than it may.',
  lease_lost: 'The job was given to another worker.',
  stopping: 'The worker is stopping.',
}

/** The error that the signal carries: its `code` is the reason. */
export function stopError(reason: StopReason): Error & { readonly code: StopReason } {
  return Object.assign(new Error(messages[reason]), { code: reason })
}
