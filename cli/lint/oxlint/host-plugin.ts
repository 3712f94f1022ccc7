import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Linter, Rule, SourceCode } from 'eslint';
import plugin, { type PluginRule, getGivenUp, getReportedFindings } from 'eslint-plugin-watertight';
import { isGenerated } from '../../files/is-generated.js';
import type { CheckedFile } from '../finding.js';
import type { JoinedMessage } from '../lint-text.js';
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
  parserOptions: { ecmaFeatures: { jsx: true } },
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
  const messages: JoinedMessage[] = [];
  const keep = (descriptor: Rule.ReportDescriptor) => {
    const { messageId, data = {} } = descriptor as { messageId: string; data?: Record<string, string> };
    const { line, column, endLine, endColumn } = getRange(descriptor);
    messages.push({
      ruleName: name,
      messageId,
      message: fill(rule.meta.messages[messageId]!, data),
      severity,
      isSuppressed: false,
      line,
      column: column + 1,
      endLine,
      endColumn: endColumn + 1,
      start: sourceCode.getIndexFromLoc({ line, column }),
      end: sourceCode.getIndexFromLoc({ line: endLine, column: endColumn }),
      // The rules keep it before they report it.
      finding: getReportedFindings(ast).at(-1),
    });
  };
  const context = { id: `watertight/${name}`, filename, cwd, sourceCode, options, settings: {}, languageOptions, report: keep };
  const listeners = rule.create(context) as Readonly<Record<string, (node: unknown) => void>>;
  for (const [selector, visit] of Object.entries(listeners)) {
    if (selector !== 'Program:exit') throw new Error(`${name} listens to ${selector}, which nobody calls here.`);
    visit(ast);
  }
  return messages;
}

function getRange(descriptor: Rule.ReportDescriptor): { line: number; column: number; endLine: number; endColumn: number } {
  const loc = 'loc' in descriptor ? descriptor.loc : 'node' in descriptor ? descriptor.node.loc! : undefined;
  if (!loc) throw new TypeError('A finding is reported at a node or a location.');
  const { start, end } = 'start' in loc ? loc : { start: loc, end: loc };
  return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
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
