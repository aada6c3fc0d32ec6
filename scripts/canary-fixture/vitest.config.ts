// Runs the leaking tests beside this file with the canaries of all other tests.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { canaryPlugin } from '../canary-plugin.ts'

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  plugins: [canaryPlugin()],
  test: {
    include: ['scripts/canary-fixture/*.fixture.ts'],
    setupFiles: ['./scripts/canary-setup.ts'],
    pool: 'forks',
  },
})
