import type { Metadata } from 'next'
import { CameBackWith } from '../../src/sign-in/came-back-with.tsx'
import { Entry } from '../../src/sign-in/entry.tsx'
import { SessionEndedNote } from '../../src/sign-in/session-ended-note.tsx'
import { WaysIn } from '../../src/sign-in/ways-in.tsx'

export const metadata: Metadata = { title: 'Sign in' }

interface SignInPageProps {
  readonly searchParams: Promise<{ readonly problem?: string | string[] }>
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { problem } = await searchParams
  return (
    <Entry title="Sign in">
      <CameBackWith problem={typeof problem === 'string' ? problem : undefined} className="mb-7" />
      <SessionEndedNote className="mb-7" />
      <WaysIn />
    </Entry>
  )
}
