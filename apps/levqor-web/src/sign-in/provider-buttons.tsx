'use client'
// "Continue with …" for the providers that this installation asks; nothing where there are none, or while nobody knows.
import { ActionButton } from '../ui/action-button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { ProviderMark } from './provider-mark.tsx'
import { safeReturnPath } from './return-path.ts'
import { useSignInMethods } from './use-sign-in-methods.ts'
import { useWayToProvider } from './use-way-to-provider.ts'

export function ProviderButtons() {
  const methods = useSignInMethods()
  const leave = useWayToProvider(() => {
    const next = new URLSearchParams(location.search).get('next')
    return next === null ? {} : { next: safeReturnPath(next) }
  })
  const providers = methods?.providers ?? []
  if (providers.length === 0) return null
  return (
    <div className="flex flex-col gap-3">
      {leave.error ? <ProblemNotice error={leave.error} secondsLeft={leave.secondsLeft} /> : null}
      <ul aria-label="Sign in at a provider" className="flex flex-col gap-3">
        {providers.map(({ id, name }) => (
          <li key={id}>
            <ActionButton
              action={leave.actionOf(id)}
              disabled={leave.pending}
              className="w-full"
              icon={<ProviderMark provider={id} />}
              onClick={() => leave.start(id)}
            >
              <span className="truncate">Continue with {name}</span>
            </ActionButton>
          </li>
        ))}
      </ul>
    </div>
  )
}
