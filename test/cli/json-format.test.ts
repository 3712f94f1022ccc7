import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SKIP_REASONS } from 'watertight-codemods';
import { describe, expect, it } from 'vitest';
import { makeProject } from './support/make-project.js';
import { runCli } from './support/run-cli.js';
import { ROOT } from './support/spawn-bin.js';

const guide = readFileSync(join(ROOT, 'docs/guides/json-format.md'), 'utf8');
const documented = new Set([...guide.matchAll(/[`"]([A-Za-z]\w*(?:-\w+)*)[`"]/g)].map((match) => match[1]));

/** The names of all fields in a document; those of `byRule` are rules. */
function listFields(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(listFields);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...listFields(key === 'byRule' ? Object.values(inner as object) : inner)]);
}

describe('the guide to the JSON format', () => {
  it.each([
    ['check', ['check']],
    ['fix', ['fix', '--runtime-module', './kit.js']],
    ['explain', ['explain', 'a.js:1']],
  ])('names every field that %s writes', async (_, args) => {
    const { root } = makeProject({ 'a.js': 'leak(1);\n', 'b.js': 'leak(', 'kit.js': 'exports.held = (value) => value;\n' });
    const { stdout } = await runCli(root, [...args, '--format', 'json']);
    const fields = new Set(listFields(JSON.parse(stdout)));
    expect(fields.size).toBeGreaterThan(10);
    expect([...fields].filter((field) => !documented.has(field))).toEqual([]);
  });

  it('names every reason for a skip', () => {
    expect([...SKIP_REASONS, 'declined'].filter((reason) => !documented.has(reason))).toEqual([]);
  });
});
