// What one row of the ASVS table says, and the four kinds of rows.

/** One requirement of OWASP ASVS 5.0.0, in our own words. */
export interface Requirement {
  readonly id: string
  /** The level from which on it is demanded. */
  readonly level: 1 | 2 | 3
  readonly demand: string
  /** `kernel`: proven by tests of the kernel. `open`: the kernel's, and not proven. */
  readonly owner: 'kernel' | 'open' | 'application' | 'not applicable'
  /** `file: name of the test`, the file below packages/guard/src unless it names a folder of the root. */
  readonly tests: readonly string[]
  /** Why it is not covered here, or what is left to the application. */
  readonly note?: string
}

/** Proven by these tests; `rest` is what an application must still do itself. */
export function kernel(
  id: string,
  level: Requirement['level'],
  demand: string,
  tests: readonly string[],
  rest?: string,
): Requirement {
  return { id, level, demand, owner: 'kernel', tests, ...(rest === undefined ? {} : { note: rest }) }
}

/** The kernel's to prove, and not proven. */
export function open(id: string, level: Requirement['level'], demand: string, why: string): Requirement {
  return { id, level, demand, owner: 'open', tests: [], note: why }
}

/** The application's. */
export function application(
  id: string,
  level: Requirement['level'],
  demand: string,
  why: string,
): Requirement {
  return { id, level, demand, owner: 'application', tests: [], note: why }
}

/** About something that a kernel is not. */
export function inapplicable(
  id: string,
  level: Requirement['level'],
  demand: string,
  why: string,
): Requirement {
  return { id, level, demand, owner: 'not applicable', tests: [], note: why }
}
