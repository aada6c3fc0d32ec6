import type { Metadata } from 'next'
import { Entry } from '../../src/sign-in/entry.tsx'
import { EntryLink } from '../../src/sign-in/entry-link.tsx'
import { ProviderButtons } from '../../src/sign-in/provider-buttons.tsx'
import { RegisterForm } from '../../src/sign-in/register-form.tsx'

export const metadata: Metadata = { title: 'Make an account' }

export default function RegisterPage() {
  return (
    <Entry title="Make an account">
      <RegisterForm />
      <div className="mt-8 flex flex-col gap-5 border-t border-line pt-5">
        <ProviderButtons />
        <EntryLink href="/sign-in">I have an account already</EntryLink>
      </div>
    </Entry>
  )
}
