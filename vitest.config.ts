import { defineConfig } from 'vitest/config'
import TestOrder from './scripts/test-order.ts'

const TESTS = ['{contracts,scenarios,mocks,stack,conform,cutover,results,cli,scripts}/**/*.test.ts']
const CONTAINER_TESTS = ['{stack,cli}/**/*.container.test.ts']

export default defineConfig({
  test: {
    // One whole container stack fills two cores: after everything else, one file at a time.
    projects: [
      { extends: true, test: { name: 'here', include: TESTS, exclude: CONTAINER_TESTS } },
      { extends: true, test: { name: 'containers', include: CONTAINER_TESTS, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
    setupFiles: ['./mocks/openapi/setup.ts'],
    // Real processes, databases and sockets: two at a time suit two cores. With three, loads are late, and their signs are doubted.
    maxWorkers: 2,
    sequence: { sequencer: TestOrder },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: process.env['CI'] ? ['default', './scripts/closing-line-reporter.ts'] : ['default'],
  },
})
