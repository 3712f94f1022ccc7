import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { PACKAGES, ROOT } from '../repository/support/paths.js';
import { findUnlistedImports } from './support/find-unlisted-imports.js';
import { type Installed, type Manifest, installPacked, link, readManifest } from './support/install-packed.js';

let installed: Installed;
beforeAll(async () => {
  installed = await installPacked();
}, 300_000);

const NAMES = PACKAGES.map((folder) => readManifest(join(ROOT, folder)).name);
const getFolder = (name: string) => join(installed.directory, 'node_modules', name);
const readTarball = (name: string) => readFileSync(installed.packages.find((one) => one.name === name)!.tarball);

describe.each(NAMES)('the tarball of %s', (name) => {
  it('has nothing that publint would change', async () => {
    const { messages, pkg } = await publint({ pack: { tarball: toArrayBuffer(readTarball(name)) }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('has types that resolve as its code does', async () => {
    const result = await checkPackage(createPackageFromTarballData(readTarball(name)));
    if (!result.types) throw new Error('No types.');
    // An ES module is what `require` gets as well; subpaths need a resolution that knows `exports`.
    const problems = result.problems.filter((problem) => problem.kind !== 'CJSResolvesToESM' && !('resolutionKind' in problem && problem.resolutionKind === 'node10'));
    expect(problems).toEqual([]);
  });

  it('declares nothing with the types of a package that it does not bring', () => {
    expect(findUnlistedImports(getFolder(name), 'dist/index.d.ts')).toEqual([]);
  });
});

describe('what is installed along', () => {
  /** Every package that `npm install` of the one brings, peers aside. */
  function findInstalled(name: string, seen = new Set<string>()): string[] {
    if (seen.has(name)) return [];
    seen.add(name);
    const own = NAMES.includes(name) ? getFolder(name) : join(ROOT, 'node_modules', name);
    const { dependencies = {} }: Manifest = readManifest(own);
    return [name, ...Object.keys(dependencies).flatMap((dependency) => findInstalled(dependency, seen))];
  }

  it('with the plugin is the analysis and one package of types', () => {
    expect(findInstalled('eslint-plugin-watertight').sort()).toEqual(['@typescript-eslint/types', 'eslint-plugin-watertight', 'watertight-analysis']);
  });

  it('with the runtime is nothing', () => {
    expect(findInstalled('watertight-runtime')).toEqual(['watertight-runtime']);
  });

  it('with the codemods is ts-morph, so that the check of the plugin means something', () => {
    expect(findInstalled('watertight-codemods')).toContain('ts-morph');
  });
});

describe('the declarations', () => {
  it('name a missing package where one is', () => {
    const folder = join(installed.directory, 'broken');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "name": "broken", "version": "1.0.0", "dependencies": { "known": "1" } }');
    writeFileSync(join(folder, 'index.d.ts'), "export * from 'known/sub';\nexport { a } from './a.js';\n");
    writeFileSync(join(folder, 'a.d.ts'), "import type { B } from '@scope/b/c';\nexport declare const a: B;\n");
    expect(findUnlistedImports(folder, 'index.d.ts')).toEqual(['a.d.ts @scope/b/c']);
  });

  it('fit the configuration of ESLint and of typescript-eslint, checked with those of the libraries', () => {
    for (const name of ['eslint', 'typescript-eslint', '@types/node']) link(join(installed.directory, 'node_modules', name), name);
    const file = join(installed.directory, 'eslint.config.ts');
    writeFileSync(
      file,
      [
        "import { type Linter, type Rule } from 'eslint';",
        "import { defineConfig } from 'eslint/config';",
        "import tseslint from 'typescript-eslint';",
        "import watertight, { type PluginRule, getReportedFindings } from 'eslint-plugin-watertight';",
        "import { codemods } from 'watertight-codemods';",
        "import { releaseBody } from 'watertight-runtime';",
        "import { main } from 'watertight';",
        'export const list: Linter.Config[] = [watertight.configs.all];',
        "export const rule: PluginRule | undefined = watertight.rules['no-unclosed-response-body'];",
        'export const rules: Record<string, Rule.RuleModule> = watertight.rules;',
        'export const used = [getReportedFindings, codemods, releaseBody, main];',
        "export const typed = tseslint.config(watertight.configs['phase-1']);",
        "export default defineConfig(watertight.configs.recommended, { plugins: { watertight }, rules: { 'watertight/no-racy-update': 'error' } });",
        '// @ts-expect-error There is no such preset.',
        'watertight.configs.best;',
      ].join('\n'),
    );
    const program = ts.createProgram([file], { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true, noEmit: true, skipLibCheck: false, lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts', 'lib.dom.asynciterable.d.ts'], types: ['node'] });
    const files = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(installed.directory));
    const own = files.flatMap((source) => [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]);
    expect(files.map(({ fileName }) => fileName.slice(installed.directory.length))).toContain('/node_modules/watertight-analysis/dist/index.d.ts');
    expect(own.map(({ file: where, messageText }) => `${where?.fileName.slice(installed.directory.length)} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([]);
  }, 240_000);
});

function toArrayBuffer(buffer: Buffer): ArrayBuffer {
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength) as ArrayBuffer;
}
