'use client'
// A link from one entry page to another: where the reader wanted to be goes along.
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import type { ReactNode } from 'react'
import { entryAddress } from './return-path.ts'

interface EntryLinkProps {
  readonly href: '/sign-in' | '/register' | '/forgot-password'
  readonly children: ReactNode
}

export function EntryLink({ href, children }: EntryLinkProps) {
  const next = useSearchParams().get('next')
  return (
    <Link
      href={entryAddress(href, next)}
      className="inline-block min-h-6 self-start text-small text-soft underline underline-offset-3 hover:text-ink"
    >
      {children}
    </Link>
  )
}
