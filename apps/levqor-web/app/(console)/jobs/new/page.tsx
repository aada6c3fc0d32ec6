import type { Metadata } from 'next'
import { ChooseWorkflow } from '../../../../src/run-form/choose-workflow.tsx'

export const metadata: Metadata = { title: 'Start a job' }

export default function NewJobPage() {
  return <ChooseWorkflow />
}
