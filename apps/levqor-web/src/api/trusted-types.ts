// Trusted Types: where the browser has them, the only thing that text may become is the address of our own script.
// (The bundler assigns chunk addresses as plain text, which this default policy lets through after a look.)

interface TrustedTypePolicyFactoryLike {
  readonly defaultPolicy: unknown
  createPolicy(name: string, rules: { createScriptURL(url: string): string | null }): unknown
}

/** True for the chunks of this app on this origin. */
export function isOwnScript(url: string, origin: string): boolean {
  if (!URL.canParse(url, origin)) return false
  const parsed = new URL(url, origin)
  return parsed.origin === origin && parsed.pathname.startsWith('/_next/static/')
}

/** Installs the default policy once; does nothing in browsers without Trusted Types. */
export function installTrustedTypes(): void {
  // The DOM library has no types for this yet.
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypePolicyFactoryLike }
  if (!trustedTypes || trustedTypes.defaultPolicy) return
  try {
    trustedTypes.createPolicy('default', {
      createScriptURL: (url) => (isOwnScript(url, location.origin) ? url : null),
    })
  } catch {
    // The server's policy does not name this one: then it does not ask for Trusted Types either.
  }
}
