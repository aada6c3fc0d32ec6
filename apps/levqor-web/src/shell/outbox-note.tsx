'use client'
// The hint at the outbox for people who are signed in; operators are led there.
import { OutboxHint, useMailsStay } from '../sign-in/outbox-hint.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { useMe } from './use-me.ts'

export function OutboxNote({ className }: { readonly className?: string }) {
  const operator = useMe().data?.operator === true
  if (!useMailsStay()) return null
  const outbox = operator ? (
    <PageLink href="/outbox" className="underline underline-offset-3 hover:text-ink">
      outbox
    </PageLink>
  ) : undefined
  return (
    <p className={className}>
      <OutboxHint outbox={outbox} />
    </p>
  )
}
