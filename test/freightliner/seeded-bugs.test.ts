import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixtureDir } from './fixture.js';
import { REPAIRS } from './repairs.js';

const RULES = [
  'no-abandoned-race',
  'no-insecure-temp-file',
  'no-leaked-abort-listener',
  'no-racy-update',
  'no-shadowed-cors-variable',
  'no-unbounded-concurrency',
  'no-uncleared-timer',
  'no-unclosed-resource',
  'no-unclosed-response-body',
  'no-unforwarded-abort-signal',
  'no-unmanaged-temp-file',
  'no-unremoved-listener',
  'no-unsafe-cors-origin',
  'require-abort-signal',
  'require-error-cause',
];

interface Place {
  file: string;
  line: number;
  rule: string;
  snippet: string;
}

interface SeededBug extends Place {
  id: string;
  what: string;
  /** How much of the program has to be seen: the function, its file, or other files. */
  needs: 'local' | 'file' | 'project';
  /** Other lines on which a report is right. */
  altLines?: number[];
  /** The probe of the leak test that counts it. */
  probe: string;
  /** The id of a bug that the same repair mends. */
  sameDefectAs?: string;
}

interface CleanTwin extends Place {
  why: string;
}

const read = (file: string) => readFileSync(join(fixtureDir, file), 'utf8');
const bugs = JSON.parse(read('seeded-bugs.json')) as SeededBug[];
const twins = JSON.parse(read('clean-twins.json')) as CleanTwin[];

/** What is wrong with a place; nothing when its line holds its snippet. */
function faultOf({ file, line, snippet, rule }: Place, source = read(file)): string | undefined {
  const text = source.split('\n')[line - 1];
  if (text === undefined) return `${file} has no line ${line}`;
  if (!text.includes(snippet)) return `${file}:${line} does not hold ${snippet}`;
  return RULES.includes(rule) ? undefined : `there is no rule ${rule}`;
}

describe('the list of seeded bugs', () => {
  it.each(bugs)('$id stands where the list says', (bug) => {
    expect(faultOf(bug)).toBeUndefined();
    expect(bug.what).toMatch(/^.{20,}\.$/s);
    expect(['local', 'file', 'project']).toContain(bug.needs);
    const lineCount = read(bug.file).split('\n').length;
    for (const line of bug.altLines ?? []) expect(line).toBeLessThan(lineCount);
  });

  it('names each bug once', () => {
    expect(new Set(bugs.map(({ id }) => id)).size).toBe(bugs.length);
    const ids = bugs.map(({ id }) => id);
    for (const { sameDefectAs } of bugs) if (sameDefectAs !== undefined) expect(ids).toContain(sameDefectAs);
  });

  it('has a bug and a sound twin for every rule', () => {
    expect([...new Set(bugs.map(({ rule }) => rule))].sort()).toEqual(RULES);
    expect([...new Set(twins.map(({ rule }) => rule))].sort()).toEqual(RULES);
  });

  it('has a repair for every bug and for nothing else', () => {
    expect([...new Set(REPAIRS.flatMap((repair) => repair.bugs))].sort()).toEqual(bugs.map(({ id }) => id).sort());
  });

  it('notices a line that has moved', () => {
    const [bug] = bugs as [SeededBug];
    expect(faultOf({ ...bug, line: bug.line + 1 })).toMatch(/does not hold/);
    expect(faultOf({ ...bug, line: 100_000 })).toMatch(/has no line/);
    expect(faultOf({ ...bug, rule: 'no-such-rule' })).toMatch(/no rule/);
    expect(faultOf(bug, `\n${read(bug.file)}`)).toMatch(/does not hold/);
  });
});

describe('the list of sound twins', () => {
  it.each(twins)('$rule at $file:$line stands where the list says', (twin) => {
    expect(faultOf(twin)).toBeUndefined();
    expect(twin.why).toMatch(/\.$/);
  });

  it('calls no line sound that is a bug under the same rule', () => {
    const buggy = new Set(bugs.flatMap(({ file, line, altLines = [], rule }) => [line, ...altLines].map((at) => `${file}:${at} ${rule}`)));
    for (const { file, line, rule } of twins) expect(buggy).not.toContain(`${file}:${line} ${rule}`);
  });
});

describe('the service', () => {
  const sources = readdirSync(join(fixtureDir, 'src'));

  it('imports nothing that has to be installed', () => {
    for (const file of sources) {
      const specifiers = [...read(join('src', file)).matchAll(/^(?:import|export) .*? from '([^']+)';$/gms)].map(([, specifier]) => specifier);
      for (const specifier of specifiers) expect(specifier).toMatch(/^(node:|\.\/)/);
    }
  });

  it('gives no bug away in a comment', () => {
    for (const file of sources) expect(read(join('src', file))).not.toMatch(/\/[/*].*\b(bug|leak|seed|race|todo|fixme)/i);
  });
});
