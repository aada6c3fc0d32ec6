import { describe, expect, it } from 'vitest'
import { levqorAbuse } from '../presets/abuse.ts'
import { type AbusePolicy, type AnomalyRule, checkAbusePolicy } from './abuse-policy.ts'

const problemsOf = (policy: AbusePolicy) =>
  checkAbusePolicy(policy, 'abuse').map(({ code, path }) => `${code} ${path}`)
const { devices, signUps } = levqorAbuse
const rule: AnomalyRule = {
  name: 'a-rule',
  events: ['auth.failed'],
  by: 'address',
  threshold: 3,
  windowMs: 1000,
}

describe('an abuse policy', () => {
  it('the preset can be used and says what Levqor promises', () => {
    expect(checkAbusePolicy(levqorAbuse, 'abuse')).toEqual([])
    expect(checkAbusePolicy({}, 'abuse')).toEqual([])
    expect(devices.plans.default).toEqual({ changes: 3, atLimit: 'step-up' })
    expect(devices.windowMs).toBe(86_400_000)
    expect(signUps.perReferralAndNetwork).toEqual({ quota: 5, windowMs: 86_400_000 })
    expect(signUps.perAddress.quota).toBe(3)
  })

  it('is refused with every problem at once, each with its place and its fix', () => {
    const policy: AbusePolicy = {
      devices: {
        plans: { default: { changes: 0, atLimit: 'hold' }, pro: 'unlimited' },
        windowMs: 2000,
        rememberMs: 1000,
      },
      signUps: {
        perReferralAndNetwork: { quota: 1.5, windowMs: 0 },
        perAddress: { quota: -1, windowMs: Number.POSITIVE_INFINITY },
        disposableMail: 'hold',
        heldPerAddress: 0,
      },
      anomalies: [
        rule,
        { ...rule, threshold: 0, windowMs: -1 },
        { ...rule, name: 'Not A Name', events: [] },
        { ...rule, name: 'loop', events: ['anomaly.suspected'] },
        { ...rule, name: 'same', distinct: 'address' },
        { ...rule, name: 'one-of-one', distinct: 'account', threshold: 1 },
      ],
    }
    expect(problemsOf(policy)).toEqual([
      'device_changes abuse.devices.plans.default.changes',
      'device_contradiction abuse.devices.rememberMs',
      'sign_up_quota abuse.signUps.perReferralAndNetwork.quota',
      'abuse_duration abuse.signUps.perReferralAndNetwork.windowMs',
      'sign_up_quota abuse.signUps.perAddress.quota',
      'abuse_duration abuse.signUps.perAddress.windowMs',
      'sign_up_held abuse.signUps.heldPerAddress',
      'anomaly_threshold abuse.anomalies[1].threshold',
      'abuse_duration abuse.anomalies[1].windowMs',
      'anomaly_twice abuse.anomalies[1].name',
      'anomaly_name abuse.anomalies[2].name',
      'anomaly_events abuse.anomalies[2].events',
      'anomaly_loop abuse.anomalies[3].events',
      'anomaly_contradiction abuse.anomalies[4].distinct',
      'anomaly_threshold abuse.anomalies[5].threshold',
    ])
    expect(checkAbusePolicy(policy, 'abuse').every(({ fix }) => fix.length > 10)).toBe(true)
  })

  it('every bound holds at its edge', () => {
    const year = 366 * 86_400_000
    expect(problemsOf({ devices: { ...devices, rememberMs: devices.windowMs } })).toEqual([])
    expect(problemsOf({ devices: { ...devices, rememberMs: year } })).toEqual([])
    expect(problemsOf({ devices: { ...devices, rememberMs: year + 1 } })).toHaveLength(1)
    expect(problemsOf({ signUps: { ...signUps, heldPerAddress: 10_000 } })).toEqual([])
    expect(problemsOf({ signUps: { ...signUps, heldPerAddress: 10_001 } })).toHaveLength(1)
    expect(problemsOf({ anomalies: [{ ...rule, threshold: 1 }] })).toEqual([])
  })
})
