'use client'
// API keys of the workspace: make one (its secret is shown once), see when they were used, rotate, revoke.
import { type ApiKey, listApiKeys, type NewApiKey } from '@levqor/client'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { itemsOf, usePages } from '../api/use-pages.ts'
import { managesKeys } from '../members/roles.ts'
import { useMe } from '../shell/use-me.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { ApiKeyRow } from './api-key-row.tsx'
import { ChangeDialog } from './change-dialog.tsx'
import { CreateApiKey } from './create-api-key.tsx'
import { NewSecretDialog } from './new-secret-dialog.tsx'
import { RevokeDialog } from './revoke-dialog.tsx'
import { RotateDialog } from './rotate-dialog.tsx'

export function ApiKeysPage() {
  const me = useMe()
  return (
    <>
      <PageHeader
        title="API keys"
        about="For programs that submit jobs. Whoever holds a key acts for this workspace: give each program its own, and revoke the ones nobody needs."
      />
      <QueryGate query={me}>
        {({ workspace }) =>
          workspace.role === 'viewer' ? (
            <EmptyState title="Viewers do not see the keys">
              Owners and admins manage them: ask one of them for a key, or for another role.
            </EmptyState>
          ) : (
            <Keys manages={managesKeys(workspace.role)} />
          )
        }
      </QueryGate>
    </>
  )
}

function Keys({ manages }: { readonly manages: boolean }) {
  const cache = useQueryClient()
  const [made, setMade] = useState<NewApiKey>()
  const [changing, setChanging] = useState<ApiKey>()
  const [rotating, setRotating] = useState<ApiKey>()
  const [revoking, setRevoking] = useState<ApiKey>()
  const keys = usePages({
    queryKey: queryKeys.apiKeys,
    load: (cursor, signal) => api.call(listApiKeys, { query: { cursor }, signal }),
  })
  const refresh = () => void cache.invalidateQueries({ queryKey: queryKeys.apiKeys })
  return (
    <>
      {manages ? (
        <CreateApiKey
          onMade={(key) => {
            setMade(key)
            refresh()
          }}
        />
      ) : (
        <p className="mb-8 text-soft">Owners and admins manage the keys: ask one of them for your own.</p>
      )}
      <QueryGate query={itemsOf(keys)}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState title="No API key yet">
              {manages ? 'Name one above after the program that will use it.' : 'Nobody has made one.'}
            </EmptyState>
          ) : (
            <>
              <ul aria-label="API keys" className="border-t border-line">
                {items.map((key) => (
                  <ApiKeyRow
                    key={key.id}
                    apiKey={key}
                    manages={manages}
                    onChange={setChanging}
                    onRotate={setRotating}
                    onRevoke={setRevoking}
                  />
                ))}
              </ul>
              <LoadMore query={keys} />
            </>
          )
        }
      </QueryGate>
      <NewSecretDialog made={made} onDone={() => setMade(undefined)} />
      <ChangeDialog
        apiKey={changing}
        onClose={(changed) => {
          setChanging(undefined)
          if (changed) refresh()
        }}
      />
      <RotateDialog
        apiKey={rotating}
        onClose={() => setRotating(undefined)}
        onRotated={(successor) => {
          setMade(successor)
          refresh()
        }}
      />
      <RevokeDialog
        apiKey={revoking}
        onClose={(revoked) => {
          setRevoking(undefined)
          if (revoked) refresh()
        }}
      />
    </>
  )
}
