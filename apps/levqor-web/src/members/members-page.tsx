'use client'
// Who belongs to the workspace, in which role, and who is asked to.
import { listInvitations, listMembers, type Me } from '@levqor/client'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { itemsOf, usePages } from '../api/use-pages.ts'
import { OutboxNote } from '../shell/outbox-note.tsx'
import { useMe } from '../shell/use-me.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { SectionTitle } from '../ui/section-title.tsx'
import { InvitationRow } from './invitation-row.tsx'
import { InviteForm } from './invite-form.tsx'
import { MemberRow } from './member-row.tsx'
import { managesMembers } from './roles.ts'
import { WorkspaceSettings } from './workspace-settings.tsx'

export function MembersPage() {
  const me = useMe()
  return (
    <>
      <PageHeader title="Members" about="They share this workspace: its jobs, workflows and keys." />
      <QueryGate query={me}>
        {(known) => (
          <>
            {known.workspace.role === 'viewer' ? (
              <EmptyState title="Viewers do not see the members">
                Ask an owner or an admin for another role.
              </EmptyState>
            ) : (
              <Members me={known} />
            )}
            {known.user ? <WorkspaceSettings key={known.workspace.id} workspace={known.workspace} /> : null}
          </>
        )}
      </QueryGate>
    </>
  )
}

function Members({ me }: { readonly me: Me }) {
  const cache = useQueryClient()
  const { id, role } = me.workspace
  const members = usePages({
    queryKey: queryKeys.memberList(id),
    load: (cursor, signal) => api.call(listMembers, { params: { id }, query: { cursor }, signal }),
  })
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: queryKeys.members })
    // One's own role may be another one now.
    void cache.invalidateQueries({ queryKey: queryKeys.me })
  }
  return (
    <>
      <QueryGate query={itemsOf(members)}>
        {(items) => (
          <>
            <ul aria-label="Members" className="border-t border-line">
              {items.map((member) => (
                <MemberRow
                  key={member.user_id}
                  workspaceId={id}
                  mine={role}
                  isMe={member.user_id === me.user?.id}
                  member={member}
                  onChanged={refresh}
                />
              ))}
            </ul>
            <LoadMore query={members} />
          </>
        )}
      </QueryGate>
      {managesMembers(role) ? <Invitations workspaceId={id} mine={role} onChanged={refresh} /> : null}
    </>
  )
}

interface InvitationsProps {
  readonly workspaceId: string
  readonly mine: Me['workspace']['role']
  readonly onChanged: () => void
}

function Invitations({ workspaceId, mine, onChanged }: InvitationsProps) {
  const invitations = usePages({
    queryKey: queryKeys.invitationList(workspaceId),
    load: (cursor, signal) =>
      api.call(listInvitations, { params: { id: workspaceId }, query: { cursor }, signal }),
  })
  return (
    <section className="mt-12">
      <SectionTitle>Invitations</SectionTitle>
      <InviteForm workspaceId={workspaceId} mine={mine} onInvited={onChanged} />
      <QueryGate query={itemsOf(invitations)}>
        {(items) =>
          items.length === 0 ? (
            <p className="text-soft">Nobody is asked right now.</p>
          ) : (
            <>
              <ul aria-label="Invitations" className="border-t border-line">
                {items.map((invitation) => (
                  <InvitationRow
                    key={invitation.id}
                    workspaceId={workspaceId}
                    invitation={invitation}
                    onChanged={onChanged}
                  />
                ))}
              </ul>
              <LoadMore query={invitations} />
              <OutboxNote className="mt-4 text-small text-faint" />
            </>
          )
        }
      </QueryGate>
    </section>
  )
}
