import type { Metadata } from 'next'
import { SecondStep } from '../../../src/sign-in/second-step.tsx'

export const metadata: Metadata = { title: 'One more step' }

export default function SecondFactorPage() {
  return <SecondStep />
}
