'use client'
// The time in which an operator could act for somebody is over. The way back is a press, so that nothing meant for the
// person is done as oneself by mistake.
import { stopImpersonation } from '@levqor/client'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { actingFor, forgetActing } from '../shell/acting-mark.ts'
import { useHydrated } from '../shell/use-hydrated.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Entry } from './entry.tsx'

export function ActingEnded() {
  const who = useHydrated() ? actingFor() : undefined
  const back = useAction({
    run: () => api.call(stopImpersonation, {}),
    onDone: ({ returned }) => {
      forgetActing()
      location.assign(returned ? '/users' : '/sign-in')
    },
  })
  return (
    <Entry title="You act for nobody any more">
      <p role="status" className="text-soft wrap-anywhere">
        {who === undefined ? 'The time is over.' : `The time in which you could act as ${who} is over.`} What
        you did was saved; what was still open was not.
      </p>
      {back.error ? (
        <ProblemNotice error={back.error} secondsLeft={back.secondsLeft} className="mt-5" />
      ) : null}
      <div className="mt-6">
        <ActionButton action={back} tone="primary" onClick={() => back.start(undefined)}>
          {back.pending ? 'Going back…' : 'Go on as yourself'}
        </ActionButton>
      </div>
    </Entry>
  )
}
