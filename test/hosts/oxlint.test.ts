import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import plugin from 'eslint-plugin-watertight';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT, findNames } from '../repository/support/paths.js';
import { readExamples } from '../../playground/read-examples.js';
import { type Installed, installPacked } from './support/install-packed.js';

interface Report {
  readonly diagnostics: readonly { readonly message: string; readonly code: string; readonly severity: string; readonly filename: string; readonly labels: readonly { span: { line: number; column: number } }[] }[];
}

interface Sample {
  readonly name: string;
  readonly rule: string;
  readonly code: string;
}

const RULES = Object.keys(plugin.rules);
/** Every example of every page, right or wrong: what the rules are documented to do. */
const SAMPLES = findNames('docs/rules', '.md').flatMap((rule): Sample[] =>
  readExamples(readFileSync(join(ROOT, 'docs/rules', `${rule}.md`), 'utf8')).map(({ line, language, code }) => ({ name: `${rule}-${line}.${language}`, rule, code })),
);

let installed: Installed;
let found: ReadonlySet<string>;
let otherMessages: readonly string[];

function runOxlint(files: Readonly<Record<string, string>>, config: object): Report {
  const directory = join(installed.directory, `run-${Object.keys(files)[0]}`);
  mkdirSync(directory);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  writeFileSync(join(directory, '.oxlintrc.json'), JSON.stringify({ jsPlugins: ['eslint-plugin-watertight'], categories: { correctness: 'off' }, ...config }));
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const args = [join(ROOT, 'node_modules/oxlint/bin/oxlint'), '-c', '.oxlintrc.json', '--format', 'json', '.'];
  let output: string;
  try {
    output = execFileSync(process.execPath, args, { cwd: directory, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  return JSON.parse(output) as Report;
}

beforeAll(async () => {
  installed = await installPacked(['rules', 'analysis']);
  const rules = Object.fromEntries(RULES.map((name) => [`watertight/${name}`, 'error']));
  const { diagnostics } = runOxlint(Object.fromEntries(SAMPLES.map(({ name, code }) => [name, code])), { rules });
  const own = diagnostics.filter(({ code }) => code?.startsWith('watertight('));
  found = new Set(own.map(({ code, filename, labels }) => `${filename} ${/\((.*)\)/.exec(code)![1]} ${labels[0]!.span.line}:${labels[0]!.span.column}`));
  otherMessages = diagnostics.filter((diagnostic) => !own.includes(diagnostic)).map(({ filename, message }) => `${filename}: ${message}`);
}, 300_000);

describe('the packed plugin under oxlint', () => {
  it('loads, and stops at no example', () => {
    expect(otherMessages).toEqual([]);
  });

  it.each(RULES)('%s reports what it reports under ESLint without types, at the same places', (rule) => {
    const samples = SAMPLES.filter((sample) => sample.rule === rule);
    const expected = samples.flatMap((sample) => lintWithEslint(sample));
    expect(expected.length).toBeGreaterThan(0);
    expect([...found].filter((one) => samples.some(({ name }) => one.startsWith(`${name} ${rule} `))).sort()).toEqual(expected.sort());
  });

  it('takes the options of a rule', () => {
    const [rule, code] = ['no-unclosed-response-body', "import { it } from 'vitest';\nit('is up', async () => {\n  const res = await fetch('/');\n  console.log(res.ok);\n});\n"];
    const run = (name: string, options: object) => runOxlint({ [name]: code }, { rules: { [`watertight/${rule}`]: ['error', options] } }).diagnostics.length;
    expect([run('a.test.ts', {}), run('b.test.ts', { checkTestFiles: true })]).toEqual([0, 1]);
  });
});

function lintWithEslint({ name, rule, code }: Sample): string[] {
  const messages = new Linter().verify(
    code,
    [
      {
        files: ['**/*.{js,jsx,ts,tsx}'],
        languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: name.endsWith('x') } } },
        plugins: { watertight: plugin },
        rules: { [`watertight/${rule}`]: 'error' },
      },
    ],
    { filename: name },
  );
  return messages.map(({ line, column }) => `${name} ${rule} ${line}:${column}`);
}
