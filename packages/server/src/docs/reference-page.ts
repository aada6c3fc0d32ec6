// The API reference, written from the OpenAPI document on the server: readable without a script, in any window.
import { type Html, html } from './html.ts'
import { documentationPage } from './page.ts'
import { describeSchemaText, get, type SchemaRow, schemaRows, typeName } from './schema-rows.ts'
import { signingIn } from './signing-in.ts'

interface Operation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly group: string
  readonly facts: unknown
}

/** @param document the OpenAPI document as an object */
export function referencePage(document: unknown): string {
  const operations = listOperations(document)
  const groups = [...Map.groupBy(operations, ({ group }) => group)]
  const navigation = html`<h2><a href="#signing-in">Signing in</a></h2>${groups.map(
    ([group, own]) => html`<h2><a href="#group-${group}">${group}</a></h2><ul>${own.map(
      ({ id, method, path }) => html`<li><a href="#${id}"><b>${method}</b> ${breakable(path)}</a></li>`,
    )}</ul>
`,
  )}`
  const sections = groups.map(
    ([group, own]) =>
      html`<section aria-labelledby="group-${group}"><h2 id="group-${group}">${group}</h2>
${own.map(operationArticle)}</section>
`,
  )
  const title = text(get(get(document, 'info'), 'title'))
  return documentationPage(
    `API reference · ${title}`,
    navigation,
    html`<h1>${title} API</h1>
<p>Version ${text(get(get(document, 'info'), 'version'))}. Bodies are JSON. Errors are
<a href="/docs/errors">problem documents</a>.</p>
${signingIn(document)}${sections}`,
  )
}

function listOperations(document: unknown): Operation[] {
  const paths = get(document, 'paths')
  return Object.entries(typeof paths === 'object' && paths !== null ? paths : {}).flatMap(([path, item]) =>
    Object.entries(item as object).flatMap(([method, facts]: [string, unknown]) => {
      const id = get(facts, 'operationId')
      if (typeof id !== 'string') return []
      const tags = get(facts, 'tags')
      return [
        {
          id,
          method: method.toUpperCase(),
          path,
          group: text(Array.isArray(tags) ? tags[0] : 'other'),
          facts,
        },
      ]
    }),
  )
}

function operationArticle({ id, method, path, facts }: Operation): Html {
  const parameters = get(facts, 'parameters')
  const body = get(get(get(get(facts, 'requestBody'), 'content'), 'application/json'), 'schema')
  return html`<article id="${id}"><h3><b class="method">${method}</b> <code>${breakable(path)}</code></h3>
<p>${text(get(facts, 'summary'))}.</p>
<p class="note">${withCode(text(get(facts, 'description')))}</p>
${parameterTable(Array.isArray(parameters) ? parameters : [])}
${body === undefined ? html`` : fieldTable('Body', schemaRows(body), body)}
${answers(facts)}
</article>
`
}

/** Text with `code` in it. */
function withCode(words: string): Html {
  return html`${words.split('`').map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`))}`
}

function parameterTable(parameters: readonly unknown[]): Html {
  if (parameters.length === 0) return html``
  const rows = parameters.map((parameter) => ({
    name: text(get(parameter, 'name')),
    type: `${typeName(get(parameter, 'schema'))} in ${text(get(parameter, 'in'))}`,
    required: get(parameter, 'required') === true,
    about: [text(get(parameter, 'description')), describeSchemaText(get(parameter, 'schema'))]
      .filter((part) => part !== '')
      .join('; '),
  }))
  return table('Parameters', rows)
}

function fieldTable(caption: string, rows: readonly SchemaRow[], schema: unknown): Html {
  return rows.length === 0 ? html`<p>${caption}: ${typeName(schema)}.</p>` : table(caption, rows)
}

function answers(facts: unknown): Html {
  const responses = get(facts, 'responses')
  const entries = Object.entries(typeof responses === 'object' && responses !== null ? responses : {})
  return html`${entries
    .filter(([status]) => status !== 'default')
    .map(([status, response]: [string, unknown]) => {
      const content = get(response, 'content')
      const schema = get(Object.values((content as object | undefined) ?? {})[0], 'schema')
      return schema === undefined
        ? html`<p>Answer ${status}, without a body.</p>`
        : html`<details><summary>Answer ${status}</summary>${fieldTable(`Answer ${status}`, always(schemaRows(schema)), schema)}</details>`
    })}`
}

// In an answer every field is there; saying so on each would only be noise.
function always(rows: readonly SchemaRow[]): SchemaRow[] {
  return rows.map((row) => ('form' in row ? row : { ...row, required: false }))
}

function table(caption: string, rows: readonly SchemaRow[]): Html {
  return html`<div class="wide" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption>
<thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Notes</th></tr></thead>
<tbody>${rows.map(tableRow)}</tbody></table></div>`
}

function tableRow(row: SchemaRow): Html {
  if ('form' in row)
    return html`<tr class="form"><td colspan="3">${row.form}</td></tr>
`
  const required = row.required ? html` <span class="required">required</span>` : html``
  return html`<tr><th scope="row"><code>${row.name}</code>${required}</th><td>${row.type}</td><td>${row.about}</td></tr>
`
}

// Long paths may wrap after a slash.
function breakable(path: string): Html {
  return html`${path.split('/').flatMap((part, index) => (index === 0 ? [] : [html`/<wbr>${part}`]))}`
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
