'use client'
// The workspace itself: its name, leaving it, and another one beside it.
import { createWorkspace, leaveWorkspace, type Me, renameWorkspace, switchWorkspace } from '@levqor/client'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { type Action, useAction } from '../api/use-action.ts'
import { messagesFor } from '../sign-in/field-messages.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { describedBy, Labelled, TextInput } from '../ui/form-controls.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { SettingsGroup, SettingsSection } from '../ui/settings.tsx'
import { showToast } from '../ui/toaster.tsx'
import { managesMembers } from './roles.ts'

export function WorkspaceSettings({ workspace }: { readonly workspace: Me['workspace'] }) {
  return (
    <div className="mt-16">
      <SettingsGroup title="The workspace">
        {managesMembers(workspace.role) ? <Rename workspace={workspace} /> : null}
        <NewWorkspace />
        <Leave workspace={workspace} />
      </SettingsGroup>
    </div>
  )
}

function Rename({ workspace }: { readonly workspace: Me['workspace'] }) {
  const cache = useQueryClient()
  const [name, setName] = useState(workspace.name)
  const rename = useAction({
    run: (wanted: string) =>
      api.call(renameWorkspace, { params: { id: workspace.id }, body: { name: wanted } }),
    onDone: (renamed) => {
      showToast({ title: `The workspace is called “${renamed.name}” now` })
      void cache.invalidateQueries({ queryKey: queryKeys.me })
      void cache.invalidateQueries({ queryKey: queryKeys.workspaces })
    },
  })
  return (
    <SettingsSection title="Name" about="Everybody who belongs to it sees it.">
      <NameField label="Name of the workspace" name={name} action={rename} onChange={setName}>
        {rename.pending ? 'Renaming…' : 'Rename'}
      </NameField>
    </SettingsSection>
  )
}

function NewWorkspace() {
  const [name, setName] = useState('')
  const make = useAction({
    async run(wanted: string) {
      const { id } = await api.call(createWorkspace, { body: { name: wanted } })
      return api.call(switchWorkspace, { params: { id } })
    },
    // A full page load: nothing of the other workspace stays in memory.
    onDone: () => location.assign('/jobs'),
  })
  return (
    <SettingsSection
      title="Another workspace"
      about="With jobs, workflows, keys and members of its own. You are its owner, and change between them in the menu."
    >
      <NameField label="Name of the new workspace" name={name} action={make} onChange={setName}>
        {make.pending ? 'Making…' : 'Make a workspace'}
      </NameField>
    </SettingsSection>
  )
}

function Leave({ workspace }: { readonly workspace: Me['workspace'] }) {
  const [asking, setAsking] = useState(false)
  const leave = useAction({
    run: () => api.call(leaveWorkspace, { params: { id: workspace.id } }),
    onDone: () => location.assign('/jobs'),
  })
  return (
    <SettingsSection
      title="Leave"
      about="A workspace keeps an owner: the last one hands it over first. What you have done stays."
    >
      <Button tone="danger" onClick={() => setAsking(true)}>
        Leave the workspace
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={(open) => {
          leave.forgetError()
          setAsking(open)
        }}
        title={`Leave “${workspace.name}”?`}
        confirm={leave.pending ? 'Leaving…' : 'Leave'}
        cancel="Stay"
        action={{ ...leave, start: () => leave.start(undefined) }}
      >
        The keys that you made here end at once, and somebody has to invite you before you can come back.
      </ConfirmDialog>
    </SettingsSection>
  )
}

interface NameFieldProps {
  readonly label: string
  readonly name: string
  readonly action: Action<string>
  readonly onChange: (name: string) => void
  readonly children: ReactNode
}

function NameField({ label, name, action, onChange, children }: NameFieldProps) {
  const id = label.toLowerCase().replaceAll(' ', '-')
  const messages = messagesFor(action.error, 'name')
  function submit(event: FormEvent) {
    event.preventDefault()
    if (name.trim() !== '') action.start(name.trim())
  }
  return (
    <form onSubmit={submit} noValidate className="flex max-w-md flex-col gap-5">
      {action.error && messages.length === 0 ? (
        <ProblemNotice error={action.error} secondsLeft={action.secondsLeft} />
      ) : null}
      <Labelled id={id} label={label} messages={messages}>
        <TextInput
          id={id}
          value={name}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
          {...describedBy(id, undefined, messages)}
        />
      </Labelled>
      <ActionButton action={action} type="submit" className="self-start" disabled={name.trim() === ''}>
        {children}
      </ActionButton>
    </form>
  )
}
