// JSON values as a type, and the walks that untrusted documents need before anything else looks at them.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of an own property; never anything inherited. */
export function ownValue(container: unknown, key: string): unknown {
  if (Array.isArray(container)) return /^(0|[1-9]\d{0,9})$/.test(key) ? container[Number(key)] : undefined
  return isObject(container) && Object.hasOwn(container, key) ? container[key] : undefined
}

/** The same object with every value replaced. `undefined` drops the key. Keys are always own properties. */
export function mapValues(
  object: Readonly<Record<string, unknown>>,
  change: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(object).map(([key, value]) => [key, change(value, key)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/**
 * Path to the first value nested deeper than `maxDepth`, or undefined. Walks without recursion: everything that
 * does recurse (JSON.stringify, digests, copies) may only see what passed here.
 */
export function findDeeper(root: unknown, maxDepth: number): readonly string[] | undefined {
  const stack: { readonly value: unknown; readonly path: readonly string[] }[] = [{ value: root, path: [] }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { value, path } = next
    if (typeof value !== 'object' || value === null) continue
    if (path.length > maxDepth) return path
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === 'object' && item !== null) stack.push({ value: item, path: [...path, key] })
    }
  }
  return undefined
}

/** Length of the JSON text in UTF-8 bytes. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value ?? null))
}
