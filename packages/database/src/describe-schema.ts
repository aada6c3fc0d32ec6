// The shape of a live database in one vocabulary, so that the two dialects can be compared and undeclared tables found.
import type { SystemReader } from './handles.ts'

export interface ColumnDescription {
  readonly name: string
  readonly type: 'text' | 'integer' | 'real' | 'blob'
  readonly nullable: boolean
}

export interface IndexDescription {
  readonly columns: readonly string[]
  readonly unique: boolean
  readonly partial: boolean
}

export interface TableDescription {
  readonly columns: readonly ColumnDescription[]
  readonly primaryKey: readonly string[]
  /** By name. Primary keys are not repeated here. */
  readonly indexes: Readonly<Record<string, IndexDescription>>
}

export type SchemaDescription = Readonly<Record<string, TableDescription>>

/** Describes all tables of the current database (PostgreSQL: of the schema `public`). */
export function describeSchema(read: SystemReader): Promise<SchemaDescription> {
  return read.dialect === 'sqlite' ? describeSqlite(read) : describePostgres(read)
}

const typeNames: Readonly<Record<string, ColumnDescription['type']>> = {
  TEXT: 'text',
  INTEGER: 'integer',
  REAL: 'real',
  BLOB: 'blob',
  text: 'text',
  jsonb: 'text',
  bigint: 'integer',
  integer: 'integer',
  smallint: 'integer',
  'double precision': 'real',
  bytea: 'blob',
}

function typeOf(name: string, where: string): ColumnDescription['type'] {
  const type = typeNames[name]
  if (!type) throw new Error(`${where} has the type ${name}, which the data conventions do not know.`)
  return type
}

async function describeSqlite(read: SystemReader): Promise<SchemaDescription> {
  const tables = await read.query<{ name: string }>(
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
  )
  const described: Record<string, TableDescription> = {}
  for (const { name } of tables) {
    const columns = await read.query<{ name: string; type: string; notnull: number; pk: number }>(
      'SELECT name, type, "notnull", pk FROM pragma_table_info($1)',
      [name],
    )
    const indexes = await read.query<{ name: string; unique: number; partial: number; origin: string }>(
      'SELECT name, "unique", partial, origin FROM pragma_index_list($1)',
      [name],
    )
    const own: Record<string, IndexDescription> = {}
    for (const index of indexes.filter(({ origin }) => origin === 'c')) {
      const keys = await read.query<{ name: string | null }>(
        'SELECT name FROM pragma_index_info($1) ORDER BY seqno',
        [index.name],
      )
      own[index.name] = {
        columns: keys.map((key) => key.name ?? '(expression)'),
        unique: index.unique === 1,
        partial: index.partial === 1,
      }
    }
    described[name] = {
      columns: columns
        .map((column) => ({
          name: column.name,
          type: typeOf(column.type, `${name}.${column.name}`),
          nullable: column.notnull === 0 && column.pk === 0,
        }))
        .sort(byName),
      primaryKey: columns
        .filter(({ pk }) => pk > 0)
        .sort((a, b) => a.pk - b.pk)
        .map((column) => column.name),
      indexes: sorted(own),
    }
  }
  return described
}

async function describePostgres(read: SystemReader): Promise<SchemaDescription> {
  const columns = await read.query<{
    table_name: string
    column_name: string
    data_type: string
    is_nullable: string
  }>(
    `SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
     WHERE table_schema = 'public' ORDER BY table_name, column_name`,
  )
  const indexes = await read.query<{
    table_name: string
    index_name: string
    is_unique: number
    is_primary: number
    is_partial: number
    columns: string
  }>(
    `SELECT t.relname AS table_name, i.relname AS index_name, x.indisunique AS is_unique,
       x.indisprimary AS is_primary, x.indpred IS NOT NULL AS is_partial,
       (SELECT json_agg(coalesce(a.attname::text, '(expression)') ORDER BY k.position)
          FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
          LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum AND k.attnum > 0) AS columns
     FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
     JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public'`,
  )
  const described: Record<string, TableDescription> = {}
  for (const [table, own] of Map.groupBy(columns, (column) => column.table_name)) {
    const keys = indexes
      .filter((index) => index.table_name === table)
      // json_agg of names: an array of strings.
      .map((index) => ({ ...index, columns: JSON.parse(index.columns) as string[] }))
    described[table] = {
      columns: own
        .map((column) => ({
          name: column.column_name,
          type: typeOf(column.data_type, `${table}.${column.column_name}`),
          nullable: column.is_nullable === 'YES',
        }))
        .sort(byName),
      primaryKey: keys.find((key) => key.is_primary === 1)?.columns ?? [],
      indexes: sorted(
        Object.fromEntries(
          keys
            .filter((key) => key.is_primary === 0)
            .map((key) => [
              key.index_name,
              { columns: key.columns, unique: key.is_unique === 1, partial: key.is_partial === 1 },
            ]),
        ),
      ),
    }
  }
  return described
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
