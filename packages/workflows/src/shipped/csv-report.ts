// Shipped workflow: a table by mail, computed from CSV text.
import type { Definition } from '../definition/definition.ts'

export const csvReport: Definition = {
  name: 'csv-report',
  title: 'CSV report',
  description: 'Parses CSV text, aggregates its rows by a JSONata expression and mails the resulting table.',
  input: {
    type: 'object',
    required: ['csv', 'to'],
    additionalProperties: false,
    properties: {
      csv: { type: 'string', minLength: 1, title: 'CSV', description: 'Text with a header line.' },
      expression: {
        type: 'string',
        minLength: 1,
        maxLength: 10_000,
        default: '$',
        title: 'Expression',
        description:
          'JSONata over the list of rows; numerals are numbers. Example: $each(${ region: $sum(amount) }, function($total, $region) { { "region": $region, "total": $total } }). Default: the rows themselves.',
      },
      to: { type: 'string', format: 'email', title: 'Send to' },
      subject: { type: 'string', minLength: 1, maxLength: 150, default: 'CSV report', title: 'Subject' },
    },
  },
  steps: [
    { id: 'table', use: 'csv.parse', with: { text: '{{ payload.csv }}', numbers: true } },
    {
      id: 'report',
      use: 'data.transform',
      with: { expression: '{{ payload.expression }}', data: '{{ steps.table.rows }}' },
    },
    {
      id: 'mail',
      use: 'email.send',
      with: {
        to: '{{ payload.to }}',
        subject: '{{ payload.subject }}',
        text: 'Computed from {{ steps.table.count }} rows.',
        table: '{{ steps.report }}',
      },
    },
  ],
  output: {
    rows: '{{ steps.table.count }}',
    columns: '{{ steps.table.columns }}',
    report: '{{ steps.report }}',
    recipients: '{{ steps.mail.recipients }}',
  },
}
