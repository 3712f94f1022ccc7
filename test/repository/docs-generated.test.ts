import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli } from '../cli/support/spawn-bin.js';
import { ROOT } from './support/paths.js';

const GENERATOR = join(ROOT, 'node_modules/eslint-doc-generator/dist/bin/eslint-doc-generator.js');

/** What differs from what would be written, as the generator tells it; empty when nothing does. */
function findStaleDocs(...args: string[]): string {
  try {
    execFileSync(process.execPath, [GENERATOR, 'rules', '--check', ...args], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}

describe('what is generated into the documentation', () => {
  beforeAll(buildCli, 300_000);

  it('is what `npm run docs` writes', () => {
    expect(findStaleDocs()).toBe('');
  });

  it('would be told to be stale, or to lack a section', () => {
    expect(findStaleDocs('--url-rule-doc', 'https://example.com/{name}')).toContain('https://example.com/no-unclosed-response-body');
    expect(findStaleDocs('--rule-doc-section-include', 'History')).toContain('History');
  });
});
