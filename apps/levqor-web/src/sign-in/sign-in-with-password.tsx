'use client'
// E-mail address and password. Every wrong pair gets the same answer.
import { login } from '@levqor/client'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { EmailField } from './email-field.tsx'
import { messagesFor } from './field-messages.ts'
import { PasswordField } from './password-field.tsx'
import { safeReturnPath } from './return-path.ts'

export function SignInWithPassword() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useAction({
    run: (body: { readonly email: string; readonly password: string }) => api.call(login, { body }),
    // A full page load: the new session's pages start with an empty memory.
    onDone: () => location.replace(safeReturnPath(new URLSearchParams(location.search).get('next'))),
  })
  const emailMessages = messagesFor(signIn.error, 'email')

  function submit(event: FormEvent) {
    event.preventDefault()
    if (email.trim() !== '' && password !== '') signIn.start({ email: email.trim(), password })
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      {signIn.error && emailMessages.length === 0 ? (
        <ProblemNotice error={signIn.error} secondsLeft={signIn.secondsLeft} />
      ) : null}
      <EmailField value={email} onChange={setEmail} messages={emailMessages} autoComplete="username" />
      <PasswordField
        id="password"
        label="Password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
      <ActionButton action={signIn} type="submit" tone="primary">
        {signIn.pending ? 'Signing in…' : 'Sign in'}
      </ActionButton>
      <p className="text-small">
        <Link href="/forgot-password" className="underline underline-offset-3">
          I have forgotten my password
        </Link>
      </p>
    </form>
  )
}
