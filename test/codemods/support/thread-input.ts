import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { type SourceFile, type TypeProvider, getSourceFile, setParents } from 'watertight-analysis';
import type { LintOutcome } from '../../../codemods/runner/repair-file.js';
import { TypeProjects } from '../../../codemods/runner/type-project.js';
import type { ThreadInput } from '../../../codemods/thread-signals/thread-signals.js';
import { lintText } from './repair-text.js';

export function parse(path: string, text: string, types?: TypeProvider): SourceFile | undefined {
  try {
    const { ast, scopeManager, visitorKeys } = parser.parseForESLint(text, { range: true, loc: true, sourceType: 'module' });
    setParents(ast, visitorKeys);
    return getSourceFile({ ast, scopeManager, text, filename: path, visitorKeys, types });
  } catch {
    return undefined;
  }
}

export async function lint(path: string, text: string): Promise<LintOutcome> {
  return lintText(text, path.replace(/^.*\//, ''));
}

/** The sources below a folder of a project on the disk. */
export function readSources(root: string): Map<string, string> {
  return new Map(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => /(?<!\.d)\.[cm]?[jt]s$/.test(name))
      .sort()
      .map((name) => [join(root, name), readFileSync(join(root, name), 'utf8')]),
  );
}

/** What threading is given of a project on the disk. */
export function getThreadInput(root: string, texts = readSources(root)): ThreadInput {
  const config = new TypeProjects({ bundledTypes: {} }).findConfig([...texts.keys()][0]!);
  return { config, texts, parse, lint, findRefusal: () => undefined, isTest: (path) => path.includes('.test.') };
}
