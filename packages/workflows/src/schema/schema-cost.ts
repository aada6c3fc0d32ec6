// Whether checking a value against a schema is certainly quick. Pure: decides where the check runs.
import { isObject } from '../json.ts'
import { isLinearPattern } from './linear-pattern.ts'

const maxNodes = 300
// Without references every schema node looks at every value at most once, so their product bounds the work.
const maxWork = 2_000_000

export interface SchemaCost {
  /** No references (they can multiply without end) and only patterns of proven linear time. */
  readonly isBounded: boolean
  readonly nodes: number
}

/** @example measureSchema(schema).isBounded */
export function measureSchema(schema: unknown): SchemaCost {
  let nodes = 0
  let isBounded = true

  function walk(value: unknown): void {
    nodes += 1
    if (nodes > maxNodes) isBounded = false
    if (!isBounded) return
    if (Array.isArray(value)) value.forEach(walk)
    else if (isObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        if (!isCheapEntry(key, item)) isBounded = false
        walk(item)
      }
    }
  }

  walk(schema)
  return { isBounded, nodes }
}

export function isQuickCheck(cost: SchemaCost, payloadBytes: number): boolean {
  return cost.isBounded && cost.nodes * payloadBytes <= maxWork
}

function isCheapEntry(key: string, item: unknown): boolean {
  if (key === '$ref') return false
  if (key === 'pattern' && typeof item === 'string') return isLinearPattern(item)
  if (key === 'patternProperties' && isObject(item)) return Object.keys(item).every(isLinearPattern)
  return true
}
