'use client'
// One's own account: who one is, the ways to sign in, where one is signed in, and leaving.
import { useMe } from '../shell/use-me.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { SettingsGroup } from '../ui/settings.tsx'
import { DeleteAccountSection } from './delete-account-section.tsx'
import { EmailSection } from './email-section.tsx'
import { NoPasswordSection } from './no-password-section.tsx'
import { PasskeysSection } from './passkeys-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { ProfileSection } from './profile-section.tsx'
import { ProvidersSection } from './providers-section.tsx'
import { SessionsSection } from './sessions-section.tsx'
import { TwoStepSection } from './two-step-section.tsx'

export function AccountPage() {
  const me = useMe()
  return (
    <>
      <PageHeader title="Your account" about={me.data?.user?.email} />
      <QueryGate query={me}>
        {({ user, impersonation }) =>
          user ? (
            // Whoever acts for somebody sees their account; to change it is the owner's alone.
            <fieldset disabled={impersonation !== undefined && impersonation !== null} className="min-w-0">
              {impersonation ? (
                <p role="note" className="mb-8 max-w-2xl rounded-panel bg-held-wash px-4 py-3">
                  You may look. Only {user.name ?? user.email} can change this account.
                </p>
              ) : null}
              <SettingsGroup title="Who you are">
                <ProfileSection user={user} />
                <EmailSection email={user.email} />
              </SettingsGroup>
              <SettingsGroup title="How you sign in">
                {user.has_password ? <PasswordSection email={user.email} /> : <NoPasswordSection />}
                <TwoStepSection />
                <PasskeysSection />
                <ProvidersSection />
              </SettingsGroup>
              <SettingsGroup title="Where you are signed in">
                <SessionsSection />
              </SettingsGroup>
              <SettingsGroup title="Leaving">
                <DeleteAccountSection email={user.email} due={user.deletion_due_at !== null} />
              </SettingsGroup>
            </fieldset>
          ) : null
        }
      </QueryGate>
    </>
  )
}
