'use client'
// The form that makes a key: a name is all it needs.
import { createApiKey, type NewApiKey } from '@levqor/client'
import { Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { useMayWrite } from '../shell/use-me.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { describedBy, Labelled, TextInput } from '../ui/form-controls.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'

export function CreateApiKey({ onMade }: { readonly onMade: (key: NewApiKey) => void }) {
  const [name, setName] = useState('')
  const mayWrite = useMayWrite()
  const create = useAction({
    run: (wanted: string) => api.call(createApiKey, { body: { name: wanted } }),
    onDone: (key) => {
      setName('')
      onMade(key)
    },
  })
  const messages = (create.error?.problem.errors ?? []).map((problem) => problem.message)

  function submit(event: FormEvent) {
    event.preventDefault()
    create.start(name.trim())
  }

  return (
    <form onSubmit={submit} noValidate className="mb-8 flex max-w-xl flex-col gap-4">
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-56 grow">
          <Labelled id="key-name" label="Name of the new key" messages={messages}>
            <TextInput
              id="key-name"
              value={name}
              maxLength={100}
              autoComplete="off"
              placeholder="Nightly reports"
              onChange={(event) => setName(event.target.value)}
              {...describedBy('key-name', undefined, messages)}
            />
          </Labelled>
        </div>
        <ActionButton
          action={create}
          type="submit"
          tone="primary"
          icon={<Plus aria-hidden />}
          disabled={name.trim() === '' || !mayWrite}
        >
          {create.pending ? 'Making…' : 'Make key'}
        </ActionButton>
      </div>
      {create.error && messages.length === 0 ? (
        <ProblemNotice error={create.error} secondsLeft={create.secondsLeft} />
      ) : null}
    </form>
  )
}
