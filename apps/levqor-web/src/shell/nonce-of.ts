// The nonce of this page, from the policy that the server hands over with the request.

export function nonceOf(policy: string | null): string | undefined {
  return policy?.match(/'nonce-([A-Za-z0-9+/_=-]+)'/)?.[1]
}
