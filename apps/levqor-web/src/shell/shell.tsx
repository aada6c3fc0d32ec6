// The console around every signed-in page: navigation on the paper, the work on a sheet.
import type { ReactNode } from 'react'
import { ProofGate } from '../proof/proof-gate.tsx'
import { ThemeToggle } from '../theme/theme-toggle.tsx'
import { MobileBar } from './mobile-bar.tsx'
import { Navigation } from './navigation.tsx'
import { ActingFrame, DeletionNotice } from './notices.tsx'
import { SessionWatch } from './session-watch.tsx'
import { SkipLink } from './skip-link.tsx'
import { UserMenu } from './user-menu.tsx'
import { Wordmark } from './wordmark.tsx'

export function Shell({ children }: { readonly children: ReactNode }) {
  return (
    <ProofGate>
      <SessionWatch />
      <ActingFrame>
        <div className="mx-auto min-h-dvh max-w-[96rem] lg:grid lg:grid-cols-[14.5rem_minmax(0,1fr)]">
          <SkipLink />
          <MobileBar />
          <aside className="sticky top-(--shell-top) hidden h-[calc(100dvh-var(--shell-top))] flex-col gap-8 overflow-y-auto p-4 lg:flex">
            <div className="px-3 pt-2">
              <Wordmark />
            </div>
            <Navigation />
            <div className="mt-auto flex flex-col gap-4">
              <div className="px-2">
                <ThemeToggle />
              </div>
              <UserMenu />
            </div>
          </aside>
          <main
            id="content"
            tabIndex={-1}
            className="min-h-[calc(100dvh-3.5rem)] bg-sheet px-4 py-6 sm:px-8 sm:py-8 lg:my-3 lg:mr-3 lg:min-h-0 lg:rounded-sheet lg:border lg:border-line lg:px-12 lg:py-10"
          >
            <div className="mx-auto max-w-6xl">
              <DeletionNotice />
              {children}
            </div>
          </main>
        </div>
      </ActingFrame>
    </ProofGate>
  )
}
