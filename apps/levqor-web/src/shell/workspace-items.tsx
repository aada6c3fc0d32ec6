'use client'
// The workspaces that somebody belongs to, in the menu: choosing one moves this session there.
import { Menu } from '@base-ui/react/menu'
import { listWorkspaces, switchWorkspace } from '@levqor/client'
import { useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { showToast } from '../ui/toaster.tsx'

export function WorkspaceItems() {
  const { data } = useQuery({
    queryKey: queryKeys.workspaces,
    queryFn: ({ signal }) => api.call(listWorkspaces, { query: {}, signal }),
  })
  const move = useAction({
    run: (id: string) => api.call(switchWorkspace, { params: { id } }),
    // A full page load: nothing of the other workspace stays in memory.
    onDone: () => location.assign('/jobs'),
    onFailed: (error) =>
      showToast({ title: 'Could not change the workspace', text: error.message, tone: 'bad' }),
  })
  if (!data || data.items.length < 2) return null
  return (
    <Menu.Group className="mt-1.5 border-b border-line pb-1.5">
      <Menu.GroupLabel className="px-3 py-1 text-tiny text-faint">Workspaces</Menu.GroupLabel>
      {data.items.map((workspace) => (
        <Menu.Item
          key={workspace.id}
          disabled={move.pending || workspace.current}
          closeOnClick={false}
          onClick={() => move.start(workspace.id)}
          className="flex h-9 cursor-pointer items-center gap-3 rounded-control px-3 outline-none data-highlighted:bg-hover"
        >
          <Check aria-hidden className={workspace.current ? 'size-4 text-good' : 'invisible size-4'} />
          <span className="truncate">{workspace.name}</span>
          {workspace.current ? <span className="sr-only">, the current one</span> : null}
        </Menu.Item>
      ))}
    </Menu.Group>
  )
}
