import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { getBuiltinParts } from '../../cli/get-builtin-parts.js';
import { runCli } from '../cli/support/run-cli.js';
import { ROOT } from '../repository/support/paths.js';

const SOURCE = `export async function fetchManifest(url: string) {
  const res = await fetch(url);
  if (res.status === 404) return undefined;
  return await res.json();
}
`;

describe('the first page', () => {
  const directory = mkdtempSync(join(tmpdir(), 'watertight-index-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, 'src'));
  writeFileSync(join(directory, 'src/manifests.ts'), SOURCE);
  const blocks = [...readFileSync(join(ROOT, 'docs/index.md'), 'utf8').matchAll(/^```\w*\n(.*?)^```/gms)].map((match) => match[1]!);
  const run = async (...args: string[]) => (await runCli(directory, args, { parts: { ...getBuiltinParts(), canUseThreads: false } })).stdout;

  it('shows a finding as the command draws it', async () => {
    const drawn = await run('explain', 'src/manifests.ts:2', '--no-config');
    expect(blocks).toContain(drawn);
  });

  it('shows a change as the command writes it', async () => {
    const written = await run('fix', '--no-config', '--style', 'using');
    const diff = blocks.find((block) => block.startsWith('--- a/'))!;
    expect(written.startsWith(diff)).toBe(true);
  });
});
