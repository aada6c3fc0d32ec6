import type { Metadata } from 'next'
import { Suspense } from 'react'
import { JobsPage } from '../../../src/jobs/jobs-page.tsx'
import { SkeletonRows } from '../../../src/ui/skeleton.tsx'

export const metadata: Metadata = { title: 'Jobs' }

export default function Jobs() {
  return (
    <Suspense fallback={<SkeletonRows />}>
      <JobsPage />
    </Suspense>
  )
}
