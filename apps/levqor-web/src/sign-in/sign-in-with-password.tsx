'use client'
// E-mail address and password. Every wrong pair gets the same answer.
import { login } from '@levqor/client'
import { type FormEvent, type ReactNode, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { arrive } from './arrive.ts'
import { EmailField } from './email-field.tsx'
import { EntryLink } from './entry-link.tsx'
import { messagesFor } from './field-messages.ts'
import { PasswordField } from './password-field.tsx'
import { safeReturnPath } from './return-path.ts'

interface SignInWithPasswordProps {
  readonly email: string
  readonly onEmail: (email: string) => void
  /** Chosen a moment ago: the keyboard goes on in it. */
  readonly autoFocus: boolean
  /** Shown below the form. */
  readonly children: ReactNode
}

export function SignInWithPassword({ email, onEmail, autoFocus, children }: SignInWithPasswordProps) {
  const [password, setPassword] = useState('')
  const signIn = useAction({
    run: (body: { readonly email: string; readonly password: string }) => api.call(login, { body }),
    onDone: (answer) => arrive(answer, safeReturnPath(new URLSearchParams(location.search).get('next'))),
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
      <EmailField
        value={email}
        onChange={(next) => {
          // The lock is another account's.
          if (signIn.error?.code === 'locked') signIn.forgetWait()
          onEmail(next)
        }}
        messages={emailMessages}
        autoComplete="username webauthn"
        autoFocus={autoFocus && email === ''}
      />
      <PasswordField
        id="password"
        label="Password"
        autoComplete="current-password"
        autoFocus={autoFocus && email !== ''}
        value={password}
        onChange={setPassword}
      />
      <ActionButton action={signIn} type="submit" tone="primary">
        {signIn.pending ? 'Signing in…' : 'Sign in'}
      </ActionButton>
      {children}
      <EntryLink href="/forgot-password">I have forgotten my password</EntryLink>
    </form>
  )
}
