'use client'
// Who is signed in, and the way out.
import { Menu } from '@base-ui/react/menu'
import { logout } from '@levqor/client'
import { BookOpen, ChevronsUpDown, LogOut, UserRound } from 'lucide-react'
import Link from 'next/link'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { showToast } from '../ui/toaster.tsx'
import { useMe } from './use-me.ts'
import { WorkspaceItems } from './workspace-items.tsx'

export function UserMenu() {
  const { data: me } = useMe()
  const leave = useAction({
    run: () => api.call(logout, {}),
    // A full page load: nothing of the session stays in memory.
    onDone: () => location.assign('/sign-in'),
    onFailed: (error) => showToast({ title: 'Could not sign out', text: error.message, tone: 'bad' }),
  })
  if (!me) return <div aria-hidden className="h-12" />
  const name = me.user?.name ?? me.user?.email ?? 'Signed in'
  return (
    <Menu.Root>
      <Menu.Trigger className="flex h-12 w-full items-center gap-3 rounded-control px-2 text-left hover:bg-hover">
        <span
          aria-hidden
          className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft text-small font-semibold text-accent"
        >
          {name.slice(0, 1).toUpperCase()}
        </span>
        <span className="min-w-0 grow leading-tight">
          <span className="block truncate text-small font-medium">{me.workspace.name}</span>
          <span className="block truncate text-tiny text-faint">{name}</span>
        </span>
        <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-faint" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side="top" align="start" sideOffset={6} className="z-50 outline-none">
          <Menu.Popup className="w-60 max-w-[calc(100vw-2rem)] rounded-panel border border-line bg-sheet p-1.5 shadow-floating outline-none">
            <div className="border-b border-line px-3 pt-1.5 pb-2.5">
              <p className="truncate font-medium">{me.user?.email ?? name}</p>
              <p className="text-small text-faint">
                {me.workspace.role}
                {me.operator ? ', operator' : ''}
              </p>
            </div>
            {me.user ? <WorkspaceItems /> : null}
            {me.user ? (
              <Menu.Item
                render={<Link href="/account" />}
                className="mt-1.5 flex h-9 items-center gap-3 rounded-control px-3 outline-none data-highlighted:bg-hover"
              >
                <UserRound aria-hidden className="size-4 text-faint" />
                Your account
              </Menu.Item>
            ) : null}
            <Menu.Item
              // Not a page of the console: the server writes it.
              render={<a href="/docs" />}
              className="mt-1.5 flex h-9 items-center gap-3 rounded-control px-3 outline-none data-highlighted:bg-hover"
            >
              <BookOpen aria-hidden className="size-4 text-faint" />
              API reference
            </Menu.Item>
            <Menu.Item
              disabled={leave.pending}
              closeOnClick={false}
              onClick={() => leave.start(undefined)}
              className="mt-1.5 flex h-9 cursor-pointer items-center gap-3 rounded-control px-3 outline-none data-disabled:opacity-60 data-highlighted:bg-hover"
            >
              <LogOut aria-hidden className="size-4 text-faint" />
              {leave.pending ? 'Signing out…' : 'Sign out'}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
