// Lets the tests see every security event that any room reports, whoever receives it there: `….emit(event)` becomes
// `….emit(globalThis.canaryEvent = event)`. Only in tests, only in memory; scripts/canary-setup.ts is what looks.
const sources = /\/(packages|apps)\/[^/]+\/src\/(?!.*(\.test|-for-tests|\/test-[\w-]+)\.ts$).*\.ts$/

/** A plugin for vitest.config.ts. Off under --coverage, whose columns it would shift. */
export function canaryPlugin() {
  return {
    name: 'canary',
    enforce: 'pre' as const,
    transform: (code: string, id: string) =>
      isOn() && sources.test(id) ? { code: withCanaries(code), map: null } : undefined,
  }
}

/** The source with canaries in it. Nothing moves to another line. */
export function withCanaries(code: string): string {
  return code
    .replaceAll(/\.emit\((?!\.\.\.|\))/g, '.emit(globalThis.canaryEvent = ')
    .replace(
      /(export function createSecret\((\w+): string, [^{]*\{)/,
      (_, head, text) => `${head} globalThis.canarySecret = ${text};`,
    )
}

function isOn(): boolean {
  return !process.argv.some((argument) => argument.startsWith('--coverage'))
}
