import type { Metadata } from 'next'
import { RunPage } from '../../../../../src/run-form/run-page.tsx'

interface Props {
  readonly params: Promise<{ readonly name: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Run ${(await params).name}` }
}

export default async function RunWorkflowPage({ params }: Props) {
  return <RunPage name={(await params).name} />
}
