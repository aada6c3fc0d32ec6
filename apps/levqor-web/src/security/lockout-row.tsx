// One counter of failed sign-ins.
import type { Lockout } from '@levqor/client'
import { Lock, LockOpen } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { useNow } from '../ui/use-now.ts'

/** Whose failures are counted, in words. */
export const lockoutWords: Readonly<Record<Lockout['counts'], string>> = {
  account: 'An account',
  'account-address': 'An account from one address',
  device: 'A known device of an account',
  address: 'An address',
  global: 'All sign-ins together',
}

interface LockoutRowProps {
  readonly lockout: Lockout
  readonly onUnlock: (lockout: Lockout) => void
}

export function LockoutRow({ lockout, onUnlock }: LockoutRowProps) {
  const now = useNow(1_000)
  const until = lockout.locked_until
  const locked = until !== null && Date.parse(until) > now
  const Icon = locked ? Lock : LockOpen
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-3 border-b border-line py-4">
      <Icon aria-hidden className={locked ? 'size-5 text-bad' : 'size-5 text-faint'} />
      <div className="min-w-0 grow basis-60">
        <p className="font-medium">
          {lockoutWords[lockout.counts]}
          {locked && until ? (
            <span className="text-bad">
              {' '}
              is locked, opens <TimeAgo time={until} />
            </span>
          ) : null}
        </p>
        <p className="mt-0.5 text-small text-faint">
          {locked
            ? `locked ${times(lockout.locks)}`
            : `${lockout.failures} ${lockout.failures === 1 ? 'failure' : 'failures'}`}
          , last changed <TimeAgo time={lockout.changed_at} />
          <span className="mx-2">·</span>
          <code className="font-mono text-tiny wrap-anywhere">{lockout.id}</code>
        </p>
      </div>
      <Button
        size="small"
        aria-label={`${locked ? 'Unlock' : 'Forget the failures of'} ${lockout.id}`}
        onClick={() => onUnlock(lockout)}
      >
        {locked ? 'Unlock' : 'Forget'}
      </Button>
    </li>
  )
}

function times(locks: number): string {
  return locks > 1 ? `${locks} times in a row` : 'once'
}
