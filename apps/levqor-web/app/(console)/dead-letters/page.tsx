import type { Metadata } from 'next'
import { Suspense } from 'react'
import { DeadLettersPage } from '../../../src/dead-letters/dead-letters-page.tsx'
import { SkeletonRows } from '../../../src/ui/skeleton.tsx'

export const metadata: Metadata = { title: 'Dead letters' }

export default function Page() {
  return (
    <Suspense fallback={<SkeletonRows />}>
      <DeadLettersPage />
    </Suspense>
  )
}
