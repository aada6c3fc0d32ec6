// How things look on a terminal: aligned tables, short times, a progress bar.
import type { JobError } from '@levqor/client'

/** Columns padded to their widest cell; control characters from data never reach the terminal. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(printable))
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Text of a job may hold escape sequences that would drive the reader's terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
}

export function time(text: string | null): string {
  return text === null ? '–' : text.replace('T', ' ').replace(/\.\d+Z$/, 'Z')
}

export function duration(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 1_000) return `${ms} ms`
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`
}

export function errorLine(error: JobError | null): string {
  if (!error) return ''
  return `${error.code}${error.step ? ` in ${error.step}` : ''}: ${error.message}`
}

/** `[########------------]  40 %  running` */
export function progressBar(percent: number, label: string, width: number): string {
  const cells = Math.max(10, Math.min(30, width - label.length - 12))
  const full = Math.round((percent / 100) * cells)
  return `[${'#'.repeat(full)}${'-'.repeat(cells - full)}] ${String(percent).padStart(3)} %  ${label}`
}
