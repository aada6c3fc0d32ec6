// What a package tells the database about itself: its migrations and what its tables hold about people.

/** Forward-only SQL script pair. A number is used once; a script never changes after it has been applied. */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly sqlite: string
  readonly postgres: string
}

/** Why a column holds something about a person (GDPR Art. 30 (1) b–c). */
export interface PersonalColumn {
  readonly kind: string
  readonly purpose: string
  readonly basis: 'contract' | 'consent' | 'legitimate interest' | 'legal obligation'
}

/**
 * One table of the data map. `tenant` tables have a `workspace_id TEXT NOT NULL` column, which the
 * workspace-bound handle adds to every statement; `global` tables are written through the system handle only.
 */
export interface TableDeclaration {
  readonly tenancy: 'global' | 'tenant'
  readonly about: string
  readonly personal: Readonly<Record<string, PersonalColumn>>
  readonly retention: string
  readonly export: 'subject' | 'workspace' | 'none'
  readonly erase: 'delete' | 'anonymise' | { readonly keep: string }
}

export type DataMap = Readonly<Record<string, TableDeclaration>>

export interface PackageSchema {
  readonly name: string
  readonly migrations: readonly Migration[]
  readonly dataMap: DataMap
}

/** All tables of several packages in one map. @throws Error when two packages declare one table. */
export function mergeDataMaps(schemas: readonly PackageSchema[]): DataMap {
  const merged: Record<string, TableDeclaration> = {}
  for (const schema of schemas) {
    for (const [table, declaration] of Object.entries(schema.dataMap)) {
      if (merged[table]) throw new Error(`The table ${table} is declared twice (again in ${schema.name}).`)
      merged[table] = declaration
    }
  }
  return merged
}
