import type { Metadata } from 'next'
import { JobPage } from '../../../../src/jobs/job-page.tsx'

export const metadata: Metadata = { title: 'Job' }

export default async function Job({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params
  return <JobPage key={id} id={id} />
}
