'use client'
// Every account of the installation, for operators.
import { listUsers } from '@levqor/client'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { itemsOf, usePages } from '../api/use-pages.ts'
import { useMe } from '../shell/use-me.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Labelled, TextInput } from '../ui/form-controls.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { UserRow } from './user-row.tsx'

export function UsersPage() {
  const cache = useQueryClient()
  const { data: me } = useMe()
  const [typed, setTyped] = useState('')
  const [email, setEmail] = useState('')
  const users = usePages({
    queryKey: queryKeys.userList(email),
    load: (cursor, signal) => api.call(listUsers, { query: { cursor, ...(email ? { email } : {}) }, signal }),
  })
  const refresh = () => void cache.invalidateQueries({ queryKey: queryKeys.users })
  return (
    <>
      <PageHeader title="Users" about="Every account of this installation, newest first." />
      <search className="mb-6">
        <form
          className="flex flex-wrap items-end gap-3"
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            setEmail(typed.trim())
          }}
        >
          <div className="min-w-56 grow sm:max-w-sm">
            <Labelled id="user-search" label="Part of an address">
              <TextInput
                id="user-search"
                type="search"
                autoComplete="off"
                spellCheck={false}
                maxLength={254}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </Labelled>
          </div>
          <Button type="submit">Search</Button>
        </form>
      </search>
      <QueryGate query={itemsOf(users)}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState title="No account with such an address">
              Part of it is enough; case does not matter.
            </EmptyState>
          ) : (
            <>
              <ul aria-label="Users" className="border-t border-line">
                {items.map((user) => (
                  <UserRow key={user.id} user={user} isMe={user.id === me?.user?.id} onChanged={refresh} />
                ))}
              </ul>
              <LoadMore query={users} />
            </>
          )
        }
      </QueryGate>
    </>
  )
}
