import type { Metadata } from 'next'
import { Entry } from '../src/sign-in/entry.tsx'
import { ButtonLink } from '../src/ui/button.tsx'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <Entry title="There is nothing here">
      <p className="text-soft">The address may have a typo, or what it led to is gone.</p>
      <div className="mt-6">
        <ButtonLink href="/jobs" tone="primary">
          Go to the jobs
        </ButtonLink>
      </div>
    </Entry>
  )
}
