'use client'
// The ways to sign in. One comes first: the address, and then a mailed link or a password. What needs no address follows.
import { useState } from 'react'
import { AskForLink } from './ask-for-link.tsx'
import { EntryLink } from './entry-link.tsx'
import { Or } from './or.tsx'
import { ProviderButtons } from './provider-buttons.tsx'
import { SignInWithPasskey } from './sign-in-with-passkey.tsx'
import { SignInWithPassword } from './sign-in-with-password.tsx'

export function WaysIn() {
  const [way, setWay] = useState<'link' | 'password'>('link')
  const [switched, setSwitched] = useState(false)
  const [email, setEmail] = useState('')
  const Form = way === 'link' ? AskForLink : SignInWithPassword
  return (
    <>
      <Form email={email} onEmail={setEmail} autoFocus={switched}>
        <button
          type="button"
          onClick={() => {
            setSwitched(true)
            setWay(way === 'link' ? 'password' : 'link')
          }}
          className="min-h-6 self-start text-small text-soft underline underline-offset-3 hover:text-ink"
        >
          {way === 'link' ? 'Sign in with a password' : 'Mail me a link instead'}
        </button>
      </Form>
      <Or />
      <div className="flex flex-col gap-3">
        <SignInWithPasskey />
        <ProviderButtons />
      </div>
      <div className="mt-8 border-t border-line pt-5">
        <EntryLink href="/register">I have no account yet</EntryLink>
      </div>
    </>
  )
}
