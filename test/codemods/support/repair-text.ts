import * as parser from '@typescript-eslint/parser';
import { Linter } from '@typescript-eslint/utils/ts-eslint';
import plugin, { getReportedFindings } from 'eslint-plugin-watertight';
import { Project } from 'ts-morph';
import ts from 'typescript';
import { type FileRepair, type LintOutcome, repairFile } from '../../../codemods/runner/repair-file.js';
import type { Codemod, Target } from '../../../codemods/types.js';

export interface RepairOptions {
  readonly target?: Partial<Target> | undefined;
  /** The options of the rule that the codemod is for. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly filename?: string | undefined;
  /** The texts of other files, by their absolute paths. */
  readonly others?: Readonly<Record<string, string>> | undefined;
}

/** Repairs a text as the command does: every rule is on, and the sites of one are repaired. */
export async function repairText(codemod: Codemod, text: string, given: RepairOptions = {}): Promise<FileRepair> {
  const { target = {}, options = {}, filename = 'file.ts', others = {} } = given;
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { target: ts.ScriptTarget.ES2022, strict: true } });
  for (const [path, other] of Object.entries(others)) project.createSourceFile(path, other);
  const rules: Linter.RulesRecord = { [`watertight/${codemod.name}`]: ['error', options] };
  return repairFile({
    text,
    lint: (version) => lintText(version, filename, rules),
    types: { getSourceFile: (version) => project.createSourceFile(`/${filename}`, version, { overwrite: true }), findNewErrors: () => [] },
    codemods: { [codemod.name]: codemod },
    target: { runtimeModule: 'watertight-runtime', canUseUsing: true, style: 'auto', moduleFormat: 'esm', dependencies: new Set(), ...target },
    isWanted: ({ ruleName }) => ruleName === codemod.name,
  });
}

/** What every rule of the plugin reports, without types. */
export function lintText(text: string, filename: string, own: Linter.RulesRecord = {}): LintOutcome {
  const linter = new Linter({ configType: 'flat' });
  const rules: Linter.RulesRecord = Object.fromEntries(Object.keys(plugin.rules).map((name) => [`watertight/${name}`, 'error']));
  const messages = linter.verify(
    text,
    [{ files: ['**'], languageOptions: { parser: parser as never }, plugins: { watertight: plugin }, rules: { ...rules, ...own } }],
    { filename },
  );
  const fatal = messages.find((message) => message.fatal);
  if (fatal) return { ok: false, error: fatal.message };
  const source = linter.getSourceCode();
  const findings = getReportedFindings(source.ast);
  return {
    ok: true,
    sites: messages.map(({ ruleId, line, column, endLine, endColumn, messageId }) => ({
      ruleName: ruleId!.slice('watertight/'.length),
      messageId: messageId!,
      start: source.getIndexFromLoc({ line, column: column - 1 }),
      end: source.getIndexFromLoc({ line: endLine!, column: endColumn! - 1 }),
      finding: findings.find((found) => `watertight/${found.ruleName}` === ruleId && found.messageId === messageId && found.loc.start.line === line && found.loc.start.column === column - 1)!,
    })),
  };
}
