// What can be chosen for a key, in words.
import {
  type ApiKeyScope,
  apiKeyScopes,
  type Me,
  type NewApiKey,
  type OverlapMinutes,
  workspaceScopes,
} from '@levqor/client'

export const scopeWords: Readonly<Record<ApiKeyScope, string>> = {
  'jobs:read': 'See jobs and their results',
  'jobs:write': 'Submit, cancel and retry jobs',
  'workflows:read': 'See workflows',
  'workflows:write': 'Save workflows',
  'api-keys:read': 'See API keys',
  'api-keys:write': 'Make, rotate and revoke API keys',
  'ops:read': 'See queues and security events of the installation, and which mails were sent',
  'ops:write': 'Redrive dead letters, unlock accounts',
  'mail:read': 'Read mails that are kept here, with the sign-in links in them',
  'users:read': 'See the accounts of the installation',
  'users:write': 'Make, change and close accounts',
}

/** What this person can give to a key. */
export function scopesToGive(me: Pick<Me, 'operator'> | undefined): readonly ApiKeyScope[] {
  return me?.operator ? apiKeyScopes : workspaceScopes
}

/** The least that is of use: run jobs and see what became of them. Whatever reaches further is chosen knowingly. */
export const usualScopes: readonly ApiKeyScope[] = ['jobs:read', 'jobs:write', 'workflows:read']

export const expiryChoices = [
  { days: '', text: 'Never' },
  { days: '7', text: 'In 7 days' },
  { days: '30', text: 'In 30 days' },
  { days: '90', text: 'In 90 days' },
  { days: '365', text: 'In a year' },
] as const

export type ExpiryDays = (typeof expiryChoices)[number]['days']

export const overlapWords: Readonly<Record<OverlapMinutes, string>> = {
  0: 'None: the old key ends now',
  15: '15 minutes',
  60: '1 hour',
  360: '6 hours',
  1440: '24 hours',
  2880: '48 hours',
}

/** The form as it stands, before it becomes a request. */
export interface KeyChoices {
  readonly name: string
  readonly mode: NewApiKey['mode']
  readonly scopes: readonly ApiKeyScope[]
  readonly expiry: ExpiryDays
  /** One range a line. */
  readonly addresses: string
}

export const noChoices: KeyChoices = {
  name: '',
  mode: 'live',
  scopes: usualScopes,
  expiry: '',
  addresses: '',
}

const dayMs = 86_400_000

/** The body of the request. */
export function buildKey(choices: KeyChoices, now: number) {
  const { name, mode, scopes, expiry } = choices
  const addresses = addressesOf(choices.addresses)
  return {
    name: name.trim(),
    mode,
    scopes: [...scopes],
    ...(expiry === '' ? {} : { expires_at: new Date(now + Number(expiry) * dayMs).toISOString() }),
    ...(addresses.length === 0 ? {} : { allowed_addresses: [...addresses] }),
  }
}

/** Lines or commas between them; what is left are the ranges, in the order in which the server names them. */
export function addressesOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '')
}
