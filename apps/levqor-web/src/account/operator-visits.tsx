// When operators acted for somebody, and why: whoever looks in is seen.
import type { OperatorVisit } from '@levqor/client'
import { Eye } from 'lucide-react'
import { SettingsRow, SettingsRows, SettingsSection } from '../ui/settings.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'

export function OperatorVisits({ visits }: { readonly visits: readonly OperatorVisit[] }) {
  if (visits.length === 0) return null
  return (
    <SettingsSection
      title="An operator looked in"
      about="In the last 30 days, an operator of this installation acted as you, with this reason."
    >
      <SettingsRows label="Visits of operators">
        {visits.map((visit) => (
          <SettingsRow
            key={visit.id}
            icon={<Eye aria-hidden className="text-held" />}
            title={<p className="wrap-anywhere">{visit.reason}</p>}
            facts={[
              <span key="began">
                began <TimeAgo time={visit.started_at} />
              </span>,
              <span key="ended">
                {visit.ended_at === null ? (
                  'goes on'
                ) : (
                  <>
                    ended <TimeAgo time={visit.ended_at} />
                  </>
                )}
              </span>,
            ]}
          />
        ))}
      </SettingsRows>
    </SettingsSection>
  )
}
