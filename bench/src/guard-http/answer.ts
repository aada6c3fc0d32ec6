// What every contestant answers.
export const answer = { notes: [{ id: 1, text: 'Buy oat milk' }] }

/** The key of the tokens, from the benchmark. */
export function benchSecret(): string {
  const secret = process.env.BENCH_SECRET
  if (secret === undefined) throw new Error('The benchmark gives BENCH_SECRET.')
  return secret
}
