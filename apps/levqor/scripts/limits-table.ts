// The table of SECURITY.md, written from the policies themselves so that it cannot fall behind.
import { type PenaltyLevel, penaltyDefaults } from '@levqor/guard'
import { levqorLimits, levqorLockout, levqorPenalties } from '@levqor/guard/presets'
import { identityPolicy, knownDeviceMs } from '@levqor/identity'
import { bodyLimitBytes } from '@levqor/server'

type Row = readonly [what: string, value: string]

/** What the table is written from. */
export const levqorPolicies = { policy: identityPolicy, limits: levqorLimits, penalties: levqorPenalties }

/** The table, without a heading. */
export function limitsTable({ policy, limits, penalties } = levqorPolicies): string {
  const { humanMs, pardonMs } = { ...penaltyDefaults, ...penalties }
  const { account, address, global } = levqorLockout
  const rules = policy.passwordRules
  const { memory, passes, parallelism } = policy.passwordCost
  const rows: readonly Row[] = [
    ['stranger, by address', rate(limits.strangers)],
    ['public pages, by address', rate(limits.publicUtility)],
    ['sign-in doors, by address', rate(limits.signIn)],
    ['doors of keys, members, reports and operators for strangers, by address', rate(limits.protectedFamily)],
    ['refused credentials of one address', `${rate(limits.credentialGuesses)}; then none is looked at`],
    ['API key, on the plan free', planOf('default')],
    ['API key, on the plan pro', planOf('pro')],
    ['session of a browser, on the plan free', planOf('free-session')],
    ['session of a browser, on the plan pro', planOf('pro-session')],
    ['asking whether a session still holds, for each', rate(limits.sessionWatch)],
    [
      'work that costs (intake, retry, redrive, saving a workflow), for each actor',
      `${limits.costlyWork.quota.default} ${per(limits.costlyWork)}; on the plan pro ${limits.costlyWork.quota.pro}, sessions of its people ${limits.costlyWork.quota['pro-session']}`,
    ],
    ['changes by operators, for each', rate(limits.administration)],
    [
      'penalty box: refusals of one address, whatever they are for',
      `${penalties.levels.map(penalty).join('; ')}. A passed check holds for ${span(humanMs)}, an operator’s pardon for ${span(pardonMs)}`,
    ],
    [
      'wrong secrets of one account',
      `${account.failures} in ${span(account.windowMs)} lock for ${span(account.lockMs)}, then for ${span(account.maxLockMs)}; a device that the owner has signed in from has an allowance of its own, remembered there for ${span(knownDeviceMs)}`,
    ],
    [
      'wrong secrets of one address',
      `${address.failures} in ${span(address.windowMs)} lock for ${span(address.lockMs)}, then for ${span(address.maxLockMs)}`,
    ],
    [
      'wrong secrets of everybody',
      `after ${global.failures} in ${span(global.windowMs)} strangers have ${global.strangerFailures} tries`,
    ],
    [
      'password',
      `${rules.minAlone} to ${rules.max} characters, ${rules.minWithSecondFactor} beside a second factor; none of those that everybody tries first`,
    ],
    [
      'password at rest',
      `argon2id, ${Math.round(memory / 1024)} MiB, ${passes} passes, ${parallelism} lane; ${policy.passwordsAtOnce} at once, ${policy.passwordsWaiting} waiting`,
    ],
    ['request body', `${bodyLimitBytes / 1024} KB`],
    [
      'sign-in link',
      `${span(policy.magicLinkMs)}, single use, ${policy.codeTries} tries of its code; ${policy.linksPerAddress} to one address in that time; the first administrator’s: ${span(policy.operatorLinkMs)}`,
    ],
    ['link that confirms an address', `${span(policy.verifyEmailMs)}, single use`],
    ['link to choose a new password', `${span(policy.resetPasswordMs)}, single use`],
    [
      'request for a passkey',
      `${span(policy.passkeyChallengeMs)}, single use, in the browser that asked; ${rate(limits.protectedFamily)} by address`,
    ],
    ['passkeys of one account', String(policy.passkeysPerPerson)],
    [
      'change of an e-mail address',
      `${span(policy.changeEmailMs)} for the old and the new mailbox to confirm; each link single use`,
    ],
    ['asked-for deletion of an account', `${span(policy.deletionGraceMs)} in which it can be undone`],
    ['an operator acts for somebody', `${span(policy.impersonationMs)} at most, whatever is done meanwhile`],
    [
      'changes of an account that count as sensitive',
      `a proof of who one is within the last ${span(policy.recentProofMs)}`,
    ],
    [
      'mails of one kind to one address',
      `${policy.mailsPerAddress} ${per({ windowMs: policy.mailsWindowMs })}, or within the lifetime of what is mailed where that is shorter; those that confirm leaving an address count for its own person alone`,
    ],
    ['making a mail that was asked for', `at a random moment of the next ${policy.mailSpreadMs / 1_000} s`],
    [
      'code of an authenticator app',
      'six digits, one step of 30 seconds before and after, each step once; wrong ones lock as secrets of an account of their own',
    ],
    ['between first and second factor', `${span(policy.secondFactorMs)}, single use`],
    ['switching two-step sign-in on', `${span(policy.totpStartMs)} from the secret to its first code`],
    ['recovery codes', `${policy.recoveryCodes} of 80 bits, each works once`],
    [
      'proof before something sensitive',
      `holds for ${span(policy.recentProofMs)}; a mailed code ${span(policy.proofCodeMs)}, single use, bound to its session`,
    ],
    [
      'way to a provider and back',
      `${span(policy.providerSignInMs)}, single use, bound to the browser; each call of a provider ends after ${span(policy.providerTimeoutMs)}; what a provider tells about itself is believed for ${span(policy.providerMetadataMs)}`,
    ],
    ['session', `${span(policy.sessionAbsoluteMs)}, ${span(policy.sessionIdleMs)} without use`],
    [
      'session made of tokens (programs; browsers by policy)',
      `the same; its access token ${span(policy.accessTokenMs)}, a refresh token until it is used; shown again after ${span(policy.refreshReuseMs)} it ends the session`,
    ],
    ['renewals of such sessions, by address', rate(limits.renewals)],
    ['ended session or key in another process', `refused within ${span(policy.credentialCacheMs)}`],
    ['last use of a key or session', `written once ${per({ windowMs: policy.lastUsedEveryMs })} at most`],
    ['API key', `until it is revoked or expires; ${policy.keysPerWorkspace} live ones in a workspace`],
    [
      'rotated API key',
      `the chosen overlap (0, 15 minutes, 1, 6, 24 or 48 hours); ends early when its successor is in use and it was silent for half of that, ${span(policy.overlapSilenceMs)} at least`,
    ],
    [
      'invitation to a workspace',
      `${span(policy.invitationMs)}, single use, bound to its mailbox; ${policy.invitationMailsPerAddress} a day to one address from one workspace, ${policy.invitationMailsPerMailbox} from all; ${policy.invitationsPerWorkspace} of a workspace open or made within a day`,
    ],
    ['workspaces that one person owns', String(policy.workspacesPerPerson)],
  ]
  return ['| what | value |', '|---|---|', ...rows.map(([what, value]) => `| ${what} | ${value} |`)].join(
    '\n',
  )

  function planOf(plan: 'default' | 'pro' | 'free-session' | 'pro-session'): string {
    const { perKey, perKeyAndAddress, perWorkspace } = limits
    return [
      `${perKey.quota[plan]} ${per(perKey)}, bursts of ${perKey.burst[plan]}`,
      `${perKeyAndAddress.quota[plan]} ${per(perKeyAndAddress)} from one address, bursts of ${perKeyAndAddress.burst[plan]}`,
      `${perWorkspace.quota[plan]} ${per(perWorkspace)} for its workspace`,
    ].join('; ')
  }
}

function penalty({ strikes, windowMs, lastsMs, cost = 1, demand }: PenaltyLevel): string {
  const what = [
    ...(cost > 1 ? [`each request counts as ${cost}`] : []),
    ...(demand === 'challenge' ? ['needs a human check (if one is set)'] : []),
    ...(demand === 'block' ? ['nothing passes'] : []),
  ]
  return `after ${strikes} in ${span(windowMs)} ${what.join(' and ')} for ${span(lastsMs)}`
}

interface Window {
  readonly windowMs: number
}

function rate({ quota, ...window }: Window & { readonly quota: number }): string {
  return `${quota} ${per(window)}`
}

function per({ windowMs }: Window): string {
  if (windowMs === 60_000) return 'a minute'
  return windowMs === 3_600_000 ? 'an hour' : `in ${span(windowMs)}`
}

function span(ms: number): string {
  for (const [unit, length] of [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1_000],
  ] as const) {
    if (ms >= length && ms % length === 0) return `${ms / length} ${unit}${ms === length ? '' : 's'}`
  }
  return `${ms} ms`
}
