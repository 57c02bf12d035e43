import { availableParallelism } from 'node:os';

export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/global-setup.mjs',
  setupFilesAfterEnv: ['<rootDir>/test/setup.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/dist', '<rootDir>/build', '<rootDir>/.sandbox'],
  coverageProvider: 'v8',
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/sequencer.mjs',
  runner: '<rootDir>/test/runner.mjs',
  // a worker that has run a sandbox may need more than half a second to go
  workerGracefulExitTimeout: 10_000,
  // some suites saturate a CPU: no more of them than there are; the runner takes more for the others
  maxWorkers: availableParallelism(),
};
