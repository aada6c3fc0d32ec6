import type { Metadata } from 'next'
import { WorkflowsPage } from '../../../src/workflows/workflows-page.tsx'

export const metadata: Metadata = { title: 'Workflows' }

export default function Page() {
  return <WorkflowsPage />
}
