// What needs minutes: statistics of timing, heavy memory, packed tarballs. `npm run test:evidence [-- filter]`.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/**/*.evidence.ts', 'apps/levqor/**/*.evidence.ts'],
    globalSetup: ['./packages/testing/src/vitest-global-setup.ts'],
    pool: 'forks',
    // One at a time: the figures are about time.
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
})
