// One key in the list.
import type { ApiKey } from '@levqor/client'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { TimeAgo } from '../ui/time-ago.tsx'

interface ApiKeyRowProps {
  readonly apiKey: ApiKey
  readonly onRevoke: (key: ApiKey) => void
}

export function ApiKeyRow({ apiKey, onRevoke }: ApiKeyRowProps) {
  const revoked = apiKey.revoked_at !== null
  return (
    <li className="flex min-h-18 flex-wrap items-center gap-x-6 gap-y-2 border-b border-line py-3.5">
      <div className="min-w-0 grow basis-60">
        <p className={classNames('font-medium', revoked && 'text-faint line-through')}>{apiKey.name}</p>
        <p className="text-small text-faint">
          <code className="font-mono text-tiny">{apiKey.prefix}…</code>
          <span className="mx-2">·</span>made <TimeAgo time={apiKey.created_at} />
          <span className="mx-2">·</span>
          {apiKey.last_used_at ? (
            <>
              used <TimeAgo time={apiKey.last_used_at} />
            </>
          ) : (
            'never used'
          )}
        </p>
      </div>
      {apiKey.revoked_at ? (
        <span className="text-small text-faint">
          revoked <TimeAgo time={apiKey.revoked_at} />
        </span>
      ) : (
        <Button
          tone="danger"
          size="small"
          aria-label={`Revoke ${apiKey.name}`}
          onClick={() => onRevoke(apiKey)}
        >
          Revoke
        </Button>
      )}
    </li>
  )
}
