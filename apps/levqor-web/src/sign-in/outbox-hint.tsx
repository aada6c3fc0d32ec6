'use client'
// Where mails are without a mail server. Whoever waits for one learns it wherever a mail is said to be sent.
import type { ReactNode } from 'react'
import { useSignInMethods } from './use-sign-in-methods.ts'

/** True on an installation that keeps its mails; false while nobody knows. */
export function useMailsStay(): boolean {
  return useSignInMethods()?.mail === 'outbox'
}

interface OutboxHintProps {
  /** The word that leads there, for readers who may go. */
  readonly outbox?: ReactNode
}

export function OutboxHint({ outbox = 'outbox' }: OutboxHintProps) {
  return useMailsStay() ? <>No mail server is set here: an operator finds the mail in the {outbox}.</> : null
}
