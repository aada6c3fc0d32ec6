// One configuration for every package: real databases come from the global set-up, never from the machine. Two runs one after
// the other: what drives a real browser has the machine for itself, so that a page is never slow because of its neighbours.
import { defineConfig } from 'vitest/config'
import { canaryPlugin } from './scripts/canary-plugin.ts'

const browser = 'apps/levqor/browser/**/*.test.ts'

export default defineConfig({
  plugins: [canaryPlugin()],
  test: {
    setupFiles: ['./scripts/canary-setup.ts'],
    globalSetup: ['./packages/testing/src/vitest-global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Waiting ends when what is waited for is there; these only bound how long a test that fails takes.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    dangerouslyIgnoreUnhandledErrors: false,
    coverage: {
      provider: 'v8',
      include: ['packages/guard/src/**', 'packages/jobs/src/**'],
      exclude: ['**/*.test.ts', '**/*.evidence.ts', '**/*-for-tests.ts', '**/test-*.ts'],
      thresholds: { 'packages/guard/src/**': { lines: 98, branches: 95 } },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'code',
          include: [
            'packages/**/*.test.ts',
            'apps/levqor/**/*.test.ts',
            'apps/levqor-web/src/**/*.test.ts',
            'bench/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: [browser, '**/node_modules/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [browser],
          maxWorkers: 1,
          testTimeout: 240_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
