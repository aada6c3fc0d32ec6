'use client'
// Two-step sign-in: whether it is on, since when, and how many recovery codes are left.
import { getSecondFactor, renewRecoveryCodes, startTotp } from '@levqor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleAlert, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { Button } from '../ui/button.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { SettingsActions, SettingsSection } from '../ui/settings.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toaster.tsx'
import { RecoveryCodesDialog } from './recovery-codes-dialog.tsx'
import { SwitchOffDialog } from './switch-off-dialog.tsx'
import { SwitchOnDialog, type TotpSetup } from './switch-on-dialog.tsx'

/** Fewer recovery codes than this are few. */
const few = 4

export function TwoStepSection() {
  const cache = useQueryClient()
  const state = useQuery({
    queryKey: queryKeys.secondFactor,
    queryFn: ({ signal }) => api.call(getSecondFactor, { signal }),
  })
  const [setup, setSetup] = useState<TotpSetup>()
  const [codes, setCodes] = useState<readonly string[]>()
  const [ending, setEnding] = useState(false)
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: queryKeys.secondFactor })
    void cache.invalidateQueries({ queryKey: queryKeys.sessions })
  }
  const start = useAction({
    run: () => api.call(startTotp, {}),
    onDone: setSetup,
    onFailed: (error) => {
      showToast({ title: 'Could not switch it on', text: error.message, tone: 'bad' })
      refresh()
    },
  })
  const renew = useAction({
    run: () => api.call(renewRecoveryCodes, {}),
    onDone: ({ recovery_codes }) => showCodes(recovery_codes),
    onFailed: (error) => showToast({ title: 'Could not make new codes', text: error.message, tone: 'bad' }),
  })
  function showCodes(made: readonly string[]) {
    setSetup(undefined)
    setCodes(made)
    refresh()
  }
  return (
    <SettingsSection
      title="Two-step sign-in"
      about="Besides your password or mailed link, signing in then asks for a code that an app on your phone shows. Whoever learns your password alone does not get in."
    >
      <QueryGate query={state}>
        {({ enabled_at, recovery_codes_left, password_needs_it }) =>
          enabled_at === null ? (
            <>
              <p className="text-soft">Off.</p>
              <SettingsActions>
                <ActionButton action={start} onClick={() => start.start(undefined)}>
                  {start.pending ? 'Starting…' : 'Switch on'}
                </ActionButton>
              </SettingsActions>
            </>
          ) : (
            <>
              <p className="flex flex-wrap items-center gap-x-2">
                <ShieldCheck aria-hidden className="size-5 text-good" />
                <span className="font-medium">On</span>
                <span className="text-soft">
                  since <TimeAgo time={enabled_at} />, with an authenticator app
                </span>
              </p>
              <p className="mt-2 flex items-start gap-2 text-soft">
                {recovery_codes_left < few ? (
                  <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-wait" />
                ) : null}
                <span>{leftWords(recovery_codes_left)} They sign you in when your phone is not at hand.</span>
              </p>
              <SettingsActions>
                <ActionButton action={renew} onClick={() => renew.start(undefined)}>
                  {renew.pending ? 'Making…' : 'Make new recovery codes'}
                </ActionButton>
                <Button tone="danger" onClick={() => setEnding(true)}>
                  Switch off
                </Button>
              </SettingsActions>
              <SwitchOffDialog
                open={ending}
                passwordTooShort={password_needs_it}
                onClose={() => setEnding(false)}
                onDone={() => {
                  setEnding(false)
                  showToast({ title: 'Two-step sign-in is off' })
                  refresh()
                }}
              />
            </>
          )
        }
      </QueryGate>
      <SwitchOnDialog setup={setup} onClose={() => setSetup(undefined)} onDone={showCodes} />
      <RecoveryCodesDialog codes={codes} onDone={() => setCodes(undefined)} />
    </SettingsSection>
  )
}

function leftWords(left: number): string {
  if (left === 0) return 'No recovery code is left: make new ones.'
  return left === 1 ? 'One recovery code is left.' : `${left} recovery codes are left.`
}
