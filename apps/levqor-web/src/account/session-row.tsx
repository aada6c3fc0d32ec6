'use client'
// One session: which device, since when, and the way to end it.
import { endSession, nameSession, type Session } from '@levqor/client'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { Button } from '../ui/button.tsx'
import { TextInput } from '../ui/form-controls.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toaster.tsx'

const methods: Readonly<Record<Session['method'], string>> = {
  'magic-link': 'by mailed link',
  password: 'with a password',
  passkey: 'with a passkey',
  google: 'with Google',
  microsoft: 'with Microsoft',
  impersonation: 'by an operator',
}

interface SessionRowProps {
  readonly session: Session
  readonly onChanged: () => void
}

export function SessionRow({ session, onChanged }: SessionRowProps) {
  const [name, setName] = useState<string>()
  const end = useAction({
    run: () => api.call(endSession, { params: { id: session.id } }),
    onDone: () => {
      showToast({ title: `Signed out: ${session.name ?? session.device}` })
      onChanged()
    },
    onFailed: (error) => showToast({ title: 'Could not end the session', text: error.message, tone: 'bad' }),
  })
  const rename = useAction({
    run: (text: string) =>
      api.call(nameSession, {
        params: { id: session.id },
        body: { name: text.trim() === '' ? null : text.trim() },
      }),
    onDone: () => {
      setName(undefined)
      onChanged()
    },
    onFailed: (error) => showToast({ title: 'Could not name the device', text: error.message, tone: 'bad' }),
  })
  const title = session.name ?? session.device
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-b border-line py-3.5">
      <div className="min-w-0 grow">
        {name === undefined ? (
          <p className="font-medium wrap-anywhere">
            {title}
            {session.current ? <span className="ml-2 text-small font-normal text-good">this one</span> : null}
          </p>
        ) : (
          <form
            className="flex max-w-sm flex-wrap gap-2"
            onSubmit={(event: FormEvent) => {
              event.preventDefault()
              rename.start(name)
            }}
          >
            <TextInput
              aria-label={`Name of ${session.device}`}
              // The reader asked for this very field.
              autoFocus
              maxLength={60}
              value={name}
              className="w-44 grow"
              onChange={(event) => setName(event.target.value)}
            />
            <ActionButton action={rename} type="submit" tone="primary">
              Save
            </ActionButton>
            <Button onClick={() => setName(undefined)}>Cancel</Button>
          </form>
        )}
        <p className="mt-0.5 flex flex-wrap gap-x-4 text-small text-faint">
          {session.name === null ? null : <span>{session.device}</span>}
          <span>signed in {methods[session.method]}</span>
          <span>
            last used <TimeAgo time={session.last_seen_at} />
          </span>
        </p>
      </div>
      {name === undefined ? (
        <div className="flex gap-2">
          <Button size="small" aria-label={`Name ${title}`} onClick={() => setName(session.name ?? '')}>
            Name
          </Button>
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
        </div>
      ) : null}
    </li>
  )
}
