import type { Metadata } from 'next'
import { RunPage } from '../../../../../src/run-form/run-page.tsx'

interface Props {
  readonly params: Promise<{ readonly name: string }>
  readonly searchParams: Promise<{ readonly from?: string | string[] }>
}

export async function generateMetadata({ params }: Pick<Props, 'params'>): Promise<Metadata> {
  return { title: `Run ${(await params).name}` }
}

export default async function RunWorkflowPage({ params, searchParams }: Props) {
  const { from } = await searchParams
  return <RunPage name={(await params).name} from={typeof from === 'string' ? from : undefined} />
}
