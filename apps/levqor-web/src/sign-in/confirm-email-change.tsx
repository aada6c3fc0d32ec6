'use client'
// One of the two mailboxes of a change of address: yes or no, equally easy. Nobody is signed in by it.
import { type CallAnswer, confirmEmailChange, lookAtEmailChange, stopEmailChange } from '@levqor/client'
import { useQuery } from '@tanstack/react-query'
import { CircleCheck, ShieldCheck } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { api, asLevqorError } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { tokenOf } from './link-outcome.ts'
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
  return <OneMailbox key={fragment} fragment={fragment} />
}

function OneMailbox({ fragment }: { readonly fragment: string }) {
  const [outcome, setOutcome] = useState<Outcome>()
  const given = tokenOf(fragment)
  const look = useQuery({
    queryKey: queryKeys.emailChangeLink(given),
    queryFn: ({ signal }) => api.call(lookAtEmailChange, { body: { token: given ?? '' }, signal }),
    enabled: given !== undefined && outcome === undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const confirm = useAction({
    run: (token: string) => api.call(confirmEmailChange, { body: { token } }),
    onDone: ({ status }) => setOutcome(status),
  })
  const stop = useAction({
    run: (token: string) => api.call(stopEmailChange, { body: { token } }),
    onDone: ({ sessions_ended }) => setOutcome(sessions_ended ? 'stopped-and-out' : 'stopped'),
  })
  const wantsToStop = new URLSearchParams(fragment.replace(/^#/, '')).has('stop')
  const lookError = look.data ? undefined : asLevqorError(look.error)
  const error = confirm.error ?? stop.error ?? lookError
  const resting = confirm.pending || stop.pending || look.data === undefined
  return (
    <MailedToken
      title={outcome ? outcomes[outcome].title : wantsToStop ? 'Stop the change?' : 'Change your address?'}
      renew={{ href: '/account', label: 'To your account' }}
      error={outcome ? undefined : error}
    >
      {(token) =>
        outcome ? (
          <Done outcome={outcome} />
        ) : (
          <div className="flex flex-col gap-5">
            {look.data ? <What change={look.data} wantsToStop={wantsToStop} /> : null}
            {error ? (
              <ProblemNotice error={error} secondsLeft={confirm.secondsLeft || stop.secondsLeft} />
            ) : null}
            <Choice first={wantsToStop ? 'stop' : 'confirm'}>
              <ActionButton
                key="confirm"
                action={confirm}
                disabled={resting}
                className="w-full"
                onClick={() => confirm.start(token)}
              >
                {confirm.pending
                  ? 'Confirming…'
                  : look.data?.mailbox === 'old'
                    ? 'Leave this address'
                    : 'Use this address'}
              </ActionButton>
              <ActionButton
                key="stop"
                action={stop}
                disabled={resting}
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

interface WhatProps {
  readonly change: CallAnswer<typeof lookAtEmailChange>
  readonly wantsToStop: boolean
}

/** Which of the two mailboxes this is, and what becomes of it. */
function What({ change, wantsToStop }: WhatProps) {
  const from = <strong className="font-semibold wrap-anywhere text-ink">{change.email}</strong>
  const to = <strong className="font-semibold wrap-anywhere text-ink">{change.new_email}</strong>
  return (
    <>
      <p className="text-lead">
        {change.mailbox === 'old' ? (
          <>
            This is the old address, {from}. Your account is to have {to} instead.
          </>
        ) : (
          <>This is the new address: an account is to have {to} from now on.</>
        )}
      </p>
      <p className="text-soft">
        {wantsToStop
          ? 'If you did not ask for it, stop it: the account stays as it is.'
          : 'If you asked for it, confirm it here and in the other mailbox. Until both have, nothing changes.'}
      </p>
    </>
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
