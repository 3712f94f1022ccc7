import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Linter, SourceCode } from 'eslint';
import plugin, { type PluginRule, getGivenUp, getReportedFindings } from 'eslint-plugin-watertight';
import { isGenerated } from '../../files/is-generated.js';
import type { CheckedFile } from '../finding.js';
import type { JoinedMessage } from '../lint-text.js';
import { parserOptions } from '../parser-options.js';
import { pickLines } from '../pick-lines.js';
import { toCheckedFinding } from '../to-checked-finding.js';
import { toNotice } from '../to-notice.js';
import { HOST_DATA, type HostData, type HostReport } from './host-data.js';

/*
 * A plugin for oxlint with one rule, which runs all rules that are turned on, and keeps what they find instead of
 * reporting it: paths and all, as the command has it from ESLint. Whatever is not plain is left to ESLint.
 */

/** What oxlint gives to a rule; of the parts that are used here. */
interface OxlintContext {
  readonly filename: string;
  readonly cwd: string;
  readonly sourceCode: SourceCode;
}

interface EnabledRule {
  readonly name: string;
  readonly rule: PluginRule;
  readonly options: readonly unknown[];
  readonly severity: JoinedMessage['severity'];
}

/** How often the run tells how far it is, in files. */
const PROGRESS_STEP = 50;
/** Comments that speak to a linter: which of them count is for ESLint to say. */
const DIRECTIVE = /\b(?:eslint|oxlint)\b/;

const { rules, named, reportPath } = JSON.parse(readFileSync(process.env[HOST_DATA]!, 'utf8')) as HostData;
const namedFiles = new Set(named);
const enabled = Object.entries(rules).map(([name, entry]): EnabledRule => {
  const [severity, ...options] = Array.isArray(entry) ? entry : [entry];
  return { name, rule: plugin.rules[name]!, options, severity: isWarning(severity) ? 'warning' : 'error' };
});

const hostRequire = createRequire(import.meta.url);
/** For the files that the linted ones import, as the built-in configuration of the command has it. */
const languageOptions = {
  parserOptions,
  // Loaded at the first of them: it brings all of TypeScript along.
  get parser(): unknown {
    return hostRequire('@typescript-eslint/parser') as unknown;
  },
};

const report: { silent: string[]; told: CheckedFile[] } = { silent: [], told: [] };
let seen = 0;

function lint({ filename, cwd, sourceCode }: OxlintContext): void {
  seen += 1;
  if (seen % PROGRESS_STEP === 0) process.send?.(PROGRESS_STEP);
  const { text, ast } = sourceCode;
  if (!namedFiles.has(filename) && isGenerated(filename, text)) return;
  const messages = enabled.flatMap((one) => run(one, { filename, cwd, sourceCode }));
  const problems = getGivenUp(ast).map(toNotice);
  if (messages.length + problems.length === 0) {
    // A comment in the file may turn a rule on, or tell it more.
    if (!text.includes('watertight/')) report.silent.push(filename);
  } else if (!sourceCode.hasBOM && !DIRECTIVE.test(text)) {
    const findings = messages.sort((a, b) => a.start - b.start || a.end - b.end).map(toCheckedFinding);
    report.told.push({ path: filename, state: 'linted', findings, problems, sourceLines: pickLines(text, findings, problems) });
  }
}

function run({ name, rule, options, severity }: EnabledRule, { filename, cwd, sourceCode }: OxlintContext): JoinedMessage[] {
  const { ast } = sourceCode;
  const countBefore = getReportedFindings(ast).length;
  const context = { id: `watertight/${name}`, filename, cwd, sourceCode, options, settings: {}, languageOptions, report: () => undefined };
  const listeners = rule.create(context) as Readonly<Record<string, (node: unknown) => void>>;
  for (const [selector, visit] of Object.entries(listeners)) {
    if (selector !== 'Program:exit') throw new Error(`${name} listens to ${selector}, which nobody calls here.`);
    visit(ast);
  }
  // The rules keep what they report.
  return getReportedFindings(ast)
    .slice(countBefore)
    .map((finding): JoinedMessage => {
      const { messageId, data, loc } = finding;
      return {
        ruleName: name,
        messageId,
        message: fill(rule.meta.messages[messageId]!, data),
        severity,
        isSuppressed: false,
        line: loc.start.line,
        column: loc.start.column + 1,
        endLine: loc.end.line,
        endColumn: loc.end.column + 1,
        start: sourceCode.getIndexFromLoc(loc.start),
        end: sourceCode.getIndexFromLoc(loc.end),
        finding,
      };
    });
}

/** As ESLint fills in the text of a message. */
function fill(text: string, data: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{([^{}]+)\}\}/g, (whole, name: string) => data[name.trim()] ?? whole);
}

function isWarning(severity: Linter.RuleSeverity | undefined): boolean {
  return severity === 'warn' || severity === 1;
}

process.once('exit', () => writeFileSync(reportPath, JSON.stringify(report satisfies HostReport)));

export default {
  meta: { name: 'watertight-host' },
  rules: {
    all: {
      create(context: OxlintContext) {
        try {
          lint(context);
        } catch {
          // ESLint will look at the file, and tell what is wrong with it, or with a rule.
        }
        return {};
      },
    },
  },
};
