// A table in plain text, for mail clients and people that read no HTML.

export type TableCell = string | number | boolean | null

export interface MailTable {
  readonly columns: readonly string[]
  /** As many cells per row as there are columns. */
  readonly rows: readonly (readonly TableCell[])[]
}

export function cellText(cell: TableCell): string {
  return cell === null ? '' : String(cell).replace(/\s+/g, ' ')
}

/** True when every filled cell of the column is a number: such columns are aligned to the right. */
export function isNumberColumn(table: MailTable, column: number): boolean {
  const cells = table.rows.map((row) => row[column] ?? null).filter((cell) => cell !== null)
  return cells.length > 0 && cells.every((cell) => typeof cell === 'number')
}

/** Aligned columns, two spaces apart, with a line under the heading. */
export function textTable(table: MailTable): string {
  const lines = [table.columns.map(cellText), ...table.rows.map((row) => row.map(cellText))]
  const widths = table.columns.map((_, column) =>
    Math.max(1, ...lines.map((line) => width(line[column] ?? ''))),
  )
  const numbers = table.columns.map((_, column) => isNumberColumn(table, column))
  const drawn = lines.map((line) =>
    line
      .map((text, column) => {
        const space = ' '.repeat((widths[column] ?? 0) - width(text))
        return numbers[column] ? space + text : text + space
      })
      .join('  ')
      .trimEnd(),
  )
  const rule = widths.map((columns) => '-'.repeat(columns)).join('  ')
  return [drawn[0] ?? '', rule, ...drawn.slice(1)].join('\n')
}

/** Characters, not UTF-16 units, so that emoji do not shift a column by one. */
function width(text: string): number {
  return Array.from(text).length
}
