import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findSarifErrors } from '../cli/reports/sarif-schema.js';
import { makeProject } from '../cli/support/make-project.js';
import { runCli } from '../cli/support/run-cli.js';
import { BIN, buildCli } from '../cli/support/spawn-bin.js';
import { ROOT } from '../repository/support/paths.js';

interface Log {
  readonly runs: readonly { readonly results: readonly { readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[] }[] }[];
}

const guide = readFileSync(join(ROOT, 'docs/guides/ci.md'), 'utf8');
/** The arguments of the command in a line of the guide. */
const findArguments = (pattern: RegExp) => pattern.exec(guide)![1]!.split(' ');

describe('a shard for each package', () => {
  it('gives together what one run gives', async () => {
    const report = findArguments(/"watertight": "watertight (report [^"]*)"/);
    const merge = findArguments(/npx watertight (merge \S+ -o \S+)/);
    const { root, path, read } = makeProject({
      'packages/one/src/a.ts': 'export const a = leak(1);\n',
      'packages/two/src/a.ts': 'export const a = leak(1);\nexport const b = leak(2);\n',
      'packages/three/src/a.ts': 'export const a = 1;\n',
    });
    const env = { CI_PROJECT_DIR: root };
    for (const name of ['one', 'two', 'three']) expect((await runCli(path(`packages/${name}`), report, { env })).code).toBe(0);
    const shards = ['one', 'three', 'two'].map((name) => `packages/${name}/watertight.sarif`);
    expect(merge[1]).toBe('packages/*/watertight.sarif');
    expect((await runCli(root, ['merge', ...shards, ...merge.slice(2)])).code).toBe(0);
    await runCli(root, ['report', '-o', 'whole.sarif'], { env });

    const [merged, whole] = ['watertight.sarif', 'whole.sarif'].map((name) => JSON.parse(read(name)) as Log);
    const sort = ({ runs }: Log) => runs[0]!.results.map((result) => JSON.stringify(result)).sort();
    expect(findSarifErrors(merged)).toEqual([]);
    expect(merged!.runs).toHaveLength(1);
    expect(sort(merged!)).toEqual(sort(whole!));
    expect(merged!.runs[0]!.results.map(({ locations }) => locations[0]!.physicalLocation.artifactLocation.uri)).toEqual(['packages/one/src/a.ts', 'packages/two/src/a.ts', 'packages/two/src/a.ts']);
  });
});

describe.skipIf(process.platform === 'win32')('the hook for pre-commit', () => {
  beforeAll(buildCli, 300_000);

  it('stops a commit with a finding, and no other', { timeout: 240_000 }, () => {
    const entry = /^ {2}entry: (.*)$/m.exec(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'))![1]!;
    const { root, path } = makeProject({
      'package.json': '{ "private": true }',
      'src/leak.js': 'export async function lost(url) {\n  const res = await fetch(url);\n  return res.status;\n}\n',
      'src/clean file.js': 'export const load = async (url) => (await fetch(url)).json();\n',
    });
    mkdirSync(path('node_modules/.bin'), { recursive: true });
    symlinkSync(BIN, path('node_modules/.bin/watertight'));
    chmodSync(BIN, 0o755);
    // The staged files come behind the entry.
    const run = (...files: string[]) => spawnSync('bash', ['-c', `${entry} "$@"`, 'hook', ...files], { cwd: root, encoding: 'utf8' });
    expect(run('src/clean file.js')).toMatchObject({ status: 0, stdout: '' });
    const { status, stdout } = run('src/leak.js', 'src/clean file.js');
    expect(stdout).toContain('src/leak.js:2:21');
    expect(status).toBe(1);
  });
});
