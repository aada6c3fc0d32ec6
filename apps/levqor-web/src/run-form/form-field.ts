// The fields of a form, read from a JSON Schema (2020-12). What a form cannot draw becomes a JSON field.

interface FieldCommon {
  /** RFC 6901, into the payload: `/url`, `/options/depth` */
  readonly pointer: string
  /** The key in its object. */
  readonly name: string
  readonly label: string
  readonly help: string | undefined
  readonly required: boolean
}

export type ScalarKind = 'text' | 'number' | 'integer'
export type InputType = 'text' | 'url' | 'email' | 'date' | 'time' | 'datetime-local' | 'password'

export type FormField =
  | (FieldCommon & {
      readonly kind: 'text'
      readonly inputType: InputType
      readonly long: boolean
      readonly example: string | undefined
      readonly initial: string
    })
  | (FieldCommon & { readonly kind: 'number' | 'integer'; readonly initial: string })
  | (FieldCommon & { readonly kind: 'boolean'; readonly initial: boolean })
  | (FieldCommon & { readonly kind: 'choice'; readonly options: readonly Scalar[]; readonly initial: string })
  | (FieldCommon & { readonly kind: 'list'; readonly items: ScalarKind; readonly initial: readonly string[] })
  | (FieldCommon & { readonly kind: 'group'; readonly fields: readonly FormField[] })
  | (FieldCommon & { readonly kind: 'json'; readonly initial: string })

export type Scalar = string | number | boolean | null

export type JsonSchema = Readonly<Record<string, unknown>>
