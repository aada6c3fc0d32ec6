// Abuse: device binding, referral rules, disposable mail, anomaly hints.
export {
  type AbusePolicy,
  type AnomalyRule,
  checkAbusePolicy,
  type DeviceAllowance,
  type DevicePolicy,
  type SignUpPolicy,
  type SignUpQuota,
} from './abuse-policy.ts'
export { type AnomalyWatch, type AnomalyWatchOptions, createAnomalyWatch } from './anomaly-watch.ts'
export type { DeviceState } from './device-state.ts'
export {
  createDeviceWatch,
  type DeviceSighting,
  type DeviceVerdict,
  type DeviceWatch,
  type DeviceWatchOptions,
} from './device-watch.ts'
export { disposableMailIn, type IsDisposableMail, loadDisposableMail } from './disposable-mail.ts'
export { loadNetworkTable } from './load-network-table.ts'
export { createMemoryReviewStore, type MemoryReviewStoreOptions } from './memory-review-store.ts'
export { type NetworkOf, networkName, noNetworks } from './network-of.ts'
export { createNetworkTableBuilder, type NetworkTable, type NetworkTableBuilder } from './network-table.ts'
export { requestTraits } from './request-traits.ts'
export {
  createReviews,
  type NewReview,
  type Review,
  type ReviewKind,
  type ReviewQuery,
  type ReviewStatus,
  type ReviewStore,
  type Reviews,
} from './review.ts'
export type { SignUpState } from './sign-up-state.ts'
export {
  createSignUpWatch,
  type HoldReason,
  type SignUp,
  type SignUpVerdict,
  type SignUpWatch,
  type SignUpWatchOptions,
} from './sign-up-watch.ts'
