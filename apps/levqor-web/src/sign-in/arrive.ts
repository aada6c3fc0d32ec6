'use client'
// Where a sign-in leads: into the console, or to the question for the second factor.
import type { SignInAnswer } from '@levqor/client'

/** A full page load: the new session's pages start with an empty memory. */
export function arrive(answer: SignInAnswer, returnPath: string): void {
  const asked = 'second_factor' in answer
  location.replace(asked ? `/sign-in/second-factor?next=${encodeURIComponent(returnPath)}` : returnPath)
}
