'use client'
// Confirms an address. Nobody is signed in by it: the mail may be read in another browser than the account is used in.
import { verifyEmail } from '@levqor/client'
import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { MailedToken } from './mailed-token.tsx'

export function ConfirmAddress() {
  const [email, setEmail] = useState<string>()
  const confirm = useAction({
    run: (token: string) => api.call(verifyEmail, { body: { token } }),
    onDone: (answer) => setEmail(answer.email),
  })
  return (
    <MailedToken
      title={email === undefined ? 'Confirm your address' : 'Your account is ready'}
      renew={{ href: '/sign-in', label: 'To the sign-in page' }}
      error={confirm.error}
    >
      {(token) =>
        email === undefined ? (
          <div className="flex flex-col gap-5">
            <p className="text-soft">Press the button, and your account exists.</p>
            {confirm.error ? <ProblemNotice error={confirm.error} secondsLeft={confirm.secondsLeft} /> : null}
            <ActionButton action={confirm} tone="primary" onClick={() => confirm.start(token)}>
              {confirm.pending ? 'Confirming…' : 'Confirm'}
            </ActionButton>
          </div>
        ) : (
          <div role="status">
            <CircleCheck aria-hidden className="mb-4 size-8 text-good" />
            <p className="text-lead">
              <strong className="font-semibold">{email}</strong> is yours.
            </p>
            <div className="mt-6">
              <ButtonLink href="/sign-in" tone="primary">
                Sign in
              </ButtonLink>
            </div>
          </div>
        )
      }
    </MailedToken>
  )
}
