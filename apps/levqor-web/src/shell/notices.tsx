'use client'
// What every page of the console has to say first.
import type { ReactNode } from 'react'
import { classNames } from '../ui/class-names.ts'
import { ActingBanner } from './acting-banner.tsx'
import { DeletionBanner } from './deletion-banner.tsx'
import { useMe } from './use-me.ts'

/** Around the whole console: leaves room at the top for who is acted for. */
export function ActingFrame({ children }: { readonly children: ReactNode }) {
  const { data: me } = useMe()
  const acting = me?.impersonation ?? null
  return (
    <div className={classNames(acting ? '[--shell-top:4rem]' : '[--shell-top:0rem]')}>
      {me && acting ? (
        <ActingBanner who={me.user?.name ?? me.user?.email ?? 'somebody'} impersonation={acting} />
      ) : null}
      {children}
    </div>
  )
}

export function DeletionNotice() {
  const { data: me } = useMe()
  const dueAt = me?.user?.deletion_due_at ?? null
  return me && dueAt !== null ? <DeletionBanner dueAt={dueAt} mayUndo={me.impersonation === null} /> : null
}
