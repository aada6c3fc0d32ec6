// What is remembered of one account's devices and networks, and when something new is one change too many. Pure.
//
// A change is a device or network that was not seen before, not a switch between known ones: somebody with a phone and
// a laptop switches all day, somebody who shares an account keeps bringing new ones.
import type { KeptState } from '../lockout/keyed-states.ts'
import type { DeviceAllowance, DevicePolicy } from './abuse-policy.ts'

/** Something seen, by its keyed digest. */
export type Sighting = readonly [digest: string, lastSeenMs: number]

/** One account. JSON throughout. */
export interface DeviceState extends KeptState {
  readonly devices: readonly Sighting[]
  readonly networks: readonly Sighting[]
  /** When something new came, within the window. */
  readonly changes: readonly number[]
  /** When the limit was last told, within the window; 0 otherwise. */
  readonly toldAtMs: number
  /** What waits for a review, since `toldAtMs`. */
  readonly held: readonly HeldDevice[]
}

/** A device and network at the limit, and the review that was asked for it. */
export interface HeldDevice extends SeenDevice {
  readonly reviewId: string
}

/** What was seen now. */
export interface SeenDevice {
  readonly device: string
  readonly network: string
}

/** What one sighting means. */
export type DeviceFinding =
  | { readonly outcome: 'known' }
  | {
      readonly outcome: 'changed'
      readonly device: boolean
      readonly network: boolean
      readonly changes: number
    }
  /** `first`: not told before within this window. */
  | {
      readonly outcome: 'limited'
      /** Not told before within this window. */
      readonly first: boolean
      readonly retryAfterMs: number
      /** Where the plan holds: the review, and whether it is about this very device and network. */
      readonly review?: { readonly id: string; readonly own: boolean }
    }

const mostSightings = 16
const mostChanges = 64
// One account cannot bury the reviewers: what comes on top waits behind the last one.
const mostHeld = 3
// A known device is written down again at most so often: reading is enough for the rest.
const refreshMs = 3_600_000

/** What a sighting means and what is remembered afterwards. `reviewId` is for a review that has to be asked for. */
export function see(
  before: DeviceState | undefined,
  seen: SeenDevice,
  allowance: DeviceAllowance,
  policy: DevicePolicy,
  reviewId: string,
  now: number,
): { readonly state: DeviceState; readonly finding: DeviceFinding } {
  const state = renewed(before, policy, now)
  const newDevice = !has(state.devices, seen.device)
  const newNetwork = !has(state.networks, seen.network)
  if (!newDevice && !newNetwork) {
    const fresh = isFresh(state.devices, seen.device, now) && isFresh(state.networks, seen.network, now)
    const kept = fresh && before !== undefined ? before : withSighting(state, seen, policy, now)
    return { state: kept, finding: { outcome: 'known' } }
  }
  // The first sighting is what later ones are compared with.
  if (state.devices.length === 0) {
    return { state: withSighting(state, seen, policy, now), finding: { outcome: 'known' } }
  }
  if (allowance !== 'unlimited' && state.changes.length >= allowance.changes) {
    const oldest = state.changes[state.changes.length - allowance.changes] ?? now
    return limit(state, seen, allowance.atLimit, reviewId, oldest + policy.windowMs - now, now)
  }
  const changes = [...state.changes, now].slice(-mostChanges)
  return {
    state: withSighting({ ...state, changes }, seen, policy, now),
    finding: { outcome: 'changed', device: newDevice, network: newNetwork, changes: changes.length },
  }
}

function limit(
  state: DeviceState,
  seen: SeenDevice,
  atLimit: 'step-up' | 'hold',
  reviewId: string,
  retryAfterMs: number,
  now: number,
): { readonly state: DeviceState; readonly finding: DeviceFinding } {
  const isFirst = state.toldAtMs === 0
  const told = { ...state, toldAtMs: isFirst ? now : state.toldAtMs }
  if (atLimit === 'step-up') {
    return { state: told, finding: { outcome: 'limited', first: isFirst, retryAfterMs } }
  }
  const own = state.held.find((one) => isSame(one, seen))
  const last = state.held.at(-1)
  const review =
    own === undefined && last !== undefined && state.held.length >= mostHeld
      ? { id: last.reviewId, own: false }
      : { id: own?.reviewId ?? reviewId, own: true }
  const asks = own === undefined && review.own
  return {
    state: asks ? { ...told, held: [...state.held, { ...seen, reviewId }] } : told,
    finding: { outcome: 'limited', first: asks, retryAfterMs, review },
  }
}

/** Accepts a device and network whose owner has been proven: known from now on, and no change. */
export function accept(
  before: DeviceState | undefined,
  seen: SeenDevice,
  policy: DevicePolicy,
  now: number,
): DeviceState {
  const state = renewed(before, policy, now)
  const held = state.held.filter((one) => !isSame(one, seen))
  return withSighting({ ...state, toldAtMs: held.length > 0 ? state.toldAtMs : 0, held }, seen, policy, now)
}

function renewed(before: DeviceState | undefined, policy: DevicePolicy, now: number): DeviceState {
  if (before === undefined) {
    return { devices: [], networks: [], changes: [], toldAtMs: 0, held: [], forgetAtMs: 0 }
  }
  const remembered = ([, lastSeen]: Sighting) => lastSeen + policy.rememberMs > now
  const told = before.toldAtMs + policy.windowMs > now
  return {
    ...before,
    devices: before.devices.filter(remembered),
    networks: before.networks.filter(remembered),
    changes: before.changes.filter((at) => at + policy.windowMs > now),
    toldAtMs: told ? before.toldAtMs : 0,
    held: told ? before.held : [],
  }
}

function withSighting(state: DeviceState, seen: SeenDevice, policy: DevicePolicy, now: number): DeviceState {
  return {
    ...state,
    devices: sighted(state.devices, seen.device, now),
    networks: sighted(state.networks, seen.network, now),
    forgetAtMs: now + policy.rememberMs,
  }
}

/** Least recently seen first, so that the first goes when there are too many. */
function sighted(sightings: readonly Sighting[], digest: string, now: number): readonly Sighting[] {
  const others = sightings.filter(([known]) => known !== digest)
  return [...others, [digest, now] as const].slice(-mostSightings)
}

function has(sightings: readonly Sighting[], digest: string): boolean {
  return sightings.some(([known]) => known === digest)
}

function isFresh(sightings: readonly Sighting[], digest: string, now: number): boolean {
  return sightings.some(([known, lastSeen]) => known === digest && lastSeen + refreshMs > now)
}

function isSame(a: SeenDevice, b: SeenDevice): boolean {
  return a.device === b.device && a.network === b.network
}
