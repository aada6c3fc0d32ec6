'use client'
// The form that makes a key: a name is all it needs.
import { createApiKey, type NewApiKey } from '@levqor/client'
import { Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { UnplacedProblems } from '../run-form/unplaced-problems.tsx'
import { useMe } from '../shell/use-me.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { describedBy, Labelled, TextInput } from '../ui/form-controls.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { buildKey, type KeyChoices, noChoices, scopesToGive } from './key-choices.ts'
import { KeyOptions, optionPointers } from './key-options.tsx'
import { keyProblems } from './key-problems.ts'

export function CreateApiKey({ onMade }: { readonly onMade: (key: NewApiKey) => void }) {
  const [choices, setChoices] = useState(noChoices)
  const me = useMe().data
  const create = useAction({
    run: (wanted: KeyChoices) => api.call(createApiKey, { body: buildKey(wanted, Date.now()) }),
    onDone: (key) => {
      setChoices(noChoices)
      onMade(key)
    },
  })
  const problems = create.error?.problem.errors ?? []
  const { byField, others } = keyProblems(create.error, ['/name', ...optionPointers], choices.addresses)
  const messages = byField['/name'] ?? []

  function submit(event: FormEvent) {
    event.preventDefault()
    create.start(choices)
  }

  return (
    <form onSubmit={submit} noValidate className="mb-8 flex max-w-2xl flex-col gap-4">
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-56 grow">
          <Labelled id="key-name" label="Name of the new key" messages={messages}>
            <TextInput
              id="key-name"
              value={choices.name}
              maxLength={100}
              autoComplete="off"
              placeholder="Nightly reports"
              onChange={(event) => setChoices({ ...choices, name: event.target.value })}
              {...describedBy('key-name', undefined, messages)}
            />
          </Labelled>
        </div>
        <ActionButton
          action={create}
          type="submit"
          tone="primary"
          icon={<Plus aria-hidden />}
          disabled={choices.name.trim() === '' || choices.scopes.length === 0}
        >
          {create.pending ? 'Making…' : 'Make key'}
        </ActionButton>
      </div>
      <KeyOptions choices={choices} scopes={scopesToGive(me)} messages={byField} onChange={setChoices} />
      <UnplacedProblems problems={others} />
      {create.error && problems.length === 0 ? (
        <ProblemNotice error={create.error} secondsLeft={create.secondsLeft} />
      ) : null}
    </form>
  )
}
