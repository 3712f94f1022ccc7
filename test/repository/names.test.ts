import { existsSync } from 'node:fs';
import { join } from 'node:path';
import plugin from 'eslint-plugin-watertight';
import { describe, expect, it } from 'vitest';
import { codemods } from 'watertight-codemods';
import { compareNames } from './support/compare-names.js';
import { ROOT, findNames } from './support/paths.js';

const without = (names: readonly string[], ...others: string[]) => names.filter((name) => !others.includes(name));
const getRules = (preset: keyof typeof plugin.configs) => Object.keys(plugin.configs[preset].rules).flatMap((id) => /^watertight\/(.*)/.exec(id)?.[1] ?? []);

describe('one name through all folders', () => {
  const ruleFiles = without(findNames('rules', '.ts'), 'index', 'rules', 'presets');
  const codemodFiles = without(findNames('codemods', '.ts'), 'index', 'codemods', 'types');

  it('every rule has its file, its place in the index and in a preset, its page and its test', () => {
    const lists = {
      rules: ruleFiles,
      'rules/rules.ts': Object.keys(plugin.rules),
      'meta of the rules': Object.values(plugin.rules).map(({ name }) => name),
      'the preset all': getRules('all'),
      'docs/rules': findNames('docs/rules', '.md'),
      'test/rules': findNames('test/rules', '.test.ts'),
    };
    expect(compareNames(lists)).toEqual([]);
  });

  it('every codemod has its file, its place in the index, its rule, its fixtures and its test', () => {
    const names = Object.keys(codemods);
    expect(
      compareNames({
        codemods: codemodFiles,
        'codemods/codemods.ts': names,
        rules: names.filter((name) => Object.hasOwn(plugin.rules, name)),
        fixtures: names.filter((name) => existsSync(join(ROOT, 'fixtures', name))),
        'test/codemods': findNames('test/codemods', '.test.ts'),
      }),
    ).toEqual([]);
  });

  it('presets hold what the rules say of themselves', () => {
    const rules = Object.values(plugin.rules);
    const recommended = rules.filter(({ meta }) => meta.docs?.preset === 'recommended');
    const getNames = (some: typeof rules) => some.map(({ name }) => name);
    expect(getRules('recommended').sort()).toEqual(getNames(recommended).sort());
    for (const phase of [1, 2, 3] as const) {
      expect(getRules(`phase-${phase}`).sort()).toEqual(getNames(recommended.filter(({ meta }) => meta.docs!.phase <= phase)).sort());
    }
    expect(getRules('strict').sort()).toEqual(getNames(rules).sort());
  });

  it('a name that is missing somewhere is told, with the place', () => {
    expect(compareNames({ files: ['no-a', 'no-b'], index: ['no-b'], docs: ['no-b', 'no-c'] })).toEqual([
      'no-a: not in index, docs',
      'no-c: not in files, index',
    ]);
    expect(compareNames({ files: ['no-a'], index: ['no-a'] })).toEqual([]);
  });
});
