import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import plugin from 'eslint-plugin-watertight';
import { describe, expect, it } from 'vitest';
import { runCli } from '../cli/support/run-cli.js';
import { ROOT } from './support/paths.js';
import { readExamples } from '../../playground/read-examples.js';

const GUIDES = ['README.md', 'cli/README.md', ...readdirSync(join(ROOT, 'docs/guides')).map((name) => `docs/guides/${name}`)];
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** The relative links of a page that lead nowhere. */
function findBrokenLinks(path: string, text: string): string[] {
  const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map((match) => match[1]!);
  return targets.filter((target) => !existsSync(join(ROOT, dirname(path), target)));
}

/** The command lines of a page that use a command or an option that there is not. */
async function findWrongCommands(text: string): Promise<string[]> {
  const lines = [...text.matchAll(/(?:npx(?: --no-install)? |^\s*- |`|": ")watertight ([a-z]+)((?: [^`\n"#&|]*)?)/gm)];
  const wrong: string[] = [];
  for (const [, command, rest] of lines) {
    const { code, stdout } = await runCli(ROOT, [command!, '--help']);
    const options = rest!.match(/(?<= )--?[a-z][\w-]*/g) ?? [];
    const isKnown = code === 0 && stdout.includes(`Usage: watertight ${command} `) && options.every((option) => new RegExp(`(?:^|[\\s,])${option}\\b`, 'm').test(stdout));
    if (!isKnown) wrong.push(`watertight ${command}${rest}`);
  }
  return wrong;
}

describe.each(GUIDES)('%s', (path) => {
  it('links only to what is there', () => {
    expect(findBrokenLinks(path, read(path))).toEqual([]);
  });

  it('uses only commands and options that there are', async () => {
    expect(await findWrongCommands(read(path))).toEqual([]);
  });
});

describe('the checks of the guides', () => {
  it('see a link or a command that is wrong', async () => {
    expect(findBrokenLinks('docs/guides/a.md', '[a](ci.md) [b](nowhere.md#x) [c](https://example.com)')).toEqual(['nowhere.md']);
    expect(await findWrongCommands('`watertight check --wrong src`\nnpx watertight check --quiet\nnpx watertight wash src')).toEqual(['watertight check --wrong src', 'watertight wash src']);
  });
});

describe('the guide to own resources', () => {
  const text = read('docs/guides/own-resources.md');
  const settings = JSON.parse(/^```json\n(.*?)^```/ms.exec(text)![1]!) as object;
  const lint = (code: string, watertight: object | undefined) =>
    new Linter().verify(code, [{ files: ['**/*.ts'], ...(plugin.configs.recommended as Linter.Config), languageOptions: { parser }, settings: { watertight } }], { filename: 'a.ts' });

  it.each(readExamples(text).map(({ code, isWrong }) => [isWrong ? '❌' : '✅', code] as const))('says the truth about its example %s', (mark, code) => {
    expect(lint(code, settings).map(({ ruleId }) => ruleId)).toEqual(mark === '❌' ? ['watertight/no-unclosed-resource'] : []);
    expect(lint(code, undefined)).toEqual([]);
  });
});
