// A report for people: ratios first, because they are what carries over to another machine.
import type { Report } from './run-benchmark.ts'

export function printReport(report: Report): string {
  const { machine } = report
  return [
    `${report.name} – ${machine.cores} cores, ${machine.cpu}, ${machine.memory_gb} GB, ${machine.os}; Node ${report.node}, SQLite ${machine.sqlite}; median of ${report.rounds} rounds`,
    '',
    ...table(
      ['ratio', 'median', 'range'],
      Object.entries(report.ratios).map(([name, value]) => [
        name,
        String(value),
        (report.ranges[name] ?? []).join(' – '),
      ]),
    ),
    '',
    ...table(
      ['figure', 'median'],
      Object.entries(report.figures).map(([name, value]) => [name, thousands(value)]),
    ),
    '',
    ...report.notes.map((note) => `- ${note}`),
  ].join('\n')
}

// Markdown, so that it can be pasted into the README as it is.
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(head), rule, ...rows.map(line)]
}

function thousands(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 })
}
