import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findForbiddenImports } from './support/find-forbidden-imports.js';
import { PACKAGES, type PackageFolder, ROOT, findSources } from './support/paths.js';

describe('the arrows between the packages', () => {
  it.each(PACKAGES)('%s imports only what it may', (folder) => {
    const sources = findSources(folder);
    expect(sources.length).toBeGreaterThan(3);
    expect(sources.flatMap((file) => findForbiddenImports(folder, file, readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
  });

  it.each<[PackageFolder, string]>([
    ['analysis', "import { Linter } from 'eslint';"],
    ['analysis', "import type { Rule } from 'eslint';"],
    ['analysis', "import plugin from 'eslint-plugin-watertight';"],
    ['analysis', "export { rules } from '../../rules/index.js';"],
    ['analysis', "import { AST_NODE_TYPES } from '@typescript-eslint/types';"],
    ['rules', "import { ESLintUtils } from '@typescript-eslint/utils';"],
    ['rules', "import { type TSESTree, ESLintUtils } from '@typescript-eslint/utils';"],
    ['rules', "export * from '@typescript-eslint/utils';"],
    ['rules', "import ts from 'typescript';"],
    ['rules', "const ts = require('typescript');"],
    ['rules', "const ts = await import('typescript');"],
    ['rules', "import { codemods } from 'watertight-codemods';"],
    ['codemods', "import { check } from 'watertight';"],
    ['codemods', "import { check } from '../cli/index.js';"],
    ['runtime', "import { fetch } from 'undici';"],
    ['runtime', "import type { Dispatcher } from 'undici';"],
    ['runtime', "import { findLeaks } from 'watertight-analysis';"],
    ['runtime', "import '../test/runtime/support/server.js';"],
  ])('%s must not have: %s', (folder, text) => {
    expect(findForbiddenImports(folder, `${folder}/file.ts`, `\n${text}\n`)).toEqual([expect.stringMatching(`^${folder}/file.ts:2 `)]);
  });

  it.each<[PackageFolder, string]>([
    ['analysis', "import type { TSESTree } from '@typescript-eslint/types';"],
    ['analysis', "import { type TSESTree } from '@typescript-eslint/types';"],
    ['rules', "import { findLeaks } from 'watertight-analysis';"],
    ['rules', "import type { RuleContext } from '@typescript-eslint/utils/ts-eslint';"],
    ['rules', "import type ts from 'typescript';"],
    ['rules', "let types: import('@typescript-eslint/utils').ParserServices;"],
    ['codemods', "import { Project } from 'ts-morph';"],
    ['cli', "import { codemods } from 'watertight-codemods';"],
    ['runtime', "import { open } from 'node:fs/promises';"],
    ['runtime', "import { delay } from './delay.js';"],
  ])('%s may have: %s', (folder, text) => {
    expect(findForbiddenImports(folder, `${folder}/file.ts`, text)).toEqual([]);
  });
});
