import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Installed, installPacked, readManifest } from '../hosts/support/install-packed.js';
import { findUnwantedFiles } from './support/find-unwanted-files.js';
import { PACKAGES, ROOT } from './support/paths.js';

let installed: Installed;
beforeAll(async () => {
  installed = await installPacked();
}, 300_000);

describe('the packed packages', () => {
  it('are all there', () => {
    const names = ['eslint-plugin-watertight', 'watertight', 'watertight-analysis', 'watertight-codemods', 'watertight-runtime'];
    expect(installed.packages.map(({ name }) => name).sort()).toEqual(names);
  });

  it.each(PACKAGES)('%s carries what is needed and nothing else', (folder) => {
    const { name } = readManifest(join(ROOT, folder));
    const paths = installed.packages.find((one) => one.name === name)!.files;
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
    writeFileSync(join(installed.directory, 'leak.ts'), 'export async function isUp(url: string) {\n  const res = await fetch(url);\n  return res.ok;\n}\n');
    const bin = join(installed.directory, 'node_modules/watertight/dist/bin.js');
    expect(node([bin, '--version'])).toBe(readManifest(join(ROOT, 'cli')).version);
    expect(() => node([bin, 'check', 'leak.ts'])).toThrow(expect.objectContaining({ status: 1, stdout: expect.stringContaining('leak.ts:2:') as unknown }));
  });

  it('would be told to carry too much', () => {
    expect(findUnwantedFiles(['package.json', 'dist/index.js', 'dist/a/b.d.ts', 'README.md', 'LICENSE'])).toEqual([]);
    const unwanted = ['dist/.tsbuildinfo', 'index.ts', 'dist/test/a.test.js', 'tsconfig.json', '.env'];
    expect(findUnwantedFiles(['package.json', ...unwanted])).toEqual(unwanted);
  });
});

function node(args: readonly string[]): string {
  const { NODE_OPTIONS: _options, FORCE_COLOR: _color, ...env } = process.env;
  return execFileSync(process.execPath, args, { cwd: installed.directory, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}
