// Values out of an HTML page by CSS selectors. Runs inside the sandbox thread: pages and selectors are untrusted.
import * as cheerio from 'cheerio'
import { mapValues } from '../json.ts'
import { workflowError } from '../workflow-error.ts'
import { countWords } from './count-words.ts'
import { type MarkupNode, visibleText } from './visible-text.ts'

/** See the table in the README: the form of a selector alone decides the form of its result. */
export type SelectSpec =
  | string
  | readonly [string]
  | { readonly first: string }
  | { readonly all: string }
  | { readonly count: string }
  | { readonly words: string }

export interface ExtractInput {
  readonly html: string
  readonly select: Readonly<Record<string, SelectSpec>>
  readonly baseUrl?: string
}

/** @throws WorkflowError `bad_selector` */
export function extractHtml({ html, select, baseUrl }: ExtractInput): Record<string, unknown> {
  const page = cheerio.load(html)
  const base = documentBase(page('base[href]').first().attr('href'), baseUrl)
  return mapValues(select, (spec, key) => {
    try {
      // The step's parameters were checked against the connector's schema.
      return extract(page, spec as SelectSpec, base)
    } catch (error) {
      if (error instanceof RangeError) throw error
      const reason = error instanceof Error ? error.message : String(error)
      throw workflowError('bad_selector', `The selector of "${key}" cannot be used: ${reason}`, {
        final: true,
      })
    }
  })
}

function extract(page: cheerio.CheerioAPI, spec: SelectSpec, base: string | undefined): unknown {
  if (typeof spec === 'string') {
    const { attribute } = parseSelector(spec)
    return attribute === undefined ? first(page, spec, base) : all(page, spec, base)
  }
  if (Array.isArray(spec)) return all(page, spec[0], base)
  if ('first' in spec) return first(page, spec.first, base)
  if ('all' in spec) return all(page, spec.all, base)
  if ('count' in spec) return values(page, spec.count, base).length
  if ('words' in spec) return countWords(values(page, spec.words, base).join(' '))
  throw new Error('use one of first, all, count, words')
}

const first = (page: cheerio.CheerioAPI, text: string, base: string | undefined) =>
  values(page, text, base)[0] ?? null
const all = (page: cheerio.CheerioAPI, text: string, base: string | undefined) => values(page, text, base)

function values(page: cheerio.CheerioAPI, text: string, base: string | undefined): string[] {
  const { css, attribute } = parseSelector(text)
  // Only `find` reads a selector as nothing but a selector; the function itself would also parse markup.
  const nodes = page.root().find(css).toArray()
  // The parser's nodes have the few fields that the walk reads.
  if (attribute === undefined) return nodes.map((node) => visibleText(node as unknown as MarkupNode))
  const found: string[] = []
  for (const node of nodes) {
    const value = page(node).attr(attribute)
    if (value !== undefined) found.push(addressAttributes.has(attribute) ? absolute(value, base) : value)
  }
  return found
}

/** `css@attribute`, or `css` for the text. An @ inside brackets or quotes belongs to the selector. */
export function parseSelector(text: string): { readonly css: string; readonly attribute?: string } {
  const match = /^(.*)@([A-Za-z_][\w:.-]*)\s*$/s.exec(text)
  const css = match?.[1]?.trim()
  const attribute = match?.[2]?.toLowerCase()
  if (text.trimStart().startsWith('@')) throw new Error('write a selector before the @')
  if (!css || !attribute) return { css: text }
  return { css, attribute }
}

const addressAttributes: ReadonlySet<string> = new Set(['href', 'src', 'action', 'poster', 'cite'])

function documentBase(href: string | undefined, baseUrl: string | undefined): string | undefined {
  if (href === undefined) return baseUrl
  return URL.parse(href, baseUrl)?.href ?? baseUrl
}

/** Without a base, or when it is no address at all, the value stays as it was written. */
function absolute(value: string, base: string | undefined): string {
  if (base === undefined) return value
  return URL.parse(value.trim(), base)?.href ?? value
}
