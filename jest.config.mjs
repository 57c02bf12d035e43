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
  // the long suites mostly wait, for scripts that run in real time and for clocks; some saturate a CPU: no more than there are
  maxWorkers: availableParallelism(),
};
