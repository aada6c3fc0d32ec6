// What can be said about a step's parameters before it runs: names, and the types of everything that is fixed.
import type { Connector } from '../connectors/connector.ts'
import { isObject, mapValues } from '../json.ts'
import type { Problem } from '../problem.ts'
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
  const { problems } = connector.checkInput(withoutTemplates(parameters))
  // A choice between forms may fail only because the stand-in for a template fits none of them.
  const openChoices = problems
    .filter((problem) => problem.code === 'no_form_fits')
    .map((problem) => problem.pointer)
    .filter((choice) => [...paths, ...templates].some((at) => isWithin(at, choice)))
  return problems
    .filter((problem) => !openChoices.some((choice) => isWithin(problem.pointer, choice)))
    .filter((problem) => isCertain(problem, paths, templates))
    .map((problem) => ({
      pointer: problem.pointer === '' ? pointer : `${pointer}${problem.pointer}`,
      code: codes[problem.code] ?? problem.code,
      message: problem.message,
    }))
}

function isWithin(pointer: string, ancestor: string): boolean {
  return pointer === ancestor || pointer.startsWith(`${ancestor}/`)
}

function isCertain(problem: Problem, paths: ReadonlySet<string>, templates: ReadonlySet<string>): boolean {
  for (const path of paths) if (isWithin(problem.pointer, path)) return false
  // A template gives some text: whether a text may stand here is known, which text is not.
  return !templates.has(problem.pointer) || problem.code === 'wrong_type'
}

// Templates and paths give way to some text; what is said about the text itself is dropped above.
function withoutTemplates(value: unknown): unknown {
  if (typeof value === 'string') return readTemplateText(value).kind === 'literal' ? value : 'some text'
  if (Array.isArray(value)) return value.map(withoutTemplates)
  return isObject(value) ? mapValues(value, withoutTemplates) : value
}
