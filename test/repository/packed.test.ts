import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCli } from '../cli/support/spawn-bin.js';
import { findUnwantedFiles } from './support/find-unwanted-files.js';
import { PACKAGES, ROOT } from './support/paths.js';

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

const directory = mkdtempSync(join(tmpdir(), 'watertight-packed-'));
const modules = join(directory, 'node_modules');
let packed: Packed[];

/** What `npm install` of the packages lays down, with the dependencies that are here anyway instead of the network. */
beforeAll(async () => {
  await buildCli();
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory, ...PACKAGES.map((folder) => `./${folder}`)];
  packed = JSON.parse(execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as Packed[];
  for (const { name, filename } of packed) {
    const target = join(modules, name);
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['xzf', join(directory, filename), '--strip-components=1', '-C', target]);
  }
  for (const { name } of packed) linkDependencies(join(modules, name));
  writeFileSync(join(directory, 'package.json'), '{ "private": true }');
}, 300_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the packed packages', () => {
  it('are all there', () => {
    const names = ['eslint-plugin-watertight', 'watertight', 'watertight-analysis', 'watertight-codemods', 'watertight-runtime'];
    expect(packed.map(({ name }) => name).sort()).toEqual(names);
  });

  it.each(PACKAGES)('%s carries what is needed and nothing else', (folder) => {
    const { name } = readManifest(join(ROOT, folder));
    const paths = packed.find((one) => one.name === name)!.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts']));
    expect(findUnwantedFiles(paths)).toEqual([]);
  });

  it.each(PACKAGES)('%s names every dependency that it loads, at the version of the workspace', (folder) => {
    const own = Object.fromEntries(PACKAGES.map((other) => readManifest(join(ROOT, other))).map(({ name, version }) => [name, version]));
    const { dependencies = {} } = readManifest(join(ROOT, folder));
    for (const [name, range] of Object.entries(dependencies)) if (Object.hasOwn(own, name)) expect({ name, range }).toEqual({ name, range: own[name] });
  });

  it('load as ES modules', () => {
    const code = `
      import plugin from 'eslint-plugin-watertight';
      import { codemods } from 'watertight-codemods';
      import { findLeaks } from 'watertight-analysis';
      import { releaseBody } from 'watertight-runtime';
      import { expectNoLeaks } from 'watertight-runtime/testing';
      import { main } from 'watertight';
      console.log(plugin.meta.name, Object.keys(codemods).length > 0, [findLeaks, releaseBody, expectNoLeaks, main].map((value) => typeof value).join());
    `;
    expect(node(['--input-type=module', '--eval', code])).toBe('eslint-plugin-watertight true function,function,function,function');
  });

  it('load with require, the plugin without `.default`', () => {
    const code = `
      const plugin = require('eslint-plugin-watertight');
      const { releaseBody } = require('watertight-runtime');
      console.log(plugin.meta.name, typeof plugin.configs.recommended.rules, typeof releaseBody);
    `;
    // Node 20 says once that this is experimental.
    expect(node(['--no-warnings', '--input-type=commonjs', '--eval', code])).toBe('eslint-plugin-watertight object function');
  });

  it('bring a command that runs', () => {
    writeFileSync(join(directory, 'leak.ts'), 'export async function isUp(url: string) {\n  const res = await fetch(url);\n  return res.ok;\n}\n');
    const bin = join(modules, 'watertight/dist/bin.js');
    expect(node([bin, '--version'])).toBe(readManifest(join(ROOT, 'cli')).version);
    expect(() => node([bin, 'check', 'leak.ts'])).toThrow(expect.objectContaining({ status: 1, stdout: expect.stringContaining('leak.ts:2:') as unknown }));
  });

  it('would be told to carry too much', () => {
    expect(findUnwantedFiles(['package.json', 'dist/index.js', 'dist/a/b.d.ts', 'README.md', 'LICENSE'])).toEqual([]);
    const unwanted = ['dist/.tsbuildinfo', 'index.ts', 'dist/test/a.test.js', 'tsconfig.json', '.env'];
    expect(findUnwantedFiles(['package.json', ...unwanted])).toEqual(unwanted);
  });
});

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Only what a package says it needs: what it forgot is not found. */
function linkDependencies(folder: string): void {
  const { dependencies, peerDependencies } = readManifest(folder);
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    const link = join(folder, 'node_modules', name);
    if (existsSync(join(modules, name))) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link, 'junction');
  }
}

function node(args: readonly string[]): string {
  const { NODE_OPTIONS: _options, FORCE_COLOR: _color, ...env } = process.env;
  return execFileSync(process.execPath, args, { cwd: directory, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}
