'use client'
// Mail of this installation, for its operators: what waits here because no SMTP server is set, and what was sent.
import { listOutbox, type OutboxMail } from '@levqor/client'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { itemsOf, usePages } from '../api/use-pages.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { MailDialog } from './mail-dialog.tsx'
import { MailRow } from './mail-row.tsx'

export function OutboxPage() {
  const [reading, setReading] = useState<OutboxMail>()
  const mails = usePages({
    queryKey: queryKeys.outbox,
    load: (cursor, signal) => api.call(listOutbox, { query: { cursor }, signal }),
    refreshMs: () => 15_000,
  })
  return (
    <>
      <PageHeader
        title="Outbox"
        about="Every mail of this installation. Without an SMTP server it is kept here to be read."
      />
      <QueryGate query={itemsOf(mails)}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState title="No mail yet">
              Sign-in links and mail from workflows will appear here.
            </EmptyState>
          ) : (
            <>
              <ul aria-label="Mail" className="border-t border-line">
                {items.map((mail) => (
                  <MailRow key={mail.id} mail={mail} onRead={setReading} />
                ))}
              </ul>
              <LoadMore query={mails} />
            </>
          )
        }
      </QueryGate>
      <MailDialog mail={reading} onClose={() => setReading(undefined)} />
    </>
  )
}
