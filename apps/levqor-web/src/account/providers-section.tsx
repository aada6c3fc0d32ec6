'use client'
// The providers with which one may sign in: linked ones, and those that can be linked.
import { getSignInMethods, type LinkedIdentity, listIdentities, type ProviderId } from '@levqor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearchParams } from 'next/navigation'
import { Suspense, useState } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { CameBackWith } from '../sign-in/came-back-with.tsx'
import { ProviderMark } from '../sign-in/provider-mark.tsx'
import { useWayToProvider } from '../sign-in/use-way-to-provider.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { SettingsActions, SettingsRow, SettingsRows, SettingsSection } from '../ui/settings.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { UnlinkDialog } from './unlink-dialog.tsx'

export function ProvidersSection() {
  const cache = useQueryClient()
  const router = useRouter()
  const [leaving, setLeaving] = useState<LinkedIdentity>()
  const methods = useQuery({
    queryKey: queryKeys.signInMethods,
    queryFn: ({ signal }) => api.call(getSignInMethods, { signal }),
  })
  const identities = useQuery({
    queryKey: queryKeys.identities,
    queryFn: ({ signal }) => api.call(listIdentities, { signal }),
  })
  return (
    <SettingsSection
      title="Providers"
      about="Accounts that you have elsewhere and that sign you in here, beside the ways you have."
    >
      <Suspense>
        <WayBack />
      </Suspense>
      <QueryGate query={identities}>
        {({ items }) => (
          <QueryGate query={methods}>
            {({ providers }) => (
              <>
                {items.length === 0 ? (
                  <p className="text-soft">
                    {providers.length === 0
                      ? 'This installation asks no provider. Its operator can set one up.'
                      : 'No provider signs you in yet.'}
                  </p>
                ) : (
                  <SettingsRows label="Linked providers">
                    {items.map((identity) => (
                      <IdentityRow
                        key={identity.id}
                        identity={identity}
                        onUnlink={() => setLeaving(identity)}
                      />
                    ))}
                  </SettingsRows>
                )}
                <LinkButtons providers={providers} />
              </>
            )}
          </QueryGate>
        )}
      </QueryGate>
      <UnlinkDialog
        identity={leaving}
        onClose={(unlinked) => {
          setLeaving(undefined)
          if (!unlinked) return
          void cache.invalidateQueries({ queryKey: queryKeys.identities })
          // Its address may still say that it was linked.
          router.replace('/account')
        }}
      />
    </SettingsSection>
  )
}

/** What the way to a provider and back has led to. */
function WayBack() {
  const search = useSearchParams()
  const problem = search.get('problem') ?? undefined
  if (problem !== undefined) return <CameBackWith problem={problem} className="mb-5 max-w-xl" />
  if (!search.has('linked')) return null
  return (
    <p role="status" className="mb-5 max-w-xl rounded-panel bg-good-wash px-4 py-3">
      Linked. From now on, it signs you in.
    </p>
  )
}

interface IdentityRowProps {
  readonly identity: LinkedIdentity
  readonly onUnlink: () => void
}

function IdentityRow({ identity, onUnlink }: IdentityRowProps) {
  const { provider, email, last_used_at } = identity
  return (
    <SettingsRow
      icon={<ProviderMark provider={provider.id} />}
      title={<p className="font-medium wrap-anywhere">{provider.name}</p>}
      facts={[
        ...(email === null
          ? []
          : [
              <span key="email" className="wrap-anywhere">
                {email}
              </span>,
            ]),
        <span key="used">
          {last_used_at === null ? (
            'not used yet'
          ) : (
            <>
              last used <TimeAgo time={last_used_at} />
            </>
          )}
        </span>,
      ]}
      actions={
        <Button size="small" aria-label={`Unlink ${provider.name} ${email ?? ''}`.trim()} onClick={onUnlink}>
          Unlink
        </Button>
      }
    />
  )
}

interface LinkButtonsProps {
  readonly providers: readonly { readonly id: ProviderId; readonly name: string }[]
}

function LinkButtons({ providers }: LinkButtonsProps) {
  const leave = useWayToProvider(() => ({ link: true }))
  if (providers.length === 0) return null
  return (
    <>
      {leave.error ? (
        <ProblemNotice error={leave.error} secondsLeft={leave.secondsLeft} className="mt-5 max-w-xl" />
      ) : null}
      <SettingsActions>
        {providers.map(({ id, name }) => (
          <ActionButton
            key={id}
            action={leave.actionOf(id)}
            disabled={leave.pending}
            icon={<ProviderMark provider={id} />}
            onClick={() => leave.start(id)}
          >
            Link {name}
          </ActionButton>
        ))}
      </SettingsActions>
    </>
  )
}
