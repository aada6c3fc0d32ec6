// One configuration for every package: real databases come from the global set-up, never from the machine.
import { defineConfig } from 'vitest/config'
import { canaryPlugin } from './scripts/canary-plugin.ts'

export default defineConfig({
  plugins: [canaryPlugin()],
  test: {
    include: [
      'packages/**/*.test.ts',
      'apps/levqor/**/*.test.ts',
      'apps/levqor-web/src/**/*.test.ts',
      'bench/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    setupFiles: ['./scripts/canary-setup.ts'],
    globalSetup: ['./packages/testing/src/vitest-global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    dangerouslyIgnoreUnhandledErrors: false,
    coverage: {
      provider: 'v8',
      include: ['packages/guard/src/**', 'packages/jobs/src/**'],
      exclude: ['**/*.test.ts', '**/*.evidence.ts', '**/*-for-tests.ts', '**/test-*.ts'],
      thresholds: { 'packages/guard/src/**': { lines: 98, branches: 95 } },
    },
  },
})
