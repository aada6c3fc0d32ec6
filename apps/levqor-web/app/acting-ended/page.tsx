import type { Metadata } from 'next'
import { ActingEnded } from '../../src/sign-in/acting-ended.tsx'

export const metadata: Metadata = { title: 'You act for nobody any more' }

export default function ActingEndedPage() {
  return <ActingEnded />
}
