// To whom a sealed secret belongs: it opens for no other account.
export function sealedFor(userId: string): string {
  return `totp ${userId}`
}
