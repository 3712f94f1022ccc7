import { Linter, type SourceCode } from 'eslint';
import { type ReportedFinding, getGivenUp, getReportedFindings } from 'eslint-plugin-watertight';
import { getErrorMessage } from '../errors.js';
import type { Range, FileProblem } from './finding.js';
import { getBaseDirectory } from './get-base-directory.js';
import type { LintConfig } from './lint-config.js';
import { toNotice } from './to-notice.js';

/** One message of ESLint with the finding that the rule reported there. */
export interface JoinedMessage extends Range {
  readonly ruleName: string;
  readonly messageId: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
  readonly isSuppressed: boolean;
  /** UTF-16 offsets in the text. */
  readonly start: number;
  readonly end: number;
  readonly finding: ReportedFinding | undefined;
}

export interface LintedText {
  /** What the rules said, disabled by a comment or not, in the order of the file. Empty when the text does not parse. */
  readonly messages: readonly JoinedMessage[];
  readonly problems: readonly FileProblem[];
  /** What the rules looked at; absent when the text does not parse. */
  readonly sourceCode?: SourceCode | undefined;
}

/**
 * Lints a text (without byte order mark) and joins ESLint's messages, which carry no path, with the findings that the
 * rules kept of the same run, by rule and position. The one place where that is done. A rule that throws is left out and
 * told; the others still answer.
 */
export function lintText(text: string, path: string, config: LintConfig, cwd: string): LintedText {
  const problems: FileProblem[] = [];
  let { rules } = config;
  for (;;) {
    const linter = new Linter({ cwd: getBaseDirectory(path, cwd) });
    try {
      const messages = linter.verify(text, toFlatConfig(config, rules), { filename: path });
      return join(linter, messages, config, problems);
    } catch (error) {
      if (isStackOverflow(getErrorMessage(error))) return { messages: [], problems: [...problems, { kind: 'syntax', ...TOO_DEEP }] };
      const ruleName = findCrashedRule(error, config.namespace);
      const place = ruleName === undefined ? 'ESLint' : `The rule \`${ruleName}\``;
      const [reason] = getErrorMessage(error).split('\n');
      problems.push({
        kind: 'rule-crash',
        message: `${place} stopped: ${reason}`,
        line: findCrashLine(error),
        hint: 'This is an error of the tool: please report it with the file. The other rules were run without it.',
      });
      if (ruleName === undefined || !(ruleName in rules)) return { messages: [], problems };
      rules = Object.fromEntries(Object.entries(rules).filter(([name]) => name !== ruleName));
    }
  }
}

/** What is said of code that neither the parser nor ESLint gets through, since both call themselves for what is inside of a node. */
const TOO_DEEP = { message: 'The code is nested too deeply to be read.', hint: 'Nothing was looked at in this file. Leave it out, or run with `node --stack-size=4000`.' };

function isStackOverflow(message: string): boolean {
  return /Maximum call stack size exceeded/.test(message);
}

function toFlatConfig(config: LintConfig, rules: LintConfig['rules']): Linter.Config[] {
  return [
    {
      files: ['**'],
      plugins: { [config.namespace]: config.plugin },
      languageOptions: config.languageOptions ?? {},
      settings: config.settings,
      linterOptions: { noInlineConfig: config.noInlineConfig, reportUnusedDisableDirectives: 'off', reportUnusedInlineConfigs: 'off' },
      rules: Object.fromEntries(Object.entries(rules).map(([name, entry]) => [`${config.namespace}/${name}`, entry])),
    },
    // The command has chosen its files; ESLint must not leave any out again.
    { ignores: ['!**/node_modules/', '!.git/'] },
  ];
}

function join(linter: Linter, messages: readonly Linter.LintMessage[], config: LintConfig, problems: FileProblem[]): LintedText {
  const fatal = messages.find((message) => message.fatal && message.ruleId === null);
  if (fatal) {
    if (isStackOverflow(fatal.message)) return { messages: [], problems: [...problems, { kind: 'syntax', ...TOO_DEEP }] };
    const message = fatal.message.replace(/^Parsing error: /, '');
    const hint = 'Correct the syntax, or leave the file out.';
    const column = fatal.column + (countsColumnsFromZero(config) ? 1 : 0);
    return { messages: [], problems: [...problems, { kind: 'syntax', message, line: fatal.line, column, hint }] };
  }
  const sourceCode = linter.getSourceCode();
  const unclaimed = new Set(getReportedFindings(sourceCode.ast));
  const prefix = `${config.namespace}/`;
  const joinOne = (message: Linter.LintMessage, isSuppressed: boolean): JoinedMessage => {
    const ruleName = message.ruleId!.slice(prefix.length);
    const finding = [...unclaimed].find((candidate) => candidate.ruleName === ruleName && isAt(candidate, message));
    if (finding) unclaimed.delete(finding);
    const range = {
      line: message.line,
      column: message.column,
      endLine: message.endLine ?? message.line,
      endColumn: message.endColumn ?? message.column,
    };
    return {
      ...range,
      ruleName,
      messageId: message.messageId ?? '',
      message: message.message,
      severity: message.severity === 2 ? 'error' : 'warning',
      isSuppressed,
      start: sourceCode.getIndexFromLoc({ line: range.line, column: range.column - 1 }),
      end: sourceCode.getIndexFromLoc({ line: range.endLine, column: range.endColumn - 1 }),
      finding,
    };
  };
  const isOurs = (message: Linter.LintMessage) => message.ruleId?.startsWith(prefix) && message.messageId !== undefined;
  const joined = [
    ...messages.filter(isOurs).map((message) => joinOne(message, false)),
    // Missing in ESLint's types.
    ...(linter as unknown as { getSuppressedMessages(): Linter.LintMessage[] })
      .getSuppressedMessages()
      .filter(isOurs)
      .map((message) => joinOne(message, true)),
  ];
  const notices = getGivenUp(sourceCode.ast).map(toNotice);
  return { messages: joined.sort((a, b) => a.start - b.start || a.end - b.end), problems: [...problems, ...notices], sourceCode };
}

/** ESLint passes on the column of a syntax error as the parser gives it. */
function countsColumnsFromZero({ languageOptions }: LintConfig): boolean {
  const parser = languageOptions?.parser as { meta?: { name?: string } } | undefined;
  return parser?.meta?.name?.startsWith('typescript-eslint') ?? false;
}

function isAt({ messageId, loc }: ReportedFinding, message: Linter.LintMessage): boolean {
  return messageId === message.messageId && loc.start.line === message.line && loc.start.column + 1 === message.column;
}

function findCrashedRule(error: unknown, namespace: string): string | undefined {
  const ruleId = (error as { ruleId?: unknown } | undefined)?.ruleId;
  return typeof ruleId === 'string' && ruleId.startsWith(`${namespace}/`) ? ruleId.slice(namespace.length + 1) : undefined;
}

function findCrashLine(error: unknown): number | undefined {
  return (error as { currentNode?: { loc?: { start: { line: number } } } } | undefined)?.currentNode?.loc?.start.line;
}
