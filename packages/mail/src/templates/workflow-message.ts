// What a workflow writes to somebody: a subject, paragraphs, and perhaps a table.
import { invalidMail } from '../mail-error.ts'
import { type Html, html, joinHtml } from './html.ts'
import { mailDocument, type RenderedMail } from './mail-document.ts'
import { mailLimits } from './mail-limits.ts'
import { cellText, isNumberColumn, type MailTable, textTable } from './text-table.ts'

export interface WorkflowMessageProps {
  /** One line. */
  readonly subject: string
  /** Blank lines separate paragraphs. */
  readonly text: string
  readonly table?: MailTable
  /** Name of the workflow, shown at the foot so that the reader knows where the mail comes from. */
  readonly workflow?: string
}

/** @throws MailError `mail_invalid` when a limit of {@link mailLimits} is passed or a row is ragged. */
export function workflowMessage(props: WorkflowMessageProps): RenderedMail {
  const { subject, table, workflow } = props
  if (props.text.length > mailLimits.textLength) {
    throw invalidMail('text', `has more than ${mailLimits.textLength} characters`)
  }
  if (table) checkTable(table)
  const text = props.text.replace(/\r\n?/g, '\n').trim()
  const foot = workflow === undefined ? undefined : `Sent by the workflow ${workflow}.`
  const paragraphs = text === '' ? [] : text.split(/\n{2,}/)
  return {
    subject,
    text: `${[text, table && textTable(table), foot && `-- \n${foot}`].filter(Boolean).join('\n\n')}\n`,
    html: mailDocument(
      subject,
      joinHtml([
        ...paragraphs.map((paragraph) => html`<p>${lines(paragraph)}</p>\n`),
        ...(table ? [htmlTable(table)] : []),
        ...(foot ? [html`<p class="quiet">${foot}</p>`] : []),
      ]),
    ),
  }
}

function checkTable({ columns, rows }: MailTable): void {
  const { tableColumns, tableRows, cellLength } = mailLimits
  if (columns.length < 1 || columns.length > tableColumns) {
    throw invalidMail('table', `must have 1 to ${tableColumns} columns`)
  }
  if (rows.length > tableRows) throw invalidMail('table', `has more than ${tableRows} rows`)
  if (rows.some((row) => row.length !== columns.length)) {
    throw invalidMail('table', 'has a row with more or fewer cells than there are columns')
  }
  if ([columns, ...rows].some((row) => row.some((cell) => String(cell).length > cellLength))) {
    throw invalidMail('table', `has a cell of more than ${cellLength} characters`)
  }
}

function lines(paragraph: string): Html {
  return joinHtml(paragraph.split('\n').map((line, i) => (i === 0 ? html`${line}` : html`<br>${line}`)))
}

function htmlTable(table: MailTable): Html {
  const numbers = table.columns.map((_, column) => isNumberColumn(table, column))
  const heads = table.columns.map((name, column) =>
    numbers[column]
      ? html`<th scope="col" class="number">${cellText(name)}</th>`
      : html`<th scope="col">${cellText(name)}</th>`,
  )
  const rows = table.rows.map((row) => {
    const cells = row.map((cell, column) =>
      numbers[column] ? html`<td class="number">${cellText(cell)}</td>` : html`<td>${cellText(cell)}</td>`,
    )
    return html`<tr>${joinHtml(cells)}</tr>\n`
  })
  // A wide table scrolls in its own box, which the keyboard must reach (WCAG 2.1.1).
  return html`<div class="wide" role="region" aria-label="Table" tabindex="0"><table>
<thead><tr>${joinHtml(heads)}</tr></thead>
<tbody>
${joinHtml(rows)}</tbody>
</table></div>
`
}
