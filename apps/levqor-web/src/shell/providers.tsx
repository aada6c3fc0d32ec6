'use client'
// What every page stands on: server data, theme, toasts. Library parts may not add style elements: the content policy forbids them.
import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { createQueryClient } from '../api/create-query-client.ts'
import type { ThemeChoice } from '../theme/theme-choice.ts'
import { ThemeProvider } from '../theme/theme-provider.tsx'
import { Toaster } from '../ui/toaster.tsx'
import { KeepFocus } from './keep-focus.tsx'

interface ProvidersProps {
  readonly theme: ThemeChoice
  readonly children: ReactNode
}

export function Providers({ theme, children }: ProvidersProps) {
  const [queryClient] = useState(createQueryClient)
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <ThemeProvider initial={theme}>
          {children}
          <Toaster />
          <KeepFocus />
        </ThemeProvider>
      </QueryClientProvider>
    </CSPProvider>
  )
}
