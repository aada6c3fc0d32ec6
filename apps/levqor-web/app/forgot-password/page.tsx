import type { Metadata } from 'next'
import { Entry } from '../../src/sign-in/entry.tsx'
import { EntryLink } from '../../src/sign-in/entry-link.tsx'
import { ForgotPasswordForm } from '../../src/sign-in/forgot-password-form.tsx'

export const metadata: Metadata = { title: 'Forgotten password' }

export default function ForgotPasswordPage() {
  return (
    <Entry title="Forgotten password">
      <ForgotPasswordForm />
      <div className="mt-8 border-t border-line pt-5">
        <EntryLink href="/sign-in">Back to signing in</EntryLink>
      </div>
    </Entry>
  )
}
