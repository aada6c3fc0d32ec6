// What can be said about a step's parameters before it runs: names, and the types of everything that is fixed.
import type { Connector } from '../connectors/connector.ts'
import { isObject, mapValues } from '../json.ts'
import { type Problem, pointerTo } from '../problem.ts'
import { readTemplateText } from './template-text.ts'
import { collectTexts } from './walk-texts.ts'

const codes: Readonly<Record<string, string>> = {
  missing: 'missing_parameter',
  unknown_property: 'unknown_parameter',
}

/** Pointers start at the step's `with`, whose own pointer is `pointer`. */
export function checkParameters(connector: Connector, parameters: unknown, pointer: string): Problem[] {
  const paths = new Set<string>()
  const templates = new Set<string>()
  for (const { pointer: at, text } of collectTexts(parameters)) {
    const { kind } = readTemplateText(text)
    if (kind === 'path') paths.add(at)
    if (kind === 'template' && connector.languages?.[at.slice(1)] === undefined) templates.add(at)
  }
  return connector
    .checkInput(withoutTemplates(parameters))
    .problems.filter((problem) => isCertain(problem, paths, templates))
    .map((problem) => ({
      pointer: problem.pointer === '' ? pointer : `${pointer}${problem.pointer}`,
      code: codes[problem.code] ?? problem.code,
      message: problem.message,
    }))
}

function isCertain(problem: Problem, paths: ReadonlySet<string>, templates: ReadonlySet<string>): boolean {
  const isAbout = (dynamic: string) =>
    problem.pointer === dynamic || problem.pointer.startsWith(`${dynamic}/`)
  for (const path of paths) if (isAbout(path)) return false
  // A template gives some text: whether a text may stand here is known, which text is not.
  if (templates.has(problem.pointer)) return problem.code === 'wrong_type'
  // A choice between forms may fail only because the stand-in for a template fits none of them.
  const isChoice = problem.code === 'wrong_type' || problem.code === 'not_allowed'
  const holdsDynamic = [...paths, ...templates].some((at) => at.startsWith(pointerTo(problem.pointer, '')))
  return !(isChoice && holdsDynamic)
}

// Templates give way to an empty text; lone paths too, whose problems are all dropped.
function withoutTemplates(value: unknown): unknown {
  if (typeof value === 'string') return readTemplateText(value).kind === 'literal' ? value : ''
  if (Array.isArray(value)) return value.map(withoutTemplates)
  return isObject(value) ? mapValues(value, withoutTemplates) : value
}
