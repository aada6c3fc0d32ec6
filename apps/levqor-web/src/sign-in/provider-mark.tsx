// A sign for each provider, in one colour: the words beside it say which it is.
import type { ProviderId } from '@levqor/client'
import { KeyRound } from 'lucide-react'

export function ProviderMark({ provider }: { readonly provider: ProviderId }) {
  switch (provider) {
    case 'google':
      return (
        <svg aria-hidden="true" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="2">
          <path d="M14 8H8.5M14 8a6 6 0 1 1-2-4.5" />
        </svg>
      )
    case 'microsoft':
      return (
        <svg aria-hidden="true" viewBox="0 0 16 16" fill="currentColor">
          <path d="M1 1h6.5v6.5H1zM8.5 1H15v6.5H8.5zM1 8.5h6.5V15H1zM8.5 8.5H15V15H8.5z" />
        </svg>
      )
    case 'oidc':
      return <KeyRound aria-hidden />
  }
}
