import type { Metadata } from 'next'
import { WorkflowPage } from '../../../../src/workflows/workflow-page.tsx'

interface Props {
  readonly params: Promise<{ readonly name: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).name }
}

export default async function Page({ params }: Props) {
  return <WorkflowPage name={(await params).name} />
}
