'use client'
// An invitation into a workspace: what it is, and the way in for whoever is signed in with the invited address.
import { acceptInvitation, lookAtInvitation, switchWorkspace } from '@levqor/client'
import { useQuery } from '@tanstack/react-query'
import { api, asLevqorError } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { MailedToken } from './mailed-token.tsx'
import { forgetInvitation, invitationToken, rememberInvitation } from './remember-invitation.ts'
import { entryAddress, invitationPath, signInAddress } from './return-path.ts'
import { useFragment } from './use-fragment.ts'

const roles = { admin: 'an admin', member: 'a member', viewer: 'a viewer' } as const

export function AcceptInvitation() {
  const fragment = useFragment()
  const token = fragment === undefined ? undefined : invitationToken(fragment)
  const look = useQuery({
    queryKey: queryKeys.invitation(token),
    queryFn: ({ signal }) => api.call(lookAtInvitation, { body: { token: token ?? '' }, signal }),
    enabled: token !== undefined,
    retry: false,
  })
  const accept = useAction({
    async run(text: string) {
      const { id } = await api.call(acceptInvitation, { body: { token: text } })
      // Whoever accepts wants to be there.
      return api.call(switchWorkspace, { params: { id } })
    },
    onDone() {
      forgetInvitation()
      // A full page load: another workspace's pages start with an empty memory.
      location.replace('/jobs')
    },
    onFailed(error) {
      if (error.status === 401 && token !== undefined) rememberInvitation(token)
    },
  })
  const lookError = asLevqorError(look.error)
  const stranger = accept.error?.status === 401
  return (
    <MailedToken
      title="You are invited"
      renew={{ href: '/sign-in', label: 'To the sign-in page' }}
      error={lookError ?? accept.error}
      read={invitationToken}
    >
      {(text) => (
        <div className="flex flex-col gap-5">
          {look.data ? (
            <p className="text-lead">
              {look.data.invited_by ?? 'Somebody'} invites you to{' '}
              <strong className="font-semibold">{look.data.workspace}</strong> as {roles[look.data.role]}.
            </p>
          ) : null}
          {lookError ? <ProblemNotice error={lookError} /> : null}
          {accept.error && !stranger ? (
            <ProblemNotice error={accept.error} secondsLeft={accept.secondsLeft} />
          ) : null}
          {stranger ? (
            <>
              <p role="alert" className="text-soft">
                Sign in first, or make an account with the address that the mail was sent to. Then you come
                back here.
              </p>
              <div className="flex flex-wrap gap-2">
                <ButtonLink href={signInAddress(invitationPath)} tone="primary">
                  Sign in
                </ButtonLink>
                <ButtonLink href={entryAddress('/register', invitationPath)}>Make an account</ButtonLink>
              </div>
            </>
          ) : (
            <ActionButton
              action={accept}
              tone="primary"
              disabled={look.data === undefined}
              onClick={() => accept.start(text)}
            >
              {accept.pending ? 'Accepting…' : 'Accept'}
            </ActionButton>
          )}
        </div>
      )}
    </MailedToken>
  )
}
