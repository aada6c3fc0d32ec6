'use client'
// One session: which device, how it signed in, since when, and the way to end it.
import { endSession, nameSession, type Session } from '@levqor/client'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { Button } from '../ui/button.tsx'
import { SettingsRow } from '../ui/settings.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toaster.tsx'
import { NameForm } from './name-form.tsx'
import { howSignedIn } from './session-words.ts'

interface SessionRowProps {
  readonly session: Session
  readonly onChanged: () => void
}

export function SessionRow({ session, onChanged }: SessionRowProps) {
  const [naming, setNaming] = useState(false)
  const end = useAction({
    run: () => api.call(endSession, { params: { id: session.id } }),
    onDone: () => {
      showToast({ title: `Signed out: ${session.name ?? session.device}` })
      onChanged()
    },
    onFailed: (error) => showToast({ title: 'Could not end the session', text: error.message, tone: 'bad' }),
  })
  const rename = useAction({
    run: (name: string) =>
      api.call(nameSession, { params: { id: session.id }, body: { name: name === '' ? null : name } }),
    onDone: () => {
      setNaming(false)
      onChanged()
    },
    onFailed: (error) =>
      showToast({ title: 'Could not rename the device', text: error.message, tone: 'bad' }),
  })
  // Somebody else’s device: nothing to name.
  const byOperator = session.method === 'impersonation'
  const title = byOperator ? 'An operator' : (session.name ?? session.device)
  return (
    <SettingsRow
      title={
        naming ? (
          <NameForm
            label={`Name of ${session.device}`}
            name={session.name ?? ''}
            action={rename}
            mayBeEmpty
            onCancel={() => setNaming(false)}
          />
        ) : (
          <p className="font-medium wrap-anywhere">
            {title}
            {session.current ? <span className="ml-2 text-small font-normal text-good">this one</span> : null}
          </p>
        )
      }
      facts={[
        ...(session.name === null ? [] : [<span key="device">{session.device}</span>]),
        <span key="method">
          signed in {howSignedIn(session)} <TimeAgo time={session.created_at} />
        </span>,
        <span key="used">
          last used <TimeAgo time={session.last_seen_at} />
        </span>,
      ]}
      actions={
        naming ? null : (
          <>
            {byOperator ? null : (
              <Button size="small" aria-label={`Rename ${title}`} onClick={() => setNaming(true)}>
                Rename
              </Button>
            )}
            {session.current ? null : (
              <ActionButton
                action={end}
                size="small"
                aria-label={`End the session of ${title}`}
                onClick={() => end.start(undefined)}
              >
                {end.pending ? 'Ending…' : 'End'}
              </ActionButton>
            )}
          </>
        )
      }
    />
  )
}
