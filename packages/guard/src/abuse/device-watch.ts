// Devices and networks of one account: what is new, and how much of it a plan allows before somebody has to confirm
// who they are.
import { randomUUID } from 'node:crypto'
import type { Decision } from '../decision/decision.ts'
import { guardError } from '../errors.ts'
import type { EventDetails, SecurityEventName } from '../events/catalogue.ts'
import type { SecurityEvents } from '../events/event-pipeline.ts'
import type { Exchange } from '../kernel/passage.ts'
import { createStoreAsk, defaultPatienceMs } from '../lockout/ask-store.ts'
import type { KeyedStates } from '../lockout/keyed-states.ts'
import { checkShaped, formatProblems } from '../policy/check-shaped.ts'
import { abuseShape } from '../policy/policy-shapes.ts'
import type { Secret } from '../secrets/secret.ts'
import { allEnforced, type Switches } from '../switches/switches.ts'
import { accepted, refused } from './abuse-decision.ts'
import { checkAbusePolicy, type DevicePolicy } from './abuse-policy.ts'
import { accept, type DeviceState, type SeenDevice, see } from './device-state.ts'
import { createDigest } from './digests.ts'
import { type NetworkOf, networkName, noNetworks } from './network-of.ts'
import { requestTraits } from './request-traits.ts'
import type { ReviewStore } from './review.ts'

/** Settings of {@link createDeviceWatch}. */
export interface DeviceWatchOptions {
  readonly policy: DevicePolicy
  readonly store: KeyedStates<DeviceState>
  /** Where holds wait. */
  readonly reviews: ReviewStore
  /** Keys the digests in the store. Another secret makes every device new. */
  readonly secret: Secret
  readonly events: SecurityEvents
  readonly networkOf?: NetworkOf
  readonly switches?: Switches
  /** Longest wait for one answer of a store (default 2 s). */
  readonly storePatienceMs?: number
}

/** An account that shows itself. */
export interface DeviceSighting {
  /** The account's id, opaque: it appears in events and reviews. */
  readonly accountId: string
  readonly plan?: string
  /** The client's address or its key. */
  readonly address: string
  readonly headers: Exchange['headers']
  readonly requestId?: string
}

/** What to do. */
export interface DeviceVerdict {
  /** `step_up_required` or `held_for_review` at the limit; `limits_unavailable` when the store cannot say. */
  readonly decision: Decision
  /** The review that waits, for `held_for_review`. */
  readonly reviewId?: string
}

/** Watches devices and networks. Neither function rejects. */
export interface DeviceWatch {
  /** Call it where a session begins or is renewed, not at every request. */
  see(sighting: DeviceSighting): Promise<DeviceVerdict>
  /** The account has confirmed who it is: this device and network are known from now on. */
  confirm(sighting: DeviceSighting): Promise<DeviceVerdict>
}

/**
 * Creates the watch.
 * @throws GuardError `bad_abuse_policy` with every problem in `details`
 * @example
 * const devices = createDeviceWatch({ policy: levqorAbuse.devices, store, reviews, secret, events, networkOf })
 * const { decision } = await devices.see({ accountId, plan, address, headers })
 */
export function createDeviceWatch(options: DeviceWatchOptions): DeviceWatch {
  const { policy, store, reviews, secret, events, networkOf = noNetworks, switches = allEnforced } = options
  const problems = checkShaped(abuseShape, { devices: policy }, 'abuse', checkAbusePolicy)
  if (problems.length > 0) {
    throw guardError('bad_abuse_policy', `Devices cannot be watched:\n${formatProblems(problems)}`, problems)
  }
  const digest = createDigest(secret, 'devices')
  const ask = createStoreAsk({
    events,
    failed: 'abuse.store_failed',
    recovered: 'abuse.store_recovered',
    patienceMs: options.storePatienceMs ?? defaultPatienceMs,
  })

  return {
    async see(sighting) {
      const { accountId, plan, address } = sighting
      const mode = switches.mode('abuse')
      if (mode === 'off') return { decision: accepted(address) }
      const seen = digestsOf(sighting)
      const allowance =
        plan !== undefined && Object.hasOwn(policy.plans, plan)
          ? (policy.plans[plan] ?? policy.plans.default)
          : policy.plans.default
      const newReview = randomUUID()
      const answer = await ask(() =>
        store.change([digest('account', accountId)], ([before], now) => {
          const { state, finding } = see(before, seen, allowance, policy, newReview, now)
          return { states: [state], result: finding }
        }),
      )
      if (!answer.answered) return unavailable(sighting)
      const finding = answer.value
      switch (finding.outcome) {
        case 'known':
          return { decision: accepted(address) }
        case 'changed': {
          const { device, network, changes } = finding
          tell('device.changed', sighting, { newDevice: device, newNetwork: network, changes })
          return { decision: accepted(address) }
        }
        case 'limited': {
          const { first, review, retryAfterMs } = finding
          if (review === undefined) {
            if (first) tell('device.limit_reached', sighting, { answer: 'step-up', mode })
            return { decision: refused(mode, address, 'step_up_required', retryAfterMs) }
          }
          if (first) tell('device.limit_reached', sighting, { answer: 'hold', mode, review: review.id })
          const decision = refused(mode, address, 'held_for_review', retryAfterMs)
          // A review of something that was let pass would keep somebody busy for nothing.
          return mode === 'observe' ? { decision } : hold(sighting, review, decision)
        }
      }
    },
    confirm,
  }

  async function confirm(sighting: DeviceSighting): Promise<DeviceVerdict> {
    const seen = digestsOf(sighting)
    const answer = await ask(() =>
      store.change([digest('account', sighting.accountId)], ([before], now) => ({
        states: [accept(before, seen, policy, now)],
        result: undefined,
      })),
    )
    if (!answer.answered) return unavailable(sighting)
    tell('device.confirmed', sighting, {})
    return { decision: accepted(sighting.address) }
  }

  /** Waits for an operator; once they have approved, the device is accepted where it shows itself next. */
  async function hold(
    sighting: DeviceSighting,
    review: { readonly id: string; readonly own: boolean },
    waiting: Decision,
  ): Promise<DeviceVerdict> {
    const found = await ask(async () => {
      const known = await reviews.find(review.id)
      if (known !== undefined) return known.status
      // Also when an earlier attempt could write down that it asked, but not the question itself.
      const facts = { network: networkName(sighting.address, networkOf) }
      const subject = sighting.accountId
      await reviews.add({ id: review.id, kind: 'device', subject, reasons: ['device_limit'], facts })
      return 'waiting'
    })
    if (!found.answered) return unavailable(sighting)
    if (found.value === 'approved' && review.own) return confirm(sighting)
    return { decision: waiting, reviewId: review.id }
  }

  function unavailable({ address }: DeviceSighting): DeviceVerdict {
    return { decision: refused(switches.mode('abuse'), address, 'limits_unavailable', 1000) }
  }

  function digestsOf({ address, headers }: DeviceSighting): SeenDevice {
    return {
      device: digest('device', requestTraits(headers)),
      network: digest('network', networkName(address, networkOf)),
    }
  }

  function tell(event: SecurityEventName, sighting: DeviceSighting, details: EventDetails): void {
    const { requestId, accountId, address } = sighting
    const network = networkName(address, networkOf)
    // A prefix says more about one person than the number of a network with many customers.
    const known = network.startsWith('AS') ? { network } : {}
    events.emit({ event, requestId, actorId: accountId, address, details: { ...details, ...known } })
  }
}
