import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{contracts,scenarios,mocks,stack,conform,cutover,results,cli,scripts}/**/*.test.ts'],
    setupFiles: ['./mocks/openapi/setup.ts'],
    // Real processes, databases and sockets: two at a time suit two cores.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: process.env['CI'] ? ['default', './scripts/closing-line-reporter.ts'] : ['default'],
  },
})
