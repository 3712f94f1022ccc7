import type { TSESTree } from '@typescript-eslint/types';
import { type Edit, applyEdits } from 'watertight-codemods';
import { findConfigList } from './find-config-list.js';
import { type ParsedConfig, parseConfig } from './parse-config.js';
import type { Phase } from './phases.js';

const PLUGIN = 'eslint-plugin-watertight';

export interface ConfigEdit {
  readonly text: string;
  /** `added`; `moved` from one phase to another; or `kept`: the file has the plugin already. */
  readonly change: 'added' | 'moved' | 'kept';
  /** The phase that the file asked for before; undefined when it had no plugin, or uses it in a way of its own. */
  readonly before: Phase | undefined;
}

/**
 * Adds the preset of a phase at the end of what a flat configuration exports, or changes the phase that it has. Nothing
 * else of the text changes. Without a wanted phase a configuration that has the plugin is kept as it is.
 */
export function editConfig(path: string, text: string, phase: Phase, isPhaseWanted: boolean): ConfigEdit {
  const config = parseConfig(path, text);
  const present = config.imports.find(({ source }) => source === PLUGIN);
  if (present) {
    const place = findPhase(config, present.local);
    if (!place || !isPhaseWanted || place.phase === phase) return { text, change: 'kept', before: place?.phase };
    return { text: applyEdits(text, [{ start: place.start, end: place.end, text: String(phase) }]), change: 'moved', before: place.phase };
  }
  const { quote, semicolon, eol } = getStyle(config);
  const local = pickName(config);
  const preset = `${local}.configs[${quote}phase-${phase}${quote}]`;
  const load = config.isModule ? `import ${local} from ${quote}${PLUGIN}${quote}` : `const ${local} = require(${quote}${PLUGIN}${quote})`;
  const edits = [getLoadEdit(config, `${load}${semicolon}`, eol), ...getListEdits(config, preset, eol)];
  return { text: applyEdits(text, edits), change: 'added', before: undefined };
}

/** The number in `watertight.configs['phase-2']`. */
function findPhase({ tokens, text }: ParsedConfig, local: string): (Omit<Edit, 'text'> & { phase: Phase }) | undefined {
  for (const [index, token] of tokens.entries()) {
    const match = /^['"]phase-([1-4])['"]$/.exec(token.value);
    const isOfPlugin = text.slice(0, token.range[0]).endsWith(`${local}.configs[`);
    if (match && (isOfPlugin || tokens[index - 4]?.value === local)) {
      return { start: token.range[1] - 2, end: token.range[1] - 1, phase: Number(match[1]) as Phase };
    }
  }
  return undefined;
}

function getStyle({ text, tokens, statements }: ParsedConfig) {
  const string = tokens.find(({ type, value }) => (type as string) === 'String' && /^['"]/.test(value));
  const last = statements.findLast(({ type }) => type === 'ImportDeclaration' || type === 'VariableDeclaration') ?? statements.at(-1)!;
  return {
    quote: string?.value.startsWith('"') ? '"' : "'",
    semicolon: text[last.range[1] - 1] === ';' ? ';' : '',
    eol: /\r?\n/.exec(text)?.[0] ?? '\n',
  };
}

function pickName({ tokens }: ParsedConfig): string {
  const isTaken = (name: string) => tokens.some(({ value }) => value === name);
  return ['watertight', 'watertightPlugin', 'eslintPluginWatertight'].find((name) => !isTaken(name)) ?? 'watertightEslintPlugin';
}

/** Behind the last import, else below what has to stay at the head of the file. */
function getLoadEdit(config: ParsedConfig, load: string, eol: string): Edit {
  const { text, imports, statements } = config;
  const isImport = (statement: TSESTree.ProgramStatement) => statement.type === 'ImportDeclaration' || imports.some((each) => each.statement === statement);
  const last = statements.findLast(isImport);
  if (last) {
    const [, end] = last.range;
    // A comment behind it on the same line stays there.
    const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*(?:(?!\*\/)[^\r\n])*\*\/[ \t]*(?=\r?\n|$))?/.exec(text.slice(end))![0];
    const at = end + rest.trimEnd().length;
    return { start: at, end: at, text: `${eol}${load}` };
  }
  const at = findHead(config);
  return { start: at, end: at, text: `${at > 0 && text[at - 1] !== '\n' ? eol : ''}${load}${eol}${eol}` };
}

/** The end of the `#!` line, of directives, and of comments that are about the file and not about its first statement. */
function findHead({ text, statements, comments }: ParsedConfig): number {
  const lineEnd = (from: number) => from + /^[^\n]*\n?/.exec(text.slice(from))![0].length;
  let head = text.startsWith('#!') ? lineEnd(0) : 0;
  const first = statements.find((statement) => !isDirective(statement));
  for (const statement of statements) {
    if (!isDirective(statement)) break;
    head = lineEnd(statement.range[1]);
  }
  for (const comment of comments) {
    if (first && comment.range[0] > first.range[0]) break;
    if (comment.range[0] < head) continue;
    const isSetApart = /^[ \t]*\r?\n[ \t]*\r?\n/.test(text.slice(comment.range[1]));
    if (!isSetApart && !/^\s*@ts-|^\s*eslint\b/.test(comment.value)) break;
    head = lineEnd(comment.range[1]);
    while (/^[ \t]*\r?\n/.test(text.slice(head))) head = lineEnd(head);
  }
  return head;
}

function isDirective(statement: TSESTree.ProgramStatement): boolean {
  return statement.type === 'ExpressionStatement' && statement.expression.type === 'Literal' && typeof statement.expression.value === 'string';
}

function getListEdits(config: ParsedConfig, preset: string, eol: string): Edit[] {
  const list = findConfigList(config);
  if (list.kind === 'wrap') {
    const { start, end, before, after } = list;
    return [
      { start, end: start, text: before },
      { start: end, end, text: after(preset) },
    ];
  }
  const { items, open, close } = list;
  const last = items.at(-1);
  const { text } = config;
  if (!last) {
    const holdsComment = text.slice(open, close).trim() !== '';
    const at = holdsComment ? open + text.slice(open, close).trimEnd().length : open;
    return [holdsComment ? { start: at, end: at, text: `${eol}  ${preset},` } : { start: open, end: close, text: preset }];
  }
  const comma = config.tokens.find(({ value, range }) => value === ',' && range[0] >= last.range[1] && range[1] <= close);
  const lineStart = text.lastIndexOf('\n', last.range[0] - 1) + 1;
  const indent = text.slice(lineStart, last.range[0]);
  if (indent.trim() !== '' || lineStart <= open) return [{ start: last.range[1], end: last.range[1], text: `, ${preset}` }];
  const behind = comma ? comma.range[1] : last.range[1];
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*(?:(?!\*\/)[^\r\n])*\*\/)?/.exec(text.slice(behind, close))![0];
  const at = behind + rest.trimEnd().length;
  const line = `${eol}${indent}${preset}${comma ? ',' : ''}`;
  if (comma) return [{ start: at, end: at, text: line }];
  return at === last.range[1] ? [{ start: at, end: at, text: `,${line}` }] : [{ start: last.range[1], end: last.range[1], text: ',' }, { start: at, end: at, text: line }];
}
