// The passwords that everybody tries first: 49,000 of them, from a list that is kept by others. Read when first needed.
import type { IsCommonPassword } from './password-rules.ts'

let loaded: Promise<IsCommonPassword> | undefined

export function loadCommonPasswords(): Promise<IsCommonPassword> {
  loaded ??= import('@zxcvbn-ts/language-common').then(({ dictionary }) => {
    const known = new Set(dictionary['passwords-common'])
    return (password) => known.has(password)
  })
  return loaded
}
