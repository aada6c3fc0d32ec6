'use client'
// One of the two mailboxes of a change of address: yes or no, equally easy. Nobody is signed in by it.
import { confirmEmailChange, stopEmailChange } from '@levqor/client'
import { CircleCheck, ShieldCheck } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { MailedToken } from './mailed-token.tsx'
import { useFragment } from './use-fragment.ts'

type Outcome = 'waiting' | 'changed' | 'stopped' | 'stopped-and-out'

const outcomes: Readonly<Record<Outcome, { readonly title: string; readonly text: string }>> = {
  waiting: {
    title: 'One mailbox to go',
    text: 'This one has confirmed. The address changes once the other mailbox has, too.',
  },
  changed: {
    title: 'Your address is changed',
    text: 'Both mailboxes have confirmed. From now on you sign in with the new address.',
  },
  stopped: { title: 'Stopped', text: 'Nothing was changed, and the links of both mails work no longer.' },
  'stopped-and-out': {
    title: 'Stopped',
    text: 'Nothing was changed, and all sessions of your account were ended. Choose a new password now: somebody else was signed in as you.',
  },
}

export function ConfirmEmailChange() {
  const fragment = useFragment() ?? ''
  // The second mail, opened in the same tab, changes the fragment only: what the first one led to is not its outcome.
  return (
    <OneMailbox key={fragment} wantsToStop={new URLSearchParams(fragment.replace(/^#/, '')).has('stop')} />
  )
}

function OneMailbox({ wantsToStop }: { readonly wantsToStop: boolean }) {
  const [outcome, setOutcome] = useState<Outcome>()
  const confirm = useAction({
    run: (token: string) => api.call(confirmEmailChange, { body: { token } }),
    onDone: ({ status }) => setOutcome(status),
  })
  const stop = useAction({
    run: (token: string) => api.call(stopEmailChange, { body: { token } }),
    onDone: ({ sessions_ended }) => setOutcome(sessions_ended ? 'stopped-and-out' : 'stopped'),
  })
  const error = confirm.error ?? stop.error
  const busy = confirm.pending || stop.pending
  return (
    <MailedToken
      title={outcome ? outcomes[outcome].title : wantsToStop ? 'Stop the change?' : 'Change your address?'}
      renew={{ href: '/account', label: 'To your account' }}
      error={error}
    >
      {(token) =>
        outcome ? (
          <Done outcome={outcome} />
        ) : (
          <div className="flex flex-col gap-5">
            <p className="text-soft">
              {wantsToStop
                ? 'If you did not ask for another address, stop it: your account stays as it is.'
                : 'If you asked for another address, confirm it. It changes once both mailboxes have.'}
            </p>
            {error ? (
              <ProblemNotice error={error} secondsLeft={confirm.secondsLeft || stop.secondsLeft} />
            ) : null}
            <Choice first={wantsToStop ? 'stop' : 'confirm'}>
              <ActionButton
                key="confirm"
                action={confirm}
                disabled={busy}
                className="w-full"
                onClick={() => confirm.start(token)}
              >
                {confirm.pending ? 'Confirming…' : 'Confirm the new address'}
              </ActionButton>
              <ActionButton
                key="stop"
                action={stop}
                disabled={busy}
                tone="danger"
                className="w-full"
                onClick={() => stop.start(token)}
              >
                {stop.pending ? 'Stopping…' : 'This was not me: stop it'}
              </ActionButton>
            </Choice>
          </div>
        )
      }
    </MailedToken>
  )
}

/** What the mail's button said comes first, for eyes and keyboard alike. */
function Choice({
  first,
  children,
}: {
  readonly first: 'confirm' | 'stop'
  readonly children: readonly ReactNode[]
}) {
  return <div className="flex flex-col gap-3">{first === 'stop' ? children.toReversed() : children}</div>
}

function Done({ outcome }: { readonly outcome: Outcome }) {
  const Icon = outcome === 'waiting' || outcome === 'changed' ? CircleCheck : ShieldCheck
  const out = outcome === 'stopped-and-out'
  return (
    <div role="status">
      <Icon aria-hidden className="mb-4 size-8 text-good" />
      <p className="text-lead">{outcomes[outcome].text}</p>
      <div className="mt-6">
        <ButtonLink href={out ? '/forgot-password' : '/account'} tone="primary">
          {out ? 'Choose a new password' : 'To your account'}
        </ButtonLink>
      </div>
    </div>
  )
}
