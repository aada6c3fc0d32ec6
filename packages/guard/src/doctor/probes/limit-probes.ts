// Probes of the limits: do they bite, do they say so, and does the caller choose who is counted?
import { type Sign, sign } from '../check.ts'
import type { ProbeAnswer } from './probe-client.ts'
import { forgedAddress, ownAddress, type ProbeChecks, type Visit } from './visit.ts'

/** Requests under which a limit for strangers at one address ought to be met. */
const mostTries = 250
/** Kept for what comes after. */
const spare = 80
const atOnce = 10
/** Forged addresses tried side by side. */
const together = 5

export const limitProbes: ProbeChecks = {
  'GUARD-101': {
    title: 'The caller chooses the address that is counted',
    severity: 'critical',
    explanation:
      'A guesser or scraper writes a new address into a header with every request and is never slowed down.',
    fix: 'Name the real proxies in clientAddress.trustedProxies; take the hop that the nearest of them wrote, counted from the right.',
    meetsLimits: true,
    run: forgeries,
  },
  'GUARD-123': {
    title: 'No limit bites',
    severity: 'critical',
    explanation: 'Whoever wants may guess, copy or cost money as fast as the network allows.',
    fix: 'Put every route behind a door with limits, and the switches on enforce.',
    meetsLimits: true,
    async run(visit) {
      const pressure = await press(visit)
      if (pressure.sent < mostTries && !pressure.bitten) return 'too few requests were left to meet a limit'
      // A quota above what may be sent here is no fault, as long as it counts.
      if (pressure.bitten || pressure.counts) return []
      return [sign(pressure.path, `${pressure.sent} requests in a row were answered.`)]
    },
  },
  'GUARD-124': {
    title: 'A refusal does not say when to come back',
    severity: 'warning',
    explanation:
      'Well-meaning programs retry at once and keep the limit closed for themselves and their neighbours.',
    fix: 'Send Retry-After with 429: renderDecision does.',
    meetsLimits: true,
    async run(visit) {
      const { refusal, path } = await press(visit)
      return refusal !== undefined && refusal.headers['retry-after'] === undefined
        ? [sign(path, 'Retry-After is missing.')]
        : []
    },
  },
}

interface Pressure {
  readonly path: string
  readonly sent: number
  readonly bitten: boolean
  /** Fewer are left after the requests than before. */
  readonly counts: boolean
  readonly refusal: ProbeAnswer | undefined
}

const pressures = new WeakMap<Visit, Promise<Pressure>>()

/** Sends until a limit bites; once per visit, since afterwards everything is refused for a while. */
function press(visit: Visit): Promise<Pressure> {
  const known = pressures.get(visit)
  if (known !== undefined) return known
  const pressing = pressOnce(visit)
  pressures.set(visit, pressing)
  return pressing
}

async function pressOnce({ askAsOne, client, paths }: Visit): Promise<Pressure> {
  const path = paths.unknown
  const tries = Math.min(mostTries, client.left - spare)
  let first: number | undefined
  let last: number | undefined
  for (let sent = 0; sent < tries; sent += atOnce) {
    const answers = await Promise.all(Array.from({ length: atOnce }, () => askAsOne({ path })))
    for (const answer of answers) {
      if (answer === undefined) continue
      if (answer.status === 429)
        return { path, sent: sent + atOnce, bitten: true, counts: true, refusal: answer }
      last = remainingIn(answer) ?? last
      first ??= last
    }
  }
  const counts = first !== undefined && last !== undefined && last > 0 && last < first
  return { path, sent: tries, bitten: false, counts, refusal: undefined }
}

/** Each name with a value that a caller might choose; `i` makes it another one each time. */
function forged(visit: Visit, i: number): Record<string, string>[] {
  const address = forgedAddress(i)
  // Behind the proxy's own hop, as the proxy would have appended it to what the caller sent.
  const hop = visit.standing === 'proxy' ? `, ${ownAddress}` : ''
  const forwardedHop =
    visit.standing === 'proxy' ? `, for=${ownAddress}${visit.behindProxy ? ';proto=https' : ''}` : ''
  return [
    { 'x-forwarded-for': `${address}${hop}` },
    { forwarded: `for=${address}${forwardedHop}` },
    ...['x-real-ip', 'true-client-ip', 'cf-connecting-ip', 'x-client-ip', 'x-cluster-client-ip'].map(
      (name) => ({
        [name]: address,
      }),
    ),
  ]
}

async function forgeries(visit: Visit): Promise<Sign[]> {
  const names = forged(visit, 0).map((headers) => Object.keys(headers)[0] ?? '')
  const believed = (await byRemaining(visit, names.length)) ?? (await byRefusal(visit, names.length))
  return names
    .filter((_, i) => believed.includes(i))
    .map((name) => sign(name, 'A new address in it has a quota of its own.'))
}

/** Where answers say how much is left: a forged address that is believed has more left than ours. */
async function byRemaining(visit: Visit, count: number): Promise<number[] | undefined> {
  const { askAsOne, paths } = visit
  const left = async (headers: Record<string, string> = {}) => {
    const answer = await askAsOne({ path: paths.unknown, headers })
    return answer === undefined ? undefined : remainingIn(answer)
  }
  const before = await left()
  for (let i = 0; i < 4; i++) await left()
  const after = await left()
  // A bucket that refills as fast as we ask tells nothing.
  if (before === undefined || after === undefined || before - after < 3) return undefined
  const believed: number[] = []
  for (let i = 0; i < count; i++) {
    const remaining = await left(forged(visit, 10 + i)[i])
    if (remaining !== undefined && remaining >= before) believed.push(i)
  }
  return believed
}

/**
 * Where they do not: once we are refused, every forged address that is believed passes. Several at once, beside as many
 * of our own, because a bucket that has refilled meanwhile lets one or two through.
 */
async function byRefusal(visit: Visit, count: number): Promise<number[]> {
  const { askAsOne, paths } = visit
  const { bitten } = await press(visit)
  const passing = async (headers: readonly Readonly<Record<string, string>>[]) => {
    const answers = await Promise.all(headers.map((it) => askAsOne({ path: paths.unknown, headers: it })))
    return answers.filter((answer) => answer !== undefined && answer.status !== 429).length
  }
  const believed: number[] = []
  for (let i = 0; bitten && i < count; i++) {
    const chosen = Array.from({ length: together }, (_, n) => forged(visit, 30 + i * together + n)[i] ?? {})
    const own = chosen.map(() => ({}))
    const [forgedPass, ownPass] = await Promise.all([passing(chosen), passing(own)])
    if (forgedPass === together && ownPass < together / 2) believed.push(i)
  }
  return believed
}

/** The smallest number left of all limits: draft-ietf-httpapi-ratelimit-headers, and the older names. */
function remainingIn({ headers }: ProbeAnswer): number | undefined {
  const structured = [...(headers.ratelimit ?? '').matchAll(/;\s*r=(\d+)/g)].map((match) => Number(match[1]))
  const older = [
    headers['ratelimit-remaining'],
    headers['x-ratelimit-remaining'],
    headers['x-rate-limit-remaining'],
  ]
    .filter((value) => value !== undefined && /^\d+$/.test(value))
    .map(Number)
  const all = [...structured, ...older]
  return all.length === 0 ? undefined : Math.min(...all)
}
