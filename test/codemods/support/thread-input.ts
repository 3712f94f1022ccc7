import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { Linter } from '@typescript-eslint/utils/ts-eslint';
import plugin, { getReportedFindings } from 'eslint-plugin-watertight';
import { type SourceFile, type TypeProvider, getSourceFile, setParents } from 'watertight-analysis';
import type { LintOutcome } from '../../../codemods/runner/repair-file.js';
import { TypeProjects } from '../../../codemods/runner/type-project.js';
import type { ThreadInput } from '../../../codemods/thread-signals/thread-signals.js';

export function parse(path: string, text: string, types?: TypeProvider): SourceFile | undefined {
  try {
    const { ast, scopeManager, visitorKeys } = parser.parseForESLint(text, { range: true, loc: true, sourceType: 'module' });
    setParents(ast, visitorKeys);
    return getSourceFile({ ast, scopeManager, text, filename: path, visitorKeys, types });
  } catch {
    return undefined;
  }
}

/** Every rule of the plugin, without types. */
export async function lint(path: string, text: string): Promise<LintOutcome> {
  const linter = new Linter({ configType: 'flat' });
  const rules = Object.fromEntries(Object.keys(plugin.rules).map((name) => [`watertight/${name}`, 'error' as const]));
  const messages = linter.verify(
    text,
    [{ files: ['**'], languageOptions: { parser: parser as never }, plugins: { watertight: { rules: plugin.rules as never } }, rules }],
    { filename: path.replace(/^.*\//, '') },
  );
  const fatal = messages.find((message) => message.fatal);
  if (fatal) return { ok: false, error: fatal.message };
  const source = linter.getSourceCode();
  const findings = getReportedFindings(source.ast);
  return {
    ok: true,
    sites: messages.map(({ ruleId, messageId, line, column }) => ({
      ruleName: ruleId!.replace('watertight/', ''),
      messageId: messageId!,
      start: source.getIndexFromLoc({ line, column: column - 1 }),
      end: source.getIndexFromLoc({ line, column: column - 1 }),
      finding: findings.find(({ loc }) => loc.start.line === line && loc.start.column === column - 1)!,
    })),
  };
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
