'use client'
// Counters of failed sign-ins, and the way to let somebody in again.
import { type Lockout, listLockouts } from '@levqor/client'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { itemsOf, usePages } from '../api/use-pages.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FilterSelect } from '../ui/filter-select.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { LockoutRow } from './lockout-row.tsx'
import { SecurityTabs } from './security-tabs.tsx'
import { UnlockAccountDialog } from './unlock-account-dialog.tsx'
import { UnlockDialog } from './unlock-dialog.tsx'

export function LockoutsPage() {
  const cache = useQueryClient()
  const [asking, setAsking] = useState<Lockout>()
  const [naming, setNaming] = useState(false)
  const [locked, setLocked] = useState(false)
  const lockouts = usePages({
    queryKey: queryKeys.lockoutList(locked),
    load: (cursor, signal) =>
      api.call(listLockouts, { query: { cursor, ...(locked ? { locked: 'true' } : {}) }, signal }),
    refreshMs: () => 15_000,
  })
  const refresh = () => void cache.invalidateQueries({ queryKey: queryKeys.lockouts })
  return (
    <>
      <PageHeader
        title="Security"
        about="Failed sign-ins are counted by account and by address. The names themselves are not kept."
        actions={<Button onClick={() => setNaming(true)}>Unlock an account</Button>}
      />
      <SecurityTabs />
      <search className="mb-6 flex">
        <FilterSelect
          label="Show"
          all="Everything counted"
          value={locked ? 'locked' : undefined}
          options={[{ value: 'locked', text: 'Locked now' }]}
          onChange={(value) => setLocked(value !== undefined)}
        />
      </search>
      <QueryGate query={itemsOf(lockouts)}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState title="Nobody is locked out">
              Wrong passwords and codes of the last minutes will appear here.
            </EmptyState>
          ) : (
            <>
              <ul aria-label="Lockouts" className="border-t border-line">
                {items.map((lockout) => (
                  <LockoutRow key={lockout.id} lockout={lockout} onUnlock={setAsking} />
                ))}
              </ul>
              <LoadMore query={lockouts} />
            </>
          )
        }
      </QueryGate>
      <UnlockDialog
        lockout={asking}
        onClose={(unlocked) => {
          setAsking(undefined)
          if (unlocked) refresh()
        }}
      />
      <UnlockAccountDialog open={naming} onOpenChange={setNaming} onUnlocked={refresh} />
    </>
  )
}
