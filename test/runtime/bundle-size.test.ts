import { expect, test } from 'vitest';
import * as runtime from 'watertight-runtime';
import { bundledCode } from './support/bundle.js';

const LIMIT = 15_000;
const exports = Object.keys(runtime);

test.each(exports)('an application that imports only %s ships less than 15 kB of it', async (name) => {
  const code = await bundledCode(`import { ${name} } from 'watertight-runtime'; globalThis.used = ${name};`, true);
  expect(code).toContain('globalThis.used');
  expect(code.length).toBeGreaterThan(50);
  expect(code.length).toBeLessThan(LIMIT);
});

test('an application that imports nothing ships nothing', async () => {
  const code = await bundledCode("import 'watertight-runtime'; globalThis.used = 1;", true);
  expect(code.trim().length).toBeLessThan(40);
});

test('releaseBody and managed need no module of Node', async () => {
  const code = await bundledCode("import { managed, releaseBody } from 'watertight-runtime'; globalThis.used = [managed, releaseBody];", true);
  expect(code).not.toMatch(/node:|\bprocess\b|require/);
});
