// The error catalogue as a page: every problem document's `type` leads here.
import { errorCatalogue } from '../errors/catalogue.ts'
import { html } from './html.ts'
import { documentationPage } from './page.ts'

export function errorsPage(): string {
  const entries = Object.entries(errorCatalogue).sort(
    ([a, { status: first }], [b, { status: second }]) => first - second || (a < b ? -1 : 1),
  )
  const statuses = [...new Set(entries.map(([, { status }]) => status))]
  const navigation = html`${statuses.map(
    (status) => html`<h2><a href="#status-${status}">${status}</a></h2><ul>${entries
      .filter(([, facts]) => facts.status === status)
      .map(([code]) => html`<li><a href="#${code}">${code}</a></li>`)}</ul>
`,
  )}`
  const sections = statuses.map(
    (status) => html`<section aria-labelledby="status-${status}"><h2 id="status-${status}">${status}</h2>
${entries
  .filter(([, facts]) => facts.status === status)
  .map(
    ([code, facts]) => html`<article id="${code}"><h3><code>${code}</code></h3>
<p>${facts.title}. ${facts.help}</p>
<p class="note">${facts.retryable ? 'The same request may succeed later.' : 'The same request will fail again.'}</p></article>
`,
  )}</section>
`,
  )
  return documentationPage(
    'Errors · Levqor',
    navigation,
    html`<h1>Errors</h1>
<p>Every refusal is an <code>application/problem+json</code> document (RFC 9457). Its <code>code</code> is stable, its
<code>request_id</code> leads to the log line.</p>
${sections}`,
  )
}
