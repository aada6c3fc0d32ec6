'use client'
// What every page stands on: server data, theme, nonce for library styles, toasts.
import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { createQueryClient } from '../api/create-query-client.ts'
import type { ThemeChoice } from '../theme/theme-choice.ts'
import { ThemeProvider } from '../theme/theme-provider.tsx'
import { Toaster } from '../ui/toaster.tsx'

interface ProvidersProps {
  readonly theme: ThemeChoice
  readonly nonce: string | undefined
  readonly children: ReactNode
}

export function Providers({ theme, nonce, children }: ProvidersProps) {
  const [queryClient] = useState(createQueryClient)
  return (
    <CSPProvider disableStyleElements {...(nonce === undefined ? {} : { nonce })}>
      <QueryClientProvider client={queryClient}>
        <ThemeProvider initial={theme}>
          {children}
          <Toaster />
        </ThemeProvider>
      </QueryClientProvider>
    </CSPProvider>
  )
}
