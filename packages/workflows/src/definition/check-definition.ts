// Everything that can be found out about a workflow when it is saved, as problems that say what to change.
import type { ConnectorTable } from '../connectors/connector.ts'
import { findDeeper, isObject, type Json, jsonBytes } from '../json.ts'
import { maxProblems, type Problem, pointerTo } from '../problem.ts'
import type { Sandbox } from '../sandbox/create-sandbox.ts'
import type { Analysis } from '../sandbox/operations.ts'
import { compileSchema } from '../schema/compile-schema.ts'
import { checkSchemaLimits, schemaLimits } from '../schema/schema-limits.ts'
import { codeOf } from '../workflow-error.ts'
import { checkParameters } from './check-parameters.ts'
import { checkReference } from './check-references.ts'
import { type Definition, definitionLimits } from './definition.ts'
import { definitionSchema } from './definition-schema.ts'
import { readTemplateText } from './template-text.ts'
import { collectTexts } from './walk-texts.ts'

declare const checked: unique symbol

/** A definition that passed {@link checkDefinition}. Only such a one can be saved. */
export type CheckedDefinition = Definition & { readonly [checked]: true }

export type DefinitionResult =
  | { readonly ok: true; readonly definition: CheckedDefinition }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export interface DefinitionTools {
  readonly connectors: ConnectorTable
  readonly sandbox: Sandbox
  /** The workspace that asks; the sandbox is shared fairly by it. */
  readonly workspaceId: string
}

/** A text in the definition that has a language, where it stands and what it may read. */
interface Script {
  readonly language: 'liquid' | 'jsonata'
  readonly pointer: string
  readonly text: string
  readonly position: number
  /** The expression sees other data than payload and steps. */
  readonly hasOwnRoot?: boolean
}

const checkShape = compileSchema(definitionSchema)

/**
 * Checks shape, step graph, connectors and their parameters, templates, expressions and the input schema, and
 * reports all problems. Uses the sandbox: call it outside a transaction.
 *
 * @example
 * const result = await checkDefinition(json, { connectors, sandbox, workspaceId })
 * if (result.ok) await database.workspace(workspaceId).transaction((tx) => saveWorkflow(tx, { definition: result.definition }, tools))
 */
export async function checkDefinition(document: unknown, tools: DefinitionTools): Promise<DefinitionResult> {
  const oversize = checkSize(document)
  if (oversize) return { ok: false, problems: [oversize] }
  const shape = checkShape(document).problems
  if (shape.length > 0) return { ok: false, problems: shape }
  // The shape was compared with the schema that describes a Definition.
  const definition = document as Definition
  const problems = [
    ...checkSteps(definition, tools.connectors),
    ...(await checkInputSchema(definition, tools)),
    ...(await checkScripts(definition, tools)),
  ]
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, maxProblems) }
  return { ok: true, definition: definition as CheckedDefinition }
}

function checkSize(document: unknown): Problem | undefined {
  // The input schema has its own limit of depth, which its own check reports.
  const { input, ...rest } = isObject(document) ? document : {}
  const deep = findDeeper(rest, definitionLimits.depth)
  const tooDeep = deep ?? findDeeper(input, 2 * schemaLimits.depth)
  if (tooDeep) {
    const pointer = pointerTo(deep ? '' : '/input', ...tooDeep)
    return { pointer, code: 'too_deep', message: `Nest at most ${definitionLimits.depth} levels.` }
  }
  if (jsonBytes(document) <= definitionLimits.bytes) return undefined
  return { pointer: '', code: 'too_large', message: `Use at most ${definitionLimits.bytes} bytes.` }
}

function checkSteps({ steps }: Definition, connectors: ConnectorTable): Problem[] {
  return steps.flatMap((step, position) => {
    const at = pointerTo('/steps', position)
    const problems: Problem[] = []
    if (steps.findIndex(({ id }) => id === step.id) < position) {
      const message = `Give this step another id; "${step.id}" is taken by an earlier step.`
      problems.push({ pointer: `${at}/id`, code: 'duplicate_step_id', message })
    }
    const connector = connectors.get(step.use)
    if (connector) problems.push(...checkParameters(connector, step.with ?? {}, `${at}/with`))
    else {
      const message = `There is no connector "${step.use}". Use one of ${[...connectors.keys()].join(', ')}.`
      problems.push({ pointer: `${at}/use`, code: 'unknown_connector', message })
    }
    return problems
  })
}

async function checkInputSchema({ input }: Definition, tools: DefinitionTools): Promise<Problem[]> {
  if (input === undefined) return []
  const limits = checkSchemaLimits(input)
  const problems = limits.length > 0 ? limits : await explainInSandbox(input, tools)
  return problems.map(({ pointer, code, message }) => ({
    pointer: `/input${pointer}`,
    code: limits.length > 0 ? code : 'bad_schema',
    message,
  }))
}

async function explainInSandbox(schema: Json, tools: DefinitionTools): Promise<readonly Problem[]> {
  try {
    return await tools.sandbox.run('checkSchema', { schema }, { key: tools.workspaceId })
  } catch (error) {
    return [limitProblem(error, '')]
  }
}

async function checkScripts(definition: Definition, tools: DefinitionTools): Promise<Problem[]> {
  const problems: Problem[] = []
  const scripts: Script[] = []
  for (const script of collectScripts(definition, tools.connectors)) {
    const text = readTemplateText(script.text)
    if (text.kind === 'path') {
      const problem = checkReference(text.segments, script.pointer, { definition, position: script.position })
      if (problem) problems.push(problem)
    } else if (text.kind === 'template' || script.language === 'jsonata') scripts.push(script)
  }
  if (scripts.length === 0) return problems
  const templates = scripts.filter(({ language }) => language === 'liquid')
  const expressions = scripts.filter(({ language }) => language === 'jsonata')
  try {
    const analyses = await tools.sandbox.run(
      'analyse',
      { templates: templates.map(({ text }) => text), expressions: expressions.map(({ text }) => text) },
      { key: tools.workspaceId },
    )
    const judge = (script: Script, analysis: Analysis | undefined) =>
      judgeScript(definition, script, analysis)
    problems.push(...templates.flatMap((script, index) => judge(script, analyses.templates[index])))
    problems.push(...expressions.flatMap((script, index) => judge(script, analyses.expressions[index])))
  } catch (error) {
    problems.push(limitProblem(error, '/steps'))
  }
  return problems
}

function collectScripts({ steps, output }: Definition, connectors: ConnectorTable): Script[] {
  const scripts = steps.flatMap((step, position) => {
    const at = pointerTo('/steps', position)
    const languages = connectors.get(step.use)?.languages ?? {}
    const hasOwnRoot = step.with?.data !== undefined
    const found: Script[] = collectTexts(step.with ?? {}).map(({ pointer, text }) => {
      const language = languages[pointer.slice(1)] ?? 'liquid'
      return { language, pointer: `${at}/with${pointer}`, text, position, hasOwnRoot }
    })
    if (step.when !== undefined) {
      found.push({ language: 'jsonata', pointer: `${at}/when`, text: step.when, position })
    }
    return found
  })
  const last = collectTexts(output, '/output').map(
    ({ pointer, text }): Script => ({ language: 'liquid', pointer, text, position: steps.length }),
  )
  return [...scripts, ...last]
}

function judgeScript(definition: Definition, script: Script, analysis: Analysis | undefined): Problem[] {
  const { pointer, language, position } = script
  if (!analysis) return []
  if ('error' in analysis) {
    const [code, name] =
      language === 'liquid' ? ['bad_template', 'Liquid template'] : ['bad_expression', 'JSONata expression']
    return [{ pointer, code, message: `Mend the ${name}: ${analysis.error}` }]
  }
  if (language === 'jsonata' && script.hasOwnRoot) return []
  const problems = analysis.references.flatMap(
    (reference) => checkReference(reference, pointer, { definition, position }) ?? [],
  )
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()]
}

/** A definition that needs too much time or memory only to be read is itself the problem. */
function limitProblem(error: unknown, pointer: string): Problem {
  const code = codeOf(error)
  if (code !== 'sandbox_timeout' && code !== 'sandbox_memory' && code !== 'sandbox_output_too_large')
    throw error
  return {
    pointer,
    code: 'too_complex',
    message: 'Make it simpler; reading it takes too much time or memory.',
  }
}
