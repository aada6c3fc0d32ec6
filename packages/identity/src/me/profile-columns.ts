// From the fields of a request to columns: only what was given, language tags in their one spelling.
import type { UserRow } from '../schema/identity-tables.ts'

export interface ProfileFields {
  readonly name?: string | null | undefined
  readonly locale?: string | null | undefined
  readonly currency?: string | null | undefined
}

export function profileColumns(given: ProfileFields): Partial<Pick<UserRow, keyof ProfileFields>> {
  const { name, locale, currency } = given
  return {
    ...(name === undefined ? {} : { name }),
    ...(locale === undefined ? {} : { locale: locale === null ? null : canonical(locale) }),
    ...(currency === undefined ? {} : { currency }),
  }
}

/** `EN-gb` → `en-GB` */
function canonical(locale: string): string {
  return Intl.getCanonicalLocales(locale)[0] ?? locale
}
