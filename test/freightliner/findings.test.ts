import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import parser from '@typescript-eslint/parser';
import { ESLint } from 'eslint';
import plugin from 'eslint-plugin-watertight';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../cli/support/spawn-bin.js';
import { applyRepairs, copyFixture, fixtureDir } from './fixture.js';
import { REPAIRS } from './repairs.js';

const MINUTES = 60_000;

interface Place {
  file: string;
  line: number;
  rule: string;
}
interface SeededBug extends Place {
  id: string;
  altLines?: number[];
  sameDefectAs?: string;
}

const bugs = JSON.parse(readFileSync(join(fixtureDir, 'seeded-bugs.json'), 'utf8')) as SeededBug[];
const twins = JSON.parse(readFileSync(join(fixtureDir, 'clean-twins.json'), 'utf8')) as Place[];
const linesOf = ({ line, altLines = [] }: SeededBug) => [line, ...altLines];
const isAt = (bug: SeededBug) => (found: Place) => found.file === bug.file && found.rule === bug.rule && linesOf(bug).includes(found.line);

/** What the strict preset says of the sources, with type information. */
async function lint(directory: string): Promise<Place[]> {
  const eslint = new ESLint({
    cwd: directory,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.ts'],
        languageOptions: { parser: parser, parserOptions: { projectService: true, tsconfigRootDir: directory, disallowAutomaticSingleRunInference: true } },
      },
      plugin.configs.strict,
    ],
  });
  const results = await eslint.lintFiles(['src']);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, ruleId, message }) => {
      expect(ruleId, message).toMatch(/^watertight\//);
      return { file: relative(directory, filePath).split(sep).join('/'), line, rule: ruleId!.replace('watertight/', '') };
    }),
  );
}

describe('the rules on the service as it is', () => {
  let found: Place[] = [];
  beforeAll(async () => {
    found = await lint(fixtureDir);
  }, 5 * MINUTES);

  it.each(bugs)('$rule finds $id at $file:$line', (bug) => {
    // One defect needs one report.
    const same = bugs.filter(({ id }) => id === bug.id || id === bug.sameDefectAs);
    expect(found.some((place) => same.some((each) => isAt(each)(place)))).toBe(true);
  });

  it('nothing is reported that is sound', () => {
    const others = found.filter((place) => !bugs.some((bug) => isAt(bug)(place)));
    expect(others.map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([]);
    expect(found.filter(({ file, line, rule }) => twins.some((twin) => twin.file === file && twin.line === line && twin.rule === rule))).toEqual([]);
  });
});

describe('the rules on the cured service', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'freightliner-cured-')));
  afterAll(() => rmSync(root, { recursive: true, force: true }), MINUTES);

  it('find nothing', { timeout: 5 * MINUTES }, async () => {
    const cured = join(root, 'service');
    copyFixture(cured);
    applyRepairs(cured, REPAIRS);
    mkdirSync(join(cured, 'node_modules'));
    symlinkSync(join(ROOT, 'node_modules/@types'), join(cured, 'node_modules/@types'));
    expect(await lint(cured)).toEqual([]);
  });
});
