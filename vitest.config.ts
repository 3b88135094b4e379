import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/build.ts',
    setupFiles: 'test/seed.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Concurrent tests start a process each.
    maxConcurrency: 3,
  },
});
