'use client'
// An operator acts for somebody: every page says so, for whom, how long yet, and how to stop.
import { type Me, stopImpersonation } from '@levqor/client'
import { VenetianMask } from 'lucide-react'
import { useEffect } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { showToast } from '../ui/toaster.tsx'
import { useSecondsLeft } from '../ui/use-seconds-left.ts'
import { forgetActing, rememberActing } from './acting-mark.ts'

interface ActingBannerProps {
  readonly who: string
  readonly impersonation: NonNullable<Me['impersonation']>
}

export function ActingBanner({ who, impersonation }: ActingBannerProps) {
  const until = Date.parse(impersonation.expires_at)
  const left = useSecondsLeft(until)
  useEffect(() => {
    rememberActing(who)
    const timer = setTimeout(() => location.assign('/acting-ended'), Math.max(0, until - Date.now()))
    return () => clearTimeout(timer)
  }, [who, until])
  const stop = useAction({
    run: () => api.call(stopImpersonation, {}),
    // A full page load: nothing of the person stays in memory.
    onDone: ({ returned }) => {
      forgetActing()
      location.assign(returned ? '/users' : '/sign-in')
    },
    onFailed: (error) => showToast({ title: 'Could not stop', text: error.message, tone: 'bad' }),
  })
  return (
    <div className="sticky top-0 z-40 flex h-16 items-center gap-3 border-b-2 border-held bg-held-wash px-4 text-ink">
      <VenetianMask aria-hidden className="size-6 shrink-0 text-held" />
      <div className="min-w-0 grow leading-tight">
        <p role="status" className="truncate font-semibold">
          You act as {who}
        </p>
        <p className="truncate text-small">
          {/* Read when asked for, not announced every second. */}
          <span role="timer" className="tabular-nums">
            {clockOf(left)} left
          </span>
          <span className="max-sm:hidden"> · {impersonation.reason}</span>
        </p>
      </div>
      <ActionButton action={stop} onClick={() => stop.start(undefined)}>
        {stop.pending ? 'Stopping…' : 'Stop'}
      </ActionButton>
    </div>
  )
}

/** `14:09` */
function clockOf(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
