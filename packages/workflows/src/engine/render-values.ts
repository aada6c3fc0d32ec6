// Templates of a step's parameters to values: lone paths here, everything else in the sandbox in one call.

import { readTemplateText, resolvePath } from '../definition/template-text.ts'
import { collectTexts } from '../definition/walk-texts.ts'
import { isObject, mapValues } from '../json.ts'
import type { Sandbox } from '../sandbox/create-sandbox.ts'

export interface Scope {
  readonly payload: unknown
  /** Output by step id; null for a skipped step. */
  readonly steps: Readonly<Record<string, unknown>>
}

export interface RenderOptions {
  readonly scope: Scope
  readonly sandbox: Sandbox
  readonly workspaceId: string
  /** Parameters that are no templates (see `Connector.languages`). A lone path is still a path. */
  readonly languages?: Readonly<Record<string, string>>
}

/**
 * The same JSON with every template rendered. A lone path keeps its type; where it leads to nothing, an object
 * loses the key and a list gets null.
 *
 * @throws WorkflowError `template_failed`, `sandbox_timeout`, `sandbox_memory`, `sandbox_output_too_large`
 */
export async function renderValues(value: unknown, options: RenderOptions): Promise<unknown> {
  const { scope, sandbox, workspaceId, languages = {} } = options
  const raw = new Set(Object.keys(languages).map((name) => `/${name}`))
  const templates = collectTexts(value).filter(
    ({ pointer, text }) => !raw.has(pointer) && readTemplateText(text).kind === 'template',
  )
  const texts = templates.map(({ text }) => text)
  const rendered =
    texts.length === 0
      ? []
      : await sandbox.run(
          'render',
          { templates: texts, scope: pickScope(scope, texts) },
          { key: workspaceId },
        )
  const byText = new Map(texts.map((text, index) => [text, rendered[index] ?? '']))
  return fill(value, scope, byText)
}

function fill(value: unknown, scope: Scope, rendered: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    const text = readTemplateText(value)
    return text.kind === 'path' ? resolvePath(scope, text.segments) : (rendered.get(value) ?? value)
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, scope, rendered) ?? null)
  return isObject(value) ? mapValues(value, (item) => fill(item, scope, rendered)) : value
}

/**
 * The payload and the steps whose ids occur in the texts: what the sandbox is not asked about is not sent.
 * References are written out (checked on save), so an id that is read is also seen.
 */
export function pickScope({ payload, steps }: Scope, texts: readonly string[]): Scope {
  const named = Object.entries(steps).filter(([id]) => texts.some((text) => text.includes(id)))
  return { payload, steps: Object.fromEntries(named) }
}
