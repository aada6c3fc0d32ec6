// A payload against its workflow's input schema: here when that is certainly quick, in the sandbox otherwise.
import { findDeeper, isObject, jsonBytes } from '../json.ts'
import { type Problem, pointerTo } from '../problem.ts'
import type { Sandbox } from '../sandbox/create-sandbox.ts'
import { compileSchema, type SchemaCheck } from './compile-schema.ts'
import { isQuickCheck, measureSchema, type SchemaCost } from './schema-cost.ts'

export type PayloadResult =
  | { readonly ok: true; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export interface PayloadCheck {
  /** The workflow version that owns the schema; versions never change, so the compiled check is kept. */
  readonly versionId: string
  /** The definition's `input`; without one any object passes. */
  readonly schema: unknown
  readonly payload: unknown
  readonly workspaceId: string
}

interface Entry {
  readonly cost: SchemaCost
  readonly check: SchemaCheck | undefined
}

const maxEntries = 500

/** Levels of nesting that a payload may have. */
const maxPayloadDepth = 64

/**
 * A checker for the intake. Its result is the payload with the schema's defaults, which is what the job gets.
 * Pointers lead into the payload. Call it outside a transaction.
 *
 * @throws WorkflowError `sandbox_timeout` or `sandbox_memory` when the schema itself is the attack
 * @example const result = await createPayloadChecker(sandbox)({ versionId, schema, payload, workspaceId })
 */
export function createPayloadChecker(sandbox: Sandbox): (request: PayloadCheck) => Promise<PayloadResult> {
  const entries = new Map<string, Entry>()

  function entryOf({ versionId, schema }: PayloadCheck): Entry {
    const known = entries.get(versionId)
    if (known) return known
    const cost = measureSchema(schema)
    const entry = { cost, check: cost.isBounded ? compileSchema(schema) : undefined }
    const oldest = entries.keys().next()
    if (entries.size >= maxEntries && !oldest.done) entries.delete(oldest.value)
    entries.set(versionId, entry)
    return entry
  }

  return async (request) => {
    const { schema, payload, workspaceId } = request
    if (!isObject(payload)) {
      return {
        ok: false,
        problems: [{ pointer: '', code: 'wrong_type', message: 'Make the payload an object.' }],
      }
    }
    const deep = findDeeper(payload, maxPayloadDepth)
    if (deep) {
      const message = `Nest at most ${maxPayloadDepth} levels.`
      return { ok: false, problems: [{ pointer: pointerTo('', ...deep), code: 'too_deep', message }] }
    }
    const { cost, check } = entryOf(schema === undefined ? { ...request, schema: {} } : request)
    const result =
      check && isQuickCheck(cost, jsonBytes(payload))
        ? check(payload)
        : await sandbox.run('validate', { schema, value: payload }, { key: workspaceId })
    if (result.problems.length > 0) return { ok: false, problems: result.problems }
    // An object goes in, and defaults only add to it.
    return { ok: true, payload: result.value as Readonly<Record<string, unknown>> }
  }
}
