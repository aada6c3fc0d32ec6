'use client'
// Where somebody is signed in, and when operators acted for them.
import { endOtherSessions, listSessions } from '@levqor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { SettingsActions, SettingsRows, SettingsSection } from '../ui/settings.tsx'
import { showToast } from '../ui/toaster.tsx'
import { OperatorVisits } from './operator-visits.tsx'
import { SessionRow } from './session-row.tsx'

export function SessionsSection() {
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
      <SettingsSection
        title="Sessions"
        about="Every browser and device with your account open. End those that you do not know."
      >
        <QueryGate query={sessions}>
          {({ items }) => (
            <>
              <SettingsRows label="Sessions">
                {items.map((session) => (
                  <SessionRow key={session.id} session={session} onChanged={refresh} />
                ))}
              </SettingsRows>
              {items.length > 1 ? (
                <SettingsActions>
                  <ActionButton action={endOthers} onClick={() => endOthers.start(undefined)}>
                    {endOthers.pending ? 'Ending…' : 'End all others'}
                  </ActionButton>
                </SettingsActions>
              ) : null}
            </>
          )}
        </QueryGate>
      </SettingsSection>
      <OperatorVisits visits={sessions.data?.operator_visits ?? []} />
    </>
  )
}
