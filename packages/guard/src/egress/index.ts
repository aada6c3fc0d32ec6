// Outgoing requests that cannot be turned against our own network.
export { type AllowList, compileAllowList, readAllowList } from './allow-list.ts'
export { type ResolveHost, systemResolve } from './check-target.ts'
export {
  createEgress,
  type Egress,
  type EgressOptions,
  type EgressRequest,
  type EgressResponse,
} from './create-egress.ts'
export { type EgressError, type EgressErrorCode, egressError, isEgressError } from './egress-error.ts'
export { specialUse } from './special-ranges.ts'
