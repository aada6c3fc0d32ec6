// Whether a regular expression certainly runs in linear time, so that it may run outside the sandbox.

// One atom: an escape, a character class, a dot or a plain character. Groups and alternatives are not recognised.
const atom = /(?:\\(?:[dDwWsStnrfv.*+?^${}()|[\]/\\-])|\[(?:[^\\\]]|\\.){1,200}\]|\.|[^\\^$.*+?()[\]{}|])/y
const quantifier = /(?:[*+?]|\{(\d{1,3})(,(\d{0,3}))?\})\??/y

/**
 * True for an anchored sequence of atoms of which at most one repeats a variable number of times
 * (`^[a-z]{2}\d+$`). With one such choice and one starting point there is nothing to try twice. Everything
 * else is not wrong, only unproven: it runs where it can be stopped.
 */
export function isLinearPattern(pattern: string): boolean {
  if (!pattern.startsWith('^') || pattern.length > 500) return false
  const end = pattern.endsWith('$') && !pattern.endsWith('\\$') ? pattern.length - 1 : pattern.length
  let at = 1
  let choices = 0
  while (at < end) {
    atom.lastIndex = at
    const matched = atom.exec(pattern)
    if (!matched) return false
    at += matched[0].length
    quantifier.lastIndex = at
    const repeated = quantifier.exec(pattern)
    if (!repeated) continue
    at += repeated[0].length
    const isFixed = repeated[1] !== undefined && (repeated[2] === undefined || repeated[3] === repeated[1])
    if (!isFixed) choices += 1
  }
  return choices <= 1 && at === end
}
