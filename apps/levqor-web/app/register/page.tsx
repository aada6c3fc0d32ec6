import type { Metadata } from 'next'
import { Entry } from '../../src/sign-in/entry.tsx'
import { RegisterForm } from '../../src/sign-in/register-form.tsx'

export const metadata: Metadata = { title: 'Make an account' }

export default function RegisterPage() {
  return (
    <Entry title="Make an account">
      <RegisterForm />
    </Entry>
  )
}
