import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));

// Tests run on the sources, so that a failing test points at a line that can be edited.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^watertight-analysis$/, replacement: source('analysis/index.ts') },
      { find: /^eslint-plugin-watertight$/, replacement: source('rules/index.ts') },
      { find: /^watertight-codemods$/, replacement: source('codemods/index.ts') },
      { find: /^watertight-runtime$/, replacement: source('runtime/index.ts') },
      { find: /^watertight-runtime\/testing$/, replacement: source('runtime/testing/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    env: { CI: 'true' },
  },
});
