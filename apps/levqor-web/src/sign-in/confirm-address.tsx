'use client'
// Confirms an address. Nobody is signed in by it: the mail may be read in another browser than the account is used in. There
// the password of the registration is asked for, so that nobody confirms what a stranger asked for in their name.
import { type LevqorError, verifyEmail } from '@levqor/client'
import { CircleCheck } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { MailedToken } from './mailed-token.tsx'
import { PasswordField } from './password-field.tsx'
import { rememberedReturnPath } from './remember-return-path.ts'
import { signInAddress } from './return-path.ts'
import { useFragment } from './use-fragment.ts'

export function ConfirmAddress() {
  // The next mail, opened in the same tab, changes the fragment only: what the first one led to is not its outcome.
  return <OneRegistration key={useFragment() ?? ''} />
}

function OneRegistration() {
  const [email, setEmail] = useState<string>()
  const [otherBrowser, setOtherBrowser] = useState(false)
  const [password, setPassword] = useState('')
  const confirm = useAction({
    run: (token: string) => api.call(verifyEmail, { body: otherBrowser ? { token, password } : { token } }),
    onDone: (answer) => setEmail(answer.email),
    onFailed: ({ code }) => {
      if (code === 'registration_other_browser') setOtherBrowser(true)
    },
  })
  return (
    <MailedToken
      title={
        email !== undefined
          ? 'Your account is ready'
          : otherBrowser
            ? 'Was it you who registered?'
            : 'Confirm your address'
      }
      renew={{ href: '/sign-in', label: 'To the sign-in page' }}
      error={confirm.error}
    >
      {(token) =>
        email === undefined ? (
          <form
            noValidate
            className="flex flex-col gap-5"
            onSubmit={(event: FormEvent) => {
              event.preventDefault()
              confirm.start(token)
            }}
          >
            {otherBrowser ? (
              <p role="alert" className="text-soft">
                This is not the browser in which somebody registered with your address. If it was you, type
                the password that you chose then. If not, close this page: nothing happens.
              </p>
            ) : (
              <p className="text-soft">Press the button, and your account exists.</p>
            )}
            {confirm.error && !isAsking(confirm.error) ? (
              <ProblemNotice error={confirm.error} secondsLeft={confirm.secondsLeft} />
            ) : null}
            {otherBrowser ? (
              <PasswordField
                id="password"
                label="Password"
                autoComplete="current-password"
                messages={
                  confirm.error?.code === 'registration_password_wrong' ? [confirm.error.message] : []
                }
                value={password}
                onChange={setPassword}
              />
            ) : null}
            <ActionButton
              action={confirm}
              type="submit"
              tone="primary"
              disabled={otherBrowser && password === ''}
            >
              {confirm.pending ? 'Confirming…' : 'Confirm'}
            </ActionButton>
          </form>
        ) : (
          <div role="status">
            <CircleCheck aria-hidden className="mb-4 size-8 text-good" />
            <p className="text-lead">
              <strong className="font-semibold">{email}</strong> is yours.
            </p>
            <div className="mt-6">
              <ButtonLink href={signInAddress(rememberedReturnPath())} tone="primary">
                Sign in
              </ButtonLink>
            </div>
          </div>
        )
      }
    </MailedToken>
  )
}

/** What the form itself says in its own words. */
function isAsking({ code }: LevqorError): boolean {
  return code === 'registration_other_browser' || code === 'registration_password_wrong'
}
