'use client'
// One's own account: where it is signed in, and its password.
import { endOtherSessions, listSessions } from '@levqor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { useMe } from '../shell/use-me.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { SectionTitle } from '../ui/section-title.tsx'
import { showToast } from '../ui/toaster.tsx'
import { ChangePassword } from './change-password.tsx'
import { SessionRow } from './session-row.tsx'

export function AccountPage() {
  const { data: me } = useMe()
  const cache = useQueryClient()
  const sessions = useQuery({
    queryKey: queryKeys.sessions,
    queryFn: ({ signal }) => api.call(listSessions, { signal }),
  })
  const refresh = () => void cache.invalidateQueries({ queryKey: queryKeys.sessions })
  const endOthers = useAction({
    run: () => api.call(endOtherSessions, {}),
    onDone: ({ ended }) => {
      showToast({ title: ended === 1 ? 'One session ended' : `${ended} sessions ended` })
      refresh()
    },
    onFailed: (error) => showToast({ title: 'Could not end the sessions', text: error.message, tone: 'bad' }),
  })
  return (
    <>
      <PageHeader title="Your account" about={me?.user?.email} />
      <section className="mb-12">
        <SectionTitle>Where you are signed in</SectionTitle>
        <QueryGate query={sessions}>
          {({ items }) => (
            <>
              <ul aria-label="Sessions" className="border-t border-line">
                {items.map((session) => (
                  <SessionRow key={session.id} session={session} onChanged={refresh} />
                ))}
              </ul>
              {items.length > 1 ? (
                <ActionButton action={endOthers} className="mt-5" onClick={() => endOthers.start(undefined)}>
                  {endOthers.pending ? 'Ending…' : 'End all others'}
                </ActionButton>
              ) : null}
            </>
          )}
        </QueryGate>
      </section>
      <section className="max-w-md">
        <SectionTitle>Password</SectionTitle>
        <ChangePassword />
      </section>
    </>
  )
}
