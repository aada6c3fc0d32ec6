'use client'
// The second step of a sign-in. What it can be answered with is asked of the server, which knows the first step by a
// cookie: a reload, or a way here that this page never saw, works all the same.
import { lookAtFirstFactor, verifySecondFactor } from '@levqor/client'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, asLevqorError } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { passSecondFactorWithPasskey } from '../passkeys/ask-passkey.ts'
import { useHydrated } from '../shell/use-hydrated.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { CodeField } from '../ui/code-field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { codeMessages } from './code-messages.ts'
import { Entry } from './entry.tsx'
import { PasskeyButton } from './passkey-button.tsx'
import { safeReturnPath, signInAddress } from './return-path.ts'

export function SecondStep() {
  const hydrated = useHydrated()
  const asked = useQuery({
    queryKey: queryKeys.firstFactor,
    queryFn: ({ signal }) => api.call(lookAtFirstFactor, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [recovery, setRecovery] = useState(false)
  const [code, setCode] = useState('')
  const verify = useAction({
    run: (text: string) => api.call(verifySecondFactor, { body: { code: text } }),
    // A full page load: the new session's pages start with an empty memory.
    onDone: () => location.replace(returnPath()),
  })
  const unlock = useAction({
    run: passSecondFactorWithPasskey,
    onDone: () => location.replace(returnPath()),
  })
  if (!hydrated) return <Entry title="One more step">{null}</Entry>
  const over = [asLevqorError(asked.error), verify.error, unlock.error].some(
    (error) => error?.code === 'second_factor_expired',
  )
  if (over) {
    return (
      <Entry title="This sign-in took too long">
        <p role="alert" className="text-soft">
          Between the first step and the second there are ten minutes, and each sign-in is finished once.
          Please sign in again.
        </p>
        <div className="mt-6">
          <ButtonLink href={signInAddress(returnPath())} tone="primary">
            Sign in
          </ButtonLink>
        </div>
      </Entry>
    )
  }
  const messages = codeMessages(verify.error)
  return (
    <Entry title="One more step">
      <QueryGate query={asked}>
        {({ methods }) => (
          <form
            noValidate
            className="flex flex-col gap-5"
            onSubmit={(event: FormEvent) => {
              event.preventDefault()
              if (code.trim() !== '') verify.start(code.trim())
            }}
          >
            <p className="text-soft">
              {recovery
                ? 'Type in one of the recovery codes that you kept. Each works once.'
                : 'Open your authenticator app and type in the code that it shows for Levqor.'}
            </p>
            {verify.error && messages.length === 0 ? (
              <ProblemNotice error={verify.error} secondsLeft={verify.secondsLeft} />
            ) : null}
            <CodeField
              key={String(recovery)}
              id="code"
              kind={recovery ? 'recovery' : 'digits'}
              label={recovery ? 'Recovery code' : 'Code'}
              messages={messages}
              autoFocus
              value={code}
              onChange={setCode}
            />
            <ActionButton action={verify} type="submit" tone="primary" disabled={code.trim() === ''}>
              {verify.pending ? 'Signing in…' : 'Sign in'}
            </ActionButton>
            {methods.includes('passkey') ? (
              <PasskeyButton action={unlock}>Use a passkey instead</PasskeyButton>
            ) : null}
            {methods.includes('recovery-code') ? (
              <button
                type="button"
                className="min-h-6 self-start text-small text-soft underline underline-offset-3 hover:text-ink"
                onClick={() => {
                  setRecovery(!recovery)
                  setCode('')
                  verify.forgetError()
                }}
              >
                {recovery ? 'Use a code of the app' : 'Use a recovery code'}
              </button>
            ) : null}
          </form>
        )}
      </QueryGate>
    </Entry>
  )
}

function returnPath(): string {
  return safeReturnPath(new URLSearchParams(location.search).get('next'))
}
