import { seededRandom } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { levqorAbuse } from '../presets/abuse.ts'
import { type ProtectionMode, switchesFromEnvironment } from '../switches/switches.ts'
import type { SignUpPolicy } from './abuse-policy.ts'
import { disposableMailIn } from './disposable-mail.ts'
import type { SignUpState } from './sign-up-state.ts'
import { createSignUpWatch, type SignUp } from './sign-up-watch.ts'
import { abuseParts, networkOf } from './test-abuse.ts'

const day = 86_400_000
const isDisposableMail = disposableMailIn(new Set(['mailinator.com']))

function setup({
  mode = 'enforce',
  policy = levqorAbuse.signUps,
}: {
  mode?: ProtectionMode
  policy?: SignUpPolicy
} = {}) {
  const parts = abuseParts<SignUpState>()
  const signUps = createSignUpWatch({
    ...parts,
    policy,
    reviews: parts.reviewStore,
    isDisposableMail,
    networkOf,
    switches: { mode: () => mode },
    storePatienceMs: 50,
  })
  let count = 0
  const judge = (facts: Partial<SignUp> = {}) => {
    count++
    return signUps.judge({
      id: `usr_${count}`,
      email: `p${count}@example.com`,
      address: `10.1.0.${count}`,
      ...facts,
    })
  }
  const reasons = async (facts?: Partial<SignUp>) => (await judge(facts)).reasons.join()
  return { ...parts, judge, reasons }
}

describe('sign-ups', () => {
  it('5 a day per referral code and network pass, the sixth is held', async () => {
    const { reasons } = setup()
    for (let i = 0; i < 5; i++) expect(await reasons({ referralCode: 'friend' })).toBe('')
    expect(await reasons({ referralCode: 'friend' })).toBe('referral_network_quota')
    expect(await reasons({ referralCode: 'friend', address: '10.2.0.1' })).toBe('')
    expect(await reasons({ referralCode: 'other' })).toBe('')
    expect(await reasons()).toBe('')
  })

  it('3 per address pass, the fourth is held', async () => {
    const { reasons } = setup()
    const address = '10.1.0.1'
    for (let i = 0; i < 3; i++) expect(await reasons({ address })).toBe('')
    expect(await reasons({ address })).toBe('address_quota')
    expect(await reasons({ address: '10.1.0.2' })).toBe('')
  })

  it('disposable mail is held, subdomains included, and all reasons are told together', async () => {
    const { judge, reasons } = setup()
    const address = '10.1.0.1'
    expect(await reasons({ email: 'x@sub.mailinator.com' })).toBe('disposable_mail')
    for (let i = 0; i < 3; i++) await judge({ address, referralCode: 'friend' })
    for (let i = 0; i < 2; i++) await judge({ referralCode: 'friend' })
    expect(await reasons({ address, referralCode: 'friend', email: 'x@mailinator.com' })).toBe(
      'disposable_mail,address_quota,referral_network_quota',
    )
  })

  it('a quota is free again after a day, to the millisecond', async () => {
    const { reasons, clock } = setup()
    const address = '10.1.0.1'
    await reasons({ address })
    clock.advance(1)
    for (let i = 0; i < 2; i++) await reasons({ address })
    clock.advance(day - 2)
    expect(await reasons({ address })).toBe('address_quota')
    clock.advance(1)
    expect(await reasons({ address })).toBe('')
    expect(await reasons({ address })).toBe('address_quota')
  })

  it('200 at once: exactly the quota passes and every other one is held or told, none is lost', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const random = seededRandom(seed)
      const { judge, reviews } = setup()
      const verdicts = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          judge({ referralCode: 'friend', address: `10.1.${i}.${Math.floor(random() * 250)}` }),
        ),
      )
      expect(verdicts.filter(({ decision }) => decision.outcome === 'allow')).toHaveLength(5)
      const held = verdicts.flatMap(({ reviewId }) => reviewId ?? [])
      expect(new Set(held).size).toBe(195)
      expect((await reviews.list({ limit: 100 })).length).toBe(100)
    }
  })
})

describe('a held sign-up', () => {
  it('waits with a review that names it, and says so', async () => {
    const { judge, reviews, told } = setup()
    const verdict = await judge({
      id: 'usr_x',
      email: 'x@mailinator.com',
      requestId: 'req-1',
      address: '10.64.0.1',
    })
    expect(verdict).toMatchObject({
      decision: { outcome: 'deny', reason: 'held_for_review', clientIp: '10.64.0.1' },
      reasons: ['disposable_mail'],
    })
    expect(await reviews.list()).toMatchObject([
      {
        id: verdict.reviewId,
        kind: 'sign-up',
        subject: 'usr_x',
        reasons: ['disposable_mail'],
        facts: { network: 'AS64' },
        status: 'waiting',
      },
    ])
    expect(told).toEqual([
      {
        event: 'referral.held',
        requestId: 'req-1',
        address: '10.64.0.1',
        details: { reasons: 'disposable_mail', network: 'AS64', mode: 'enforce', review: verdict.reviewId },
      },
    ])
  })

  it('does not count against the quotas of honest ones', async () => {
    const { judge, reasons } = setup()
    const address = '10.1.0.1'
    for (let i = 0; i < 10; i++) await judge({ address, email: 'x@mailinator.com', referralCode: 'friend' })
    expect(await reasons({ address, referralCode: 'friend' })).toBe('')
  })

  it('above so many of one address the next is told when to come back, so that nobody buries the reviewers', async () => {
    const { judge, reviews, clock, told } = setup()
    const facts = { address: '10.1.0.1', email: 'x@mailinator.com' }
    await judge(facts)
    clock.advance(1000)
    for (let i = 0; i < 19; i++) await judge(facts)
    const verdict = await judge(facts)
    expect(verdict.decision).toMatchObject({
      outcome: 'deny',
      reason: 'rate_limited',
      retryAfterMs: day - 1000,
    })
    expect(verdict.reviewId).toBeUndefined()
    expect(told.at(-1)?.details).toMatchObject({ cause: 'too_many_held' })
    expect(await reviews.list({ limit: 100 })).toHaveLength(20)
    clock.advance(day - 1000)
    expect((await judge(facts)).decision.reason).toBe('held_for_review')
  })

  it('one whose review could not be written is refused openly, not lost', async () => {
    const { judge, failing, names } = setup()
    failing.reviews = true
    expect((await judge({ email: 'x@mailinator.com' })).decision.reason).toBe('limits_unavailable')
    failing.reviews = false
    failing.states = true
    expect((await judge()).decision.reason).toBe('limits_unavailable')
    expect(names()).toEqual(['abuse.store_failed'])
  })
})

describe('the switch', () => {
  it('observe: decides, tells with its mode, lets pass, and bothers no reviewer', async () => {
    const { judge, reviews, told } = setup({ mode: 'observe' })
    const verdict = await judge({ email: 'x@mailinator.com' })
    expect(verdict.decision).toMatchObject({ outcome: 'degrade', reason: 'held_for_review' })
    expect(verdict.reviewId).toBeUndefined()
    expect(await reviews.list()).toEqual([])
    expect(told).toMatchObject([{ event: 'referral.held', details: { mode: 'observe' } }])
  })

  it('off: looks at nothing', async () => {
    const { judge, told, kept } = setup({ mode: 'off' })
    for (let i = 0; i < 10; i++) {
      const { decision } = await judge({ email: 'x@mailinator.com', address: '10.1.0.1' })
      expect(decision.outcome).toBe('allow')
    }
    expect([told, kept.size]).toEqual([[], 0])
  })

  it('is turned by the environment', async () => {
    const parts = abuseParts<SignUpState>()
    const judge = async (value: string) => {
      const switches = switchesFromEnvironment({ ABUSE_GUARDS_ENABLED: value })
      const { signUps: policy } = levqorAbuse
      const watch = createSignUpWatch({
        ...parts,
        policy,
        reviews: parts.reviewStore,
        isDisposableMail,
        switches,
      })
      const { decision } = await watch.judge({ id: 'usr_1', email: 'x@mailinator.com', address: '192.0.2.1' })
      return decision.outcome
    }
    expect([await judge('off'), await judge('observe'), await judge('on')]).toEqual([
      'allow',
      'degrade',
      'deny',
    ])
  })
})

describe('a watch of sign-ups', () => {
  it('keeps neither addresses nor referral codes nor mail', async () => {
    const { judge, kept, told } = setup()
    await judge({ address: '198.51.100.7', referralCode: 'code-of-ada', email: 'ada@mailinator.com' })
    await judge({ address: '198.51.100.7', referralCode: 'code-of-ada' })
    const rest = told.map(({ address: _, ...event }) => event)
    expect(JSON.stringify([kept.entries(), rest])).not.toMatch(/ada|198\.51|mailinator/)
  })

  it('that shall hold disposable mail without a list is refused, with every other problem', () => {
    const parts = abuseParts<SignUpState>()
    const policy = { ...levqorAbuse.signUps, heldPerAddress: 0 }
    const create = () => createSignUpWatch({ ...parts, policy, reviews: parts.reviewStore })
    expect(create).toThrow(
      expect.objectContaining({
        code: 'bad_abuse_policy',
        details: [
          expect.objectContaining({ code: 'sign_up_held' }),
          expect.objectContaining({ code: 'disposable_mail_missing' }),
        ],
      }),
    )
  })

  it('that accepts disposable mail needs no list', async () => {
    const parts = abuseParts<SignUpState>()
    const policy: SignUpPolicy = { ...levqorAbuse.signUps, disposableMail: 'accept' }
    const watch = createSignUpWatch({ ...parts, policy, reviews: parts.reviewStore })
    const { decision } = await watch.judge({ id: 'usr_1', email: 'x@mailinator.com', address: '192.0.2.1' })
    expect(decision.outcome).toBe('allow')
  })

  it('codes and addresses that join to the same text do not share counts', async () => {
    const { judge, kept } = setup()
    await judge({ address: '10.1.0.1', referralCode: 'a' })
    await judge({ address: '10.1.0.2', referralCode: 'a,AS1' })
    await judge({ address: '10.1.0.3', referralCode: '' })
    expect(kept.size).toBe(6)
  })
})
