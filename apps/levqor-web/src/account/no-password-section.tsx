// Somebody who signs in without a password: a mailed link lets them choose one, as it does who has forgotten theirs.
import Link from 'next/link'
import { SettingsSection } from '../ui/settings.tsx'

export function NoPasswordSection() {
  return (
    <SettingsSection title="Password" about="You have none yet, and do not need one to sign in.">
      <Link href="/forgot-password" className="underline underline-offset-3">
        Have a link mailed and choose one
      </Link>
    </SettingsSection>
  )
}
