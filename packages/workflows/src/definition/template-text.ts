// What a text in a definition is: itself, one lone path that keeps its type, or a Liquid template.
import { ownValue } from '../json.ts'

export type TemplateText =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'path'; readonly segments: readonly string[] }
  | { readonly kind: 'template'; readonly text: string }

const lone = /^\{\{\s*([A-Za-z_](?:[^{}|'"\s]|\["[^"{}]*"\]|\['[^'{}]*'\]){0,500})\s*\}\}$/
const segment = /(?:^|\.)([A-Za-z_][\w-]*)|\[(\d{1,9})\]|\["([^"]*)"\]|\['([^']*)'\]/y

/** @example readTemplateText('{{ payload.url }}') // { kind: 'path', segments: ['payload', 'url'] } */
export function readTemplateText(text: string): TemplateText {
  if (!text.includes('{{') && !text.includes('{%')) return { kind: 'literal', text }
  const path = lone.exec(text)?.[1]
  const segments = path === undefined ? undefined : splitPath(path)
  return segments ? { kind: 'path', segments } : { kind: 'template', text }
}

function splitPath(path: string): string[] | undefined {
  const segments: string[] = []
  let at = 0
  while (at < path.length) {
    segment.lastIndex = at
    const match = segment.exec(path)
    if (!match) return undefined
    segments.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '')
    at = segment.lastIndex
  }
  return segments
}

/** The value at a path, through own properties only; `undefined` when there is none. */
export function resolvePath(scope: unknown, segments: readonly string[]): unknown {
  return segments.reduce<unknown>(ownValue, scope)
}
