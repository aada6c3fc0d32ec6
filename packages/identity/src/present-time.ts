// A moment as the API shows it: RFC 3339, of epoch milliseconds.
export function presentTime(ms: number): string
export function presentTime(ms: number | null): string | null
export function presentTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
