import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compareFindings, getFindingKey } from './support/compare-findings.js';
import { type RealFinding, lintPackage } from './support/lint-package.js';

interface Judged extends RealFinding {
  /** Whether the code leaks as the message says; what a person found who read it. */
  readonly verdict: boolean | null;
  /** Why, in one sentence. */
  readonly reason: string;
}
interface Package {
  /** Exact, as in the `devDependencies` of the workspace. */
  readonly version: string;
  /** The folder or file with its own sources, for packages that also ship what is built from them or from others. */
  readonly sources?: string;
}
interface Expected {
  readonly packages: Readonly<Record<string, Package>>;
  readonly findings: readonly Judged[];
}

const here = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(dirname(here));
const EXPECTED = join(here, 'expected.json');
const UPDATE = 'UPDATE_REAL_CODE=1 npx vitest run test/real-code';
const HOW_TO = `When the change is right, run \`${UPDATE}\`, then judge what is new in test/real-code/expected.json by reading the code.`;

const expected = JSON.parse(readFileSync(EXPECTED, 'utf8')) as Expected;
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
const isUpdate = process.env['UPDATE_REAL_CODE'] === '1';

describe('published packages', () => {
  const names = Object.keys(expected.packages);
  const found: RealFinding[] = [];

  it.each(names)('%s is the version that was judged', (name) => {
    const asked = expected.packages[name]!.version;
    const { version } = JSON.parse(readFileSync(join(getDirectory(name), 'package.json'), 'utf8')) as { version: string };
    expect({ installed: version, pinned: manifest.devDependencies[name] }).toEqual({ installed: asked, pinned: asked });
  });

  it.each(names)('%s has the findings that were judged', (name) => {
    const now = lintPackage(name, getDirectory(name), expected.packages[name]!.sources);
    found.push(...now);
    if (isUpdate) return;
    const { fresh, vanished } = compareFindings(now, expected.findings.filter((finding) => finding.package === name));
    expect({ fresh, vanished }, HOW_TO).toEqual({ fresh: [], vanished: [] });
  });

  it.runIf(isUpdate)('are written down anew', () => {
    const judged = new Map(expected.findings.map((finding) => [getFindingKey(finding), finding]));
    const findings = found.map((finding): Judged => judged.get(getFindingKey(finding)) ?? { ...finding, verdict: null, reason: '' });
    writeFileSync(EXPECTED, `${JSON.stringify({ ...expected, findings }, undefined, 2)}\n`);
  });

  it.skipIf(isUpdate)('have only findings that somebody judged, nearly all of them true', () => {
    expect(expected.findings.filter(({ verdict, reason }) => verdict === null || reason === '')).toEqual([]);
    const wrong = expected.findings.filter(({ verdict }) => verdict === false);
    expect(expected.findings.length).toBeGreaterThan(10);
    expect(wrong.length / expected.findings.length).toBeLessThanOrEqual(1 / 20);
  });
});

describe('the comparison', () => {
  const one: RealFinding = { package: 'a', file: 'lib/a.js', line: 3, rule: 'no-x', messageId: 'x' };

  it('tells what is new and what is gone', () => {
    const other = { ...one, line: 4 };
    expect(compareFindings([one, other], [one])).toEqual({ fresh: ['a/lib/a.js:4 no-x x'], vanished: [] });
    expect(compareFindings([other], [one])).toEqual({ fresh: ['a/lib/a.js:4 no-x x'], vanished: ['a/lib/a.js:3 no-x x'] });
    expect(compareFindings([one], [one])).toEqual({ fresh: [], vanished: [] });
  });

  it('counts findings of one rule at one line', () => {
    expect(compareFindings([one, one], [one]).fresh).toHaveLength(1);
    expect(compareFindings([one], [one, one]).vanished).toHaveLength(1);
  });
});

function getDirectory(name: string): string {
  return join(ROOT, 'node_modules', name);
}
