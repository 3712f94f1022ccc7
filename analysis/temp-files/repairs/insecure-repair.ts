import { addProperty } from '../../errors/cause-edits.js';
import { matchesCallee } from '../../ownership/acquisitions.js';
import { findProperty } from '../../ownership/apply-call.js';
import { findStatement } from '../../repairs/place-statement.js';
import { getStatements } from '../../repairs/guard-statements.js';
import { type Refusal, refuse } from '../../repairs/refusal.js';
import type { ResourceRepair, ResourceStyle } from '../../repairs/resource-repair.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { getLineBreak } from '../../repairs/text-layout.js';
import type { SourceFile } from '../../source-file.js';
import { type CallLike, type Node, type TSESTree, getEnclosingRoot, getPropertyName, getStringValue, isFunction, skipWrappers } from '../../syntax/node.js';
import type { InsecureTempFile } from '../find-insecure-temp-files.js';
import { isFreshName } from '../../resources/temporary-path.js';
import { shorten } from '../../syntax/shorten.js';
import { getDelayedFile } from './delayed-file.js';
import { findKeeps } from './find-keeps.js';
import { getPrivateFolder } from './private-folder.js';
import { getScopedFile } from './scoped-file.js';
import { takeOut } from './tail-removal.js';

/**
 * The repair of a temporary file that others can foresee, read or replace: mode 0600, the flag `wx` behind a check, the
 * variable set after the content is written, or a folder of its own.
 */
export function getInsecureTempFileRepair(insecure: InsecureTempFile, file: SourceFile, style: ResourceStyle): ResourceRepair | Refusal {
  const { reason, write } = insecure;
  switch (reason) {
    case 'worldWritable':
      return closeMode(write, file);
    case 'secretReadable':
      return addOption(write, 'mode', '0o600', file);
    case 'checkThenCreate':
      return makeExclusive(write, file);
    case 'publishedEarly':
      return nameLater(write, file, style) ?? publishLater(insecure, file);
    case 'predictableName':
      return style.isLocal ? claimName(insecure, file) : makePrivate(write, file, style);
  }
}

/** { mode: 0o666 }  →  { mode: 0o600 } */
function closeMode(write: CallLike, file: SourceFile): ResourceRepair | Refusal {
  if (matchesCallee(['*:chmod', '*:chmodSync', 'fs:promises.chmod'], write, file)) return refuse('would-change-behaviour', 'who is to get at it is not known');
  for (const argument of write.arguments) {
    const value = findProperty(argument, 'mode');
    const node = value && skipWrappers(value);
    if (node?.type === 'Literal' && typeof node.value === 'number') return done([{ start: node.range[0], end: node.range[1], text: '0o600' }]);
  }
  return refuse('unsupported-shape', `the mode of \`${shorten(file.getText(write.callee))}\` is not in place`);
}

/** Where the options of a function that writes are, and what the option for flags is called there. */
interface OptionPlace {
  readonly index: number;
  readonly flag: 'flag' | 'flags' | 'argument';
}

function findOptionPlace(write: CallLike, file: SourceFile): OptionPlace | undefined {
  if (matchesCallee(['fs:createWriteStream', 'fs-extra:createWriteStream'], write, file)) return { index: 1, flag: 'flags' };
  if (matchesCallee(['fs:openSync', 'fs:promises.open', 'fs:open'], write, file)) return { index: 1, flag: 'argument' };
  const name = write.callee.type === 'MemberExpression' ? getPropertyName(write.callee) : write.callee.type === 'Identifier' ? write.callee.name : undefined;
  return name !== undefined && /^(?:writeFile|appendFile|outputFile|writeJson|writeJSON)(?:Sync)?$/.test(name) ? { index: 2, flag: 'flag' } : undefined;
}

/** writeFile(path, data)  →  writeFile(path, data, { mode: 0o600 }) */
function addOption(write: CallLike, name: 'mode' | 'flag', value: string, file: SourceFile): ResourceRepair | Refusal {
  const place = findOptionPlace(write, file);
  if (!place) return refuse('unsupported-shape', 'the options of the call are not known');
  if (place.flag === 'argument') return addArgument(write, name, value, file);
  const option = `${name === 'flag' ? place.flag : name}: ${value}`;
  const options = write.arguments[place.index];
  const last = write.arguments.at(-1);
  if (!options) return last && write.arguments.length === place.index ? done([{ start: last.range[1], end: last.range[1], text: `, { ${option} }` }]) : refuse('unsupported-shape', 'the call has no content');
  const node = skipWrappers(options);
  if (getStringValue(node) !== undefined) return done([{ start: node.range[0], end: node.range[1], text: `{ encoding: ${file.getText(node)}, ${option} }` }]);
  if (isFunction(node)) return done([{ start: options.range[0], end: options.range[0], text: `{ ${option} }, ` }]);
  if (node.type !== 'ObjectExpression') return refuse('unsupported-shape', 'the options of the call stand elsewhere');
  const given = findProperty(node, name === 'flag' ? place.flag : name);
  return done(given ? [{ start: given.range[0], end: given.range[1], text: value }] : addProperty(file.text, node, option));
}

/** open(path, 'w')  →  open(path, 'w', 0o600), open(path, 'wx') */
function addArgument(write: CallLike, name: 'mode' | 'flag', value: string, file: SourceFile): ResourceRepair | Refusal {
  const [, flags, mode] = write.arguments;
  if (!flags || getStringValue(flags) === undefined || file.getOrigin(write.callee) === 'fs:open') return refuse('unsupported-shape', 'the flags of the call stand elsewhere');
  if (name === 'flag') return done([{ start: flags.range[0], end: flags.range[1], text: value }]);
  return mode ? refuse('unsupported-shape', 'the call has a mode') : done([{ start: flags.range[1], end: flags.range[1], text: `, ${value}` }]);
}

/** if (!existsSync(path)) writeFileSync(path, data)  →  if (!existsSync(path)) writeFileSync(path, data, { flag: 'wx' }) */
function makeExclusive(write: CallLike, file: SourceFile): ResourceRepair | Refusal {
  const quote = /'/.test(file.text) ? "'" : '"';
  const condition = findCondition(write);
  const test = condition && skipWrappers(condition.test);
  const isNegated = test?.type === 'UnaryExpression' && test.operator === '!' && skipWrappers(test.argument).type === 'CallExpression';
  const isPositive = test?.type === 'CallExpression';
  const isInThen = condition !== undefined && condition.consequent.range[0] <= write.range[0] && write.range[1] <= condition.consequent.range[1];
  if (!condition || !((isNegated && isInThen) || (isPositive && !isInThen))) return refuse('would-change-behaviour', 'the file may be there already when it is written');
  const flags = getStringValue(write.arguments[1]);
  const isAppending = flags?.startsWith('a') === true || /appendFile/.test(file.getText(write.callee));
  return addOption(write, 'flag', `${quote}${isAppending ? 'ax' : 'wx'}${quote}`, file);
}

/** A name that differs from run to run is taken by nobody else in good faith: the flag `wx` fails where somebody has. */
function claimName({ node, write }: InsecureTempFile, file: SourceFile): ResourceRepair | Refusal {
  const quote = /'/.test(file.text) ? "'" : '"';
  if (!isFreshName(node, file) || /append/i.test(file.getText(write.callee))) return refuse('would-change-behaviour', 'the file may be there from an earlier time');
  return addOption(write, 'flag', `${quote}wx${quote}`, file);
}

/** The innermost condition that asks whether the file is there. */
function findCondition(write: Node): TSESTree.IfStatement | undefined {
  for (let outer = write.parent; outer && !isFunction(outer); outer = outer.parent) {
    if (outer.type === 'IfStatement') return outer;
  }
  return undefined;
}

/** The path is told to the environment by what makes the file. */
function nameLater(write: CallLike, file: SourceFile, style: ResourceStyle): ResourceRepair | undefined {
  const path = write.arguments[0] && skipWrappers(write.arguments[0]);
  const variable = path?.type === 'Identifier' ? file.getVariable(path) : undefined;
  const uses = variable && findKeeps(variable, getEnclosingRoot(write), file);
  return uses && uses.keeps.length === 0 ? getDelayedFile(write, uses, file, style) : undefined;
}

/** process.env.KEY = file; await writeFile(file, key);  →  await writeFile(file, key); process.env.KEY = file; */
function publishLater({ node, write }: InsecureTempFile, file: SourceFile): ResourceRepair | Refusal {
  const publication = node.parent;
  const writing = findStatement(write);
  const statements = writing && getStatements(writing);
  const isOneBlock = publication?.type === 'ExpressionStatement' && statements?.includes(publication);
  const isWritten = writing?.type === 'ExpressionStatement' && isOver(write, file);
  if (!publication || !isOneBlock || !isWritten) return refuse('unsupported-shape', 'the two statements do not stand in one block, or the write is not waited for');
  const out = takeOut(publication, file);
  if (!out) return refuse('comment-in-the-way', 'a comment belongs to the statement that publishes the path');
  const indent = /[ \t]*$/.exec(file.text.slice(0, writing.range[0]))![0];
  return done([out, { start: writing.range[1], end: writing.range[1], text: `${getLineBreak(file.text)}${indent}${file.getText(publication)}` }]);
}

/** Whether the file is written and closed when the statement is done. */
function isOver(write: CallLike, file: SourceFile): boolean {
  const name = file.getText(write.callee);
  if (/Sync$/.test(name)) return !/openSync$/.test(name);
  return write.parent.type === 'AwaitExpression' && /(?:writeFile|appendFile|outputFile|writeJson|writeJSON)$/.test(name);
}

function makePrivate(write: CallLike, file: SourceFile, style: ResourceStyle): ResourceRepair | Refusal {
  const path = write.arguments[0] && skipWrappers(write.arguments[0]);
  const variable = path?.type === 'Identifier' ? file.getVariable(path) : undefined;
  const root = getEnclosingRoot(write);
  if (!variable || (isFunction(root) && root.generator)) return refuse('unsupported-shape', 'its path is written anew at each use');
  const uses = findKeeps(variable, root, file);
  const [kept] = uses.keeps;
  if (kept?.kind === 'told') return refuse('would-change-behaviour', `\`${shorten(file.getText(kept.node))}\` tells somebody where it is`);
  if (kept) return refuse('ambiguous-owner', `\`${shorten(file.getText(kept.node))}\` may go on using it`);
  return (
    getScopedFile(write, uses, file, style) ??
    getDelayedFile(write, uses, file, style) ??
    getPrivateFolder(write, uses, file, style) ??
    refuse('would-change-behaviour', 'a file of that name may be wanted from an earlier time, or by others')
  );
}

function done(edits: readonly TextEdit[]): ResourceRepair {
  return { edits: [...edits].sort((a, b) => a.start - b.start || a.end - b.end), helpers: [], imports: [] };
}
