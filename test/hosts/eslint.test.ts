import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../repository/support/paths.js';
import { type Installed, installPacked } from './support/install-packed.js';

interface Message {
  readonly file: string;
  readonly rule: string;
  readonly line: number;
  readonly message: string;
  readonly isFatal: boolean;
  readonly suggestions: number;
}

/** The first line is a leak; what follows depends on the language. */
const LEAK = 'export const isUp = async (url) => (await fetch(url)).ok;\n';
const FILES: Record<string, string> = {
  'a.js': LEAK,
  'b.jsx': `${LEAK}export const view = <p onClick={() => fetch('/x').then((res) => res.ok)}>x</p>;\n`,
  'c.ts': `${LEAK.replace('(url)', '(url: string)')}export enum Kind { A }\n`,
  'd.tsx': `${LEAK.replace('(url)', '(url: string)')}export const view = <p title="x">x</p>;\n`,
  'e.vue': `<script setup lang="ts">\nconst isUp = async (url: string) => (await fetch(url)).ok;\n</script>\n<template><p v-if="isUp('/x')">{{ isUp }}</p></template>\n`,
  'f.svelte': `<script lang="ts">\n  const isUp = async (url: string) => (await fetch(url)).ok;\n</script>\n{#if isUp('/x')}<p>{isUp}</p>{/if}\n`,
  // Only types say that this is a response.
  'typed.ts': "import { fetchAnswer } from './client.js';\nexport async function isUp() {\n  const answer = await fetchAnswer();\n  if (!answer.ok) throw new Error('no');\n  return answer.json();\n}\n",
  'client.d.ts': 'export declare function fetchAnswer(): Promise<Response>;\n',
  'tsconfig.json': JSON.stringify({ compilerOptions: { strict: true, module: 'nodenext', target: 'es2022', lib: ['es2022', 'dom'], types: [], jsx: 'preserve' }, include: ['*.ts', '*.tsx'] }),
};
const resolve = (from: string, name: string) => createRequire(join(ROOT, from, 'x.js')).resolve(name);
const PARSERS = { ts: resolve('.', '@typescript-eslint/parser'), vue: resolve('.', 'vue-eslint-parser'), svelte: resolve('.', 'svelte-eslint-parser') };
const LINTER = join(ROOT, 'test/hosts/support/lint-files.js');

let installed: Installed;
beforeAll(async () => {
  installed = await installPacked(['rules', 'analysis']);
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(installed.directory, 'src', name)), { recursive: true });
    writeFileSync(join(installed.directory, 'src', name), text);
  }
}, 300_000);

function lint(host: string, files: readonly string[], options: { typed?: boolean; preset?: string } = {}): { version: string; messages: Message[] } {
  const setting = { eslint: resolve(host, 'eslint'), parsers: PARSERS, files, typed: false, preset: 'recommended', ...options };
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const output = execFileSync(process.execPath, [LINTER, JSON.stringify(setting)], { cwd: join(installed.directory, 'src'), env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(output) as { version: string; messages: Message[] };
}

describe.each([
  ['8.57', 'test/hosts/eslint-8'],
  ['9', 'test/hosts/eslint-9'],
  ['10', '.'],
])('the packed plugin under ESLint %s', (version, host) => {
  it('is found, and finds the same in JS, JSX, TS and TSX', () => {
    const result = lint(host, ['a.js', 'b.jsx', 'c.ts', 'd.tsx']);
    expect(result.version).toMatch(new RegExp(`^${version.replace('.', '\\.')}\\.`));
    expect(result.messages.filter(({ isFatal }) => isFatal)).toEqual([]);
    const leaks = result.messages.filter(({ rule, line }) => rule === 'watertight/no-unclosed-response-body' && line === 1);
    expect(leaks.map(({ file }) => file)).toEqual(['a.js', 'b.jsx', 'c.ts', 'd.tsx']);
    for (const { message } of leaks) expect(message).toMatch(/never read or cancelled/);
  });

  it.each([false, true])('needs no type information, and finds more with it: %j', (typed) => {
    const found = lint(host, ['c.ts', 'd.tsx', 'typed.ts'], { typed }).messages.map(({ file, rule }) => `${file} ${rule}`);
    expect(found).toEqual(['c.ts', 'd.tsx', ...(typed ? ['typed.ts'] : [])].map((file) => `${file} watertight/no-unclosed-response-body`));
  });

  it('goes through Vue and Svelte files with every rule, as far as their parsers', () => {
    const { messages } = lint(host, ['e.vue', 'f.svelte'], { preset: 'all' });
    expect(messages.filter(({ isFatal }) => isFatal)).toEqual([]);
    const [vue, svelte] = ['e.vue', 'f.svelte'].map((name) => messages.filter(({ file, rule, line }) => file === name && rule === 'watertight/no-unclosed-response-body' && line === 2));
    expect([vue!.length, svelte!.length]).toEqual([1, 1]);
  });
});
