import type { Metadata } from 'next'
import { Entry } from '../../src/sign-in/entry.tsx'
import { ForgotPasswordForm } from '../../src/sign-in/forgot-password-form.tsx'

export const metadata: Metadata = { title: 'Forgotten password' }

export default function ForgotPasswordPage() {
  return (
    <Entry title="Forgotten password">
      <ForgotPasswordForm />
    </Entry>
  )
}
