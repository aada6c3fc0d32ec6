// The address that a provider tells, in the one spelling that addresses have here.
import { normalisedEmail } from '../accounts/normalised-email.ts'

export function emailOf({ email }: Readonly<Record<string, unknown>>): string | undefined {
  return normalisedEmail.safeParse(email).data
}
