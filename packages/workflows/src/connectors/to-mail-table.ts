// Whatever a step computed, as a table for a mail.
import type { MailTable, TableCell } from '@levqor/mail'
import { isObject } from '../json.ts'

/**
 * A list of objects has their keys as columns, in the order in which they first appear. A list of lists has its
 * first row as the header. A single object is one row; anything else one cell.
 */
export function toMailTable(value: unknown): MailTable {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  const [head, ...others] = items
  if (Array.isArray(head) && items.every(Array.isArray)) {
    const columns = head.map((cell) => String(toCell(cell) ?? ''))
    return { columns, rows: others.map((row) => columns.map((_, index) => toCell([row].flat()[index]))) }
  }
  const columns = [...new Set(items.flatMap((item) => (isObject(item) ? Object.keys(item) : ['value'])))]
  const rows = items.map((item) =>
    columns.map((name) => {
      if (!isObject(item)) return name === 'value' ? toCell(item) : null
      return Object.hasOwn(item, name) ? toCell(item[name]) : null
    }),
  )
  return { columns, rows }
}

function toCell(value: unknown): TableCell {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.stringify(value)
}
