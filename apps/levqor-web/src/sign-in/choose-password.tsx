'use client'
// A new password with the link of a mail. All sessions of the account end with it.
import { resetPassword } from '@levqor/client'
import { CircleCheck } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { messagesFor } from './field-messages.ts'
import { MailedToken } from './mailed-token.tsx'
import { PasswordField } from './password-field.tsx'
import { rememberedReturnPath } from './remember-return-path.ts'
import { signInAddress } from './return-path.ts'

export function ChoosePassword() {
  const [password, setPassword] = useState('')
  const [done, setDone] = useState(false)
  const choose = useAction({
    run: (body: { readonly token: string; readonly password: string }) => api.call(resetPassword, { body }),
    onDone: () => setDone(true),
  })
  const messages = messagesFor(choose.error, 'password')
  return (
    <MailedToken
      title={done ? 'Your password is changed' : 'Choose a new password'}
      renew={{ href: '/forgot-password', label: 'Ask for a new mail' }}
      error={choose.error}
    >
      {(token) =>
        done ? (
          <div role="status">
            <CircleCheck aria-hidden className="mb-4 size-8 text-good" />
            <p className="text-lead">All sessions were ended. Sign in with the new password.</p>
            <div className="mt-6">
              <ButtonLink href={signInAddress(rememberedReturnPath())} tone="primary">
                Sign in
              </ButtonLink>
            </div>
          </div>
        ) : (
          <form
            noValidate
            className="flex flex-col gap-5"
            onSubmit={(event: FormEvent) => {
              event.preventDefault()
              if (password !== '') choose.start({ token, password })
            }}
          >
            {choose.error && messages.length === 0 ? (
              <ProblemNotice error={choose.error} secondsLeft={choose.secondsLeft} />
            ) : null}
            <PasswordField
              id="password"
              label="New password"
              help="15 characters or more: a few words are easy to keep and hard to guess."
              autoComplete="new-password"
              messages={messages}
              value={password}
              onChange={setPassword}
            />
            <ActionButton action={choose} type="submit" tone="primary">
              {choose.pending ? 'Changing…' : 'Change the password'}
            </ActionButton>
          </form>
        )
      }
    </MailedToken>
  )
}
