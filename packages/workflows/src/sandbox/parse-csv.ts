// CSV text to rows. Runs inside the sandbox thread, because a hostile text is large and crooked.
import { CsvError, parse } from 'csv-parse/sync'
import { workflowError } from '../workflow-error.ts'
import type { SandboxOperations } from './operations.ts'

type Input = SandboxOperations['parseCsv']['input']
type Output = SandboxOperations['parseCsv']['output']

const maxColumns = 1_000
const maxRecordCharacters = 200_000

/** @throws WorkflowError `bad_csv` with the line that could not be read */
export function parseCsv({ text, delimiter, header, numbers }: Input): Output {
  const records = readRecords(text, delimiter ?? guessDelimiter(text))
  const cell = numbers ? toNumber : (value: string) => value
  if (!header) {
    const rows = records.map((record) => record.map(cell))
    return { columns: [], rows, count: rows.length }
  }
  const columns = nameColumns(records[0] ?? [])
  // fromEntries defines own properties: a column called __proto__ stays a plain key.
  const rows = records
    .slice(1)
    .map((record) => Object.fromEntries(columns.map((name, index) => [name, cell(record[index] ?? '')])))
  return { columns, rows, count: rows.length }
}

function readRecords(text: string, delimiter: string): string[][] {
  try {
    return parse(text, {
      bom: true,
      delimiter,
      relaxColumnCount: true,
      skipEmptyLines: true,
      trim: true,
      maxRecordSize: maxRecordCharacters,
    })
  } catch (error) {
    if (error instanceof CsvError) throw workflowError('bad_csv', error.message, { final: true })
    throw error
  }
}

/** The most frequent of the usual delimiters in the first line. */
function guessDelimiter(text: string): string {
  const end = text.search(/[\r\n]/)
  const line = text.slice(0, end < 0 ? 10_000 : Math.min(end, 10_000))
  const counts = [',', ';', '\t', '|'].map((mark) => ({ mark, count: line.split(mark).length }))
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark
}

/** Empty names become `column_3`; a repeated name gets its number, so that no cell is lost. */
function nameColumns(cells: readonly string[]): string[] {
  if (cells.length > maxColumns) {
    throw workflowError(
      'bad_csv',
      `The header has ${cells.length} columns; at most ${maxColumns} are read.`,
      {
        final: true,
      },
    )
  }
  const taken = new Set<string>()
  return cells.map((cell, index) => {
    const plain = cell === '' ? `column_${index + 1}` : cell
    let name = plain
    for (let copy = 2; taken.has(name); copy++) name = `${plain}_${copy}`
    taken.add(name)
    return name
  })
}

// Plain decimal numerals only: 007, 1e5, 1,000 and 20-digit identifiers stay text.
const numeral = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/

function toNumber(value: string): string | number {
  const trimmed = value.trim()
  return numeral.test(trimmed) ? Number(trimmed) : value
}
