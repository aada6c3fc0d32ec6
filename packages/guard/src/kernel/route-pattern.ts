// Routes as a policy writes them: `GET /notes/:id`. One strict form, read in one place.

/** A route read from a policy. */
export interface RoutePattern {
  readonly method: string
  /** Between the slashes, in order: literal text, `:name`, and last of all perhaps `*`. */
  readonly segments: readonly string[]
}

/** Reads `METHOD /path`; a text says what is wrong with it. */
export function parseRoute(text: string): RoutePattern | string {
  const space = text.indexOf(' ')
  const method = text.slice(0, space)
  if (!/^[A-Z]{3,16}$/.test(method)) return 'Write the method in capitals and one space: GET /notes/:id.'
  const segments = splitPattern(text.slice(space + 1))
  if (segments === undefined) return 'A path begins with a slash.'
  const names = new Set<string>()
  for (const [i, segment] of segments.entries()) {
    if (segment === '*') {
      if (i < segments.length - 1) return 'The rest of a path (*) can only stand at its end.'
    } else if (segment.startsWith(':')) {
      if (!/^:[A-Za-z_]\w*$/.test(segment)) return `A parameter is a whole segment: not "${segment}".`
      if (names.has(segment)) return `The parameter "${segment}" stands there twice.`
      names.add(segment)
    } else if (segment === '' ? i < segments.length - 1 : !isLiteral(segment)) {
      return 'Between two slashes stand letters, digits and -._~ only, and never "." or ".." alone.'
    }
  }
  return { method, segments }
}

/** The parts of a path pattern, or `undefined` if it does not begin with a slash. */
export function splitPattern(path: string): readonly string[] | undefined {
  return path.startsWith('/') ? path.slice(1).split('/') : undefined
}

function isLiteral(segment: string): boolean {
  return /^[\w.~-]+$/.test(segment) && segment !== '.' && segment !== '..'
}
