'use client'
// The passkeys of an account.
import { listPasskeys } from '@levqor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { addPasskey } from '../passkeys/ask-passkey.ts'
import { PasskeyButton } from '../sign-in/passkey-button.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { SettingsActions, SettingsRows, SettingsSection } from '../ui/settings.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { showToast } from '../ui/toaster.tsx'
import { PasskeyRow } from './passkey-row.tsx'

export function PasskeysSection() {
  const cache = useQueryClient()
  const passkeys = useQuery({
    queryKey: queryKeys.passkeys,
    queryFn: ({ signal }) => api.call(listPasskeys, { signal }),
  })
  const refresh = () => void cache.invalidateQueries({ queryKey: queryKeys.passkeys })
  const add = useAction({
    run: addPasskey,
    onDone: ({ name }) => {
      showToast({ title: `Passkey added: ${name}`, text: 'From now on it signs you in.' })
      refresh()
    },
  })
  return (
    <SettingsSection
      title="Passkeys"
      about="The fingerprint, face or PIN of your device signs you in. There is nothing to remember, and nothing that anybody could guess or lure out of you."
    >
      <QueryGate query={passkeys} loading={<SkeletonRows rows={2} />}>
        {({ items, most }) => (
          <>
            {items.length === 0 ? (
              <p className="text-soft">No passkey yet.</p>
            ) : (
              <SettingsRows label="Passkeys">
                {items.map((passkey) => (
                  <PasskeyRow key={passkey.id} passkey={passkey} onChanged={refresh} />
                ))}
              </SettingsRows>
            )}
            {items.length < most ? (
              <SettingsActions>
                <PasskeyButton action={add} className="items-start">
                  {items.length === 0 ? 'Add a passkey' : 'Add another passkey'}
                </PasskeyButton>
              </SettingsActions>
            ) : (
              <p className="mt-5 text-soft">
                {most} passkeys are as many as an account can have. Remove one to add another.
              </p>
            )}
          </>
        )}
      </QueryGate>
    </SettingsSection>
  )
}
