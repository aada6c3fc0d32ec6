// Levqor's limits and kinds of doors. Numbers are data: an installation multiplies or replaces them.
import type { LimitRule } from '../limits/limit.ts'
import type { PenaltyPolicy } from '../penalty/penalty-policy.ts'
import type { DoorRule } from '../policy/policy.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/**
 * Limits by name. Where two cover one door, both apply. Plans are `free` (the default) and `pro`; a person's session
 * has `-session` added, because one page of the console asks for as much as a program does in a minute.
 */
export const levqorLimits = {
  strangers: { name: 'strangers', by: 'address', quota: 1000, windowMs: hour },
  publicUtility: { name: 'public-utility', by: 'address', quota: 200, windowMs: minute },
  signIn: { name: 'sign-in', by: 'address', quota: 10, windowMs: minute },
  /** Of sessions made of tokens: each is renewed every few minutes, and a whole office sits behind one address. */
  renewals: { name: 'renewals', by: 'address', quota: 300, windowMs: minute },
  /** An open page asks every few seconds whether its session still holds; a person may have many of them open. */
  sessionWatch: { name: 'session-watch', by: 'credential', quota: 300, windowMs: minute },
  protectedFamily: { name: 'protected-family', by: 'address', quota: 60, windowMs: minute },
  /** High enough for a whole office behind one address with one outdated key, low enough to bound the look-ups. */
  credentialGuesses: { name: 'credential-guesses', by: 'address', quota: 300, windowMs: minute },
  perKey: {
    name: 'per-key',
    by: 'credential',
    quota: { default: 60, 'free-session': 300, pro: 600, 'pro-session': 600 },
    burst: { default: 20, 'free-session': 100, pro: 200, 'pro-session': 200 },
    windowMs: minute,
  },
  perKeyAndAddress: {
    name: 'per-key-and-address',
    by: ['credential', 'address'],
    quota: { default: 30, 'free-session': 300, pro: 120, 'pro-session': 600 },
    burst: { default: 20, 'free-session': 100, pro: 40, 'pro-session': 200 },
    windowMs: minute,
  },
  perWorkspace: {
    name: 'per-workspace',
    by: 'workspace',
    quota: { default: 200, 'free-session': 600, pro: 2000, 'pro-session': 2000 },
    windowMs: minute,
  },
  /** Work that costs: run, retry, redrive, workflow save, export. */
  costlyWork: {
    name: 'costly-work',
    by: 'actor',
    quota: { default: 20, pro: 200, 'pro-session': 200 },
    windowMs: minute,
  },
  /** Beginning a payment. */
  checkout: { name: 'checkout', by: 'actor', quota: 3, windowMs: minute },
  /** Unsafe methods under administration and billing. */
  administration: { name: 'administration', by: 'actor', quota: 60, windowMs: hour },
} as const satisfies Record<string, LimitRule>

/**
 * An office with one outdated key behind one address (one refusal a second) is slowed down and never blocked; a
 * guesser at full speed is blocked after some 2,000 refusals.
 */
export const levqorPenalties = {
  levels: [
    { strikes: 60, windowMs: minute, lastsMs: 5 * minute, cost: 2 },
    { strikes: 300, windowMs: 5 * minute, lastsMs: 10 * minute, cost: 4 },
    { strikes: 1000, windowMs: 15 * minute, lastsMs: 15 * minute, cost: 8, demand: 'challenge' },
    { strikes: 1500, windowMs: 30 * minute, lastsMs: 15 * minute, demand: 'block' },
  ],
} as const satisfies PenaltyPolicy

const { strangers, publicUtility, signIn, renewals, protectedFamily } = levqorLimits
const known = [levqorLimits.perKey, levqorLimits.perKeyAndAddress, levqorLimits.perWorkspace]
const costly = [...known, levqorLimits.costlyWork]

/** The kinds of doors. Routes name them in `config.door`. */
export const levqorDoors = {
  /** Addresses that lead nowhere. */
  unmatched: { authentication: 'none', strangers: [strangers], onStoreFailure: 'local' },
  /** Liveness and readiness, asked by machines every second. */
  health: {
    authentication: 'none',
    strangers: [],
    unlimited: 'Probes must never be turned away; the answer is computed from memory.',
    crossSite: 'accept',
    transport: 'any',
    onStoreFailure: 'allow',
  },
  /** Browsers tell of pages that broke their content policy. */
  reports: {
    authentication: 'none',
    strangers: [publicUtility],
    crossSite: 'accept',
    onStoreFailure: 'local',
  },
  /** Public pages that need no account. */
  'public.page': {
    authentication: 'none',
    serves: 'page',
    strangers: [publicUtility],
    onStoreFailure: 'local',
  },
  /** Files of the web app: not limited here. */
  asset: {
    authentication: 'none',
    serves: 'asset',
    strangers: [],
    unlimited: 'Static files are limited by whoever serves them.',
    onStoreFailure: 'allow',
  },
  /** Pages of the web app, signed in or not. */
  page: {
    authentication: 'none',
    serves: 'page',
    strangers: [publicUtility],
    onStoreFailure: 'local',
  },
  /** Asking for a sign-in link, following one. */
  'auth.sign-in': { authentication: 'none', strangers: [signIn, strangers], onStoreFailure: 'local' },
  /** Asking for a passkey: the sign-in page does so by itself when it opens, which must take no try. */
  'auth.challenge': {
    authentication: 'none',
    strangers: [protectedFamily, strangers],
    onStoreFailure: 'local',
  },
  /**
   * Renewing a session. Nobody is asked who they are, because what is shown is the refresh token, and an access token that
   * has expired must not stand in its way.
   */
  'auth.refresh': { authentication: 'none', strangers: [renewals], onStoreFailure: 'local' },
  /** What the sign-in page offers. */
  'auth.methods': { authentication: 'none', strangers: [publicUtility], onStoreFailure: 'local' },
  /**
   * Browsers come back from a provider: a navigation that another site started, and a safe method, so no origin is asked
   * for; state and cookie show that this very browser set out from here. Nobody is asked who they are, because a session
   * that has ended must not keep anybody from signing in.
   */
  'auth.callback': {
    authentication: 'none',
    strangers: [protectedFamily, strangers],
    onStoreFailure: 'local',
  },
  /** Anybody reports a leaked key: a door of its own, so that it takes no try from somebody who signs in. */
  'key.report': { authentication: 'none', strangers: [protectedFamily, strangers], onStoreFailure: 'local' },
  /** Who am I, sign out, sessions: the signed-in browser only. */
  session: {
    authentication: 'session',
    strangers: [protectedFamily],
    actors: known,
    onStoreFailure: 'local',
  },
  /** Whether a session still holds. Asking this counts as no use of it; whatever else a page asks for by itself does. */
  'session.watch': {
    authentication: 'session',
    strangers: [protectedFamily],
    actors: [levqorLimits.sessionWatch],
    onStoreFailure: 'local',
  },
  /** Reading: jobs, workflows, queue health, dead letters. */
  read: { authentication: 'session-or-key', strangers: [strangers], actors: known, onStoreFailure: 'local' },
  /** Changing something cheap: cancel, rename. */
  write: { authentication: 'session-or-key', strangers: [strangers], actors: known, onStoreFailure: 'local' },
  /** Work that costs: intake, retry, redrive, saving a workflow. */
  run: { authentication: 'session-or-key', strangers: [strangers], actors: costly, onStoreFailure: 'local' },
  /** Live events: one long answer per request. */
  stream: {
    authentication: 'session-or-key',
    strangers: [strangers],
    actors: known,
    onStoreFailure: 'local',
  },
  /** API keys and members of a workspace. */
  'user.write': {
    authentication: 'session-or-key',
    strangers: [protectedFamily],
    actors: [...known, levqorLimits.costlyWork],
    onStoreFailure: 'local',
  },
  /** Operators: reading. */
  'admin.read': {
    authentication: 'session-or-key',
    strangers: [protectedFamily],
    actors: known,
    onStoreFailure: 'deny',
  },
  /** Operators: changing. */
  'admin.write': {
    authentication: 'session-or-key',
    strangers: [protectedFamily],
    actors: [...known, levqorLimits.administration],
    onStoreFailure: 'deny',
  },
} as const satisfies Record<string, DoorRule>
