import type { Finding } from '../finding.js';
import { matchesCallee } from '../ownership/acquisitions.js';
import { findProperty } from '../ownership/apply-call.js';
import { isTemporaryPath } from '../resources/temporary-path.js';
import type { SourceFile } from '../source-file.js';
import { type CallLike, type Node, getEnclosingRoot, getStringValue, isFunction, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { isUnpredictable } from './is-unpredictable.js';

export type InsecureReason = 'predictableName' | 'worldWritable' | 'secretReadable' | 'checkThenCreate' | 'publishedEarly';

/** A temporary file that another user or program of the machine can foresee, read, replace, or see half written. */
export interface InsecureTempFile extends Finding {
  readonly reason: InsecureReason;
  /** The call that writes it. */
  readonly write: CallLike;
  /** Where the path goes before the content is there; of `publishedEarly`. */
  readonly place?: string;
}

const WRITERS = [
  '*:writeFile', '*:writeFileSync', 'fs:promises.writeFile', 'fs:appendFile', 'fs:appendFileSync', 'fs:promises.appendFile', 'fs:createWriteStream', 'fs-extra:createWriteStream',
  'fs-extra:outputFile', 'fs-extra:outputFileSync', 'fs-extra:writeJson', 'fs-extra:writeJSON', 'fs-extra:writeJsonSync', 'fs-extra:writeJSONSync', 'fs:openSync', 'fs:promises.open', 'fs:open',
];
const OPENERS = ['*:chmod', '*:chmodSync', 'fs:promises.chmod'];
const SECRET = /secret|passw(?:or)?d|credential|(?:access|auth|bearer)_?token|private_?key|api_?key|\.pem\b|service_?account/i;

/** The insecure temporary files of a file, each reported once, by the path that is at fault. */
export function findInsecureTempFiles(file: SourceFile): InsecureTempFile[] {
  const found = new Map<Node, InsecureTempFile>();
  for (const node of file.getNodes('CallExpression')) {
    if (!matchesCallee(WRITERS, node, file)) continue;
    const [path] = node.arguments;
    if (!path || path.type === 'SpreadElement' || isReading(node)) continue;
    const source = findPathSource(path, file);
    for (const insecure of judge(node, path, source, file)) if (!found.has(insecure.node)) found.set(insecure.node, insecure);
  }
  for (const node of file.getNodes('CallExpression')) {
    if (opensToAll(node, file)) found.set(node, describe('worldWritable', node, node, 'certain', 'others may write it'));
  }
  return [...found.values()].sort((a, b) => a.node.range[0] - b.node.range[0]);
}

/** chmodSync(dir, 0o777): unlike the mode of a new file, no mask takes anything from it. */
function opensToAll(call: CallLike, file: SourceFile): boolean {
  const [path, mode] = call.arguments;
  if (!path || path.type === 'SpreadElement' || !mode || !matchesCallee(OPENERS, call, file)) return false;
  const value = skipWrappers(mode);
  if (value.type !== 'Literal' || typeof value.value !== 'number' || (value.value & 0o002) === 0) return false;
  const source = findPathSource(path, file);
  return isTemporaryPath(source, file) || isInPrivateFolder(source, file);
}

function* judge(write: CallLike, path: Node, source: Node, file: SourceFile): Generator<InsecureTempFile> {
  const early = findEarlyUse(write, path, file);
  if (early) yield describe('publishedEarly', early.node, write, 'certain', 'the path is handed out here, before its content is written', early.place);
  if (!isTemporaryPath(source, file)) return;
  const mode = getMode(write);
  if (mode !== undefined && (mode & 0o022) !== 0) yield describe('worldWritable', write, write, 'certain', 'others may write the file');
  if (isExclusive(write) || isInPrivateFolder(source, file)) return;
  const isFixedFolder = !usesSystemFolder(source, file);
  if (!isUnpredictable(source, file)) {
    const check = findCheck(write, path, file);
    if (check) yield describe('checkThenCreate', source, write, isFixedFolder ? 'potential' : 'certain', 'the name can be taken between the check and the write');
    else yield describe('predictableName', source, write, isFixedFolder ? 'potential' : 'certain', 'the name can be foreseen');
    return;
  }
  const isSecret = SECRET.test(file.getText(source)) || (write.arguments[1] !== undefined && SECRET.test(file.getText(write.arguments[1])));
  if (isSecret && mode === undefined) yield describe('secretReadable', source, write, 'certain', 'every user of the machine may read the file');
}

function describe(reason: InsecureReason, node: Node, write: CallLike, certainty: Finding['certainty'], text: string, place?: string): InsecureTempFile {
  return {
    reason,
    node,
    write,
    certainty,
    ...(place === undefined ? {} : { place }),
    path: [
      { kind: 'acquire', node, text },
      { kind: 'exit', node: write, text: 'the file is written' },
    ],
  };
}

/** The expression that makes the path up: a variable's only value, or the argument itself. */
function findPathSource(path: Node, file: SourceFile): Node {
  const node = skipWrappers(path);
  if (node.type !== 'Identifier') return node;
  const variable = file.getVariable(node);
  const value = variable && (file.getOnlyValue(variable) ?? findLastValue(variable, node));
  return value ? skipWrappers(value) : node;
}

/** The value assigned last before a use, in the text of the same function. */
function findLastValue(variable: NonNullable<ReturnType<SourceFile['getVariable']>>, use: Node): Node | undefined {
  const root = getEnclosingRoot(use);
  const writes = variable.references.filter(({ identifier, writeExpr }) => writeExpr && identifier.range[0] < use.range[0] && getEnclosingRoot(identifier) === root);
  return writes.at(-1)?.writeExpr ?? undefined;
}

/** open(path, 'r') reads. */
function isReading(call: CallLike): boolean {
  const flags = call.arguments[1];
  const value = getStringValue(flags);
  const name = call.callee.type === 'MemberExpression' ? call.callee.property : call.callee;
  if (name.type !== 'Identifier' || !/^open(?:Sync)?$/.test(name.name)) return false;
  return value === undefined ? flags === undefined : /^r[s+]*$/.test(value);
}

function isExclusive(call: CallLike): boolean {
  return call.arguments.some((argument) => {
    const flag = getStringValue(argument) ?? getStringValue(findProperty(argument, 'flag') ?? findProperty(argument, 'flags'));
    return flag !== undefined && /^[wa]s?x/.test(flag);
  });
}

function getMode(call: CallLike): number | undefined {
  for (const argument of call.arguments) {
    const value = findProperty(argument, 'mode');
    const node = value && skipWrappers(value);
    if (node?.type === 'Literal' && typeof node.value === 'number') return node.value;
    // A mode that is a variable, or options that are not in place: somebody has thought of it.
    if (node || (argument !== call.arguments[0] && argument !== call.arguments[1] && argument.type === 'Identifier')) return 0;
  }
  return undefined;
}

/** Inside a folder of mkdtemp, which only its owner may enter. */
function isInPrivateFolder(source: Node, file: SourceFile, depth = 0): boolean {
  let isPrivate = false;
  if (depth > 6) return false;
  walk(source, (node) => {
    if (isFunction(node)) return false;
    if (node.type === 'CallExpression' && /mkdtemp/i.test(file.getOrigin(node.callee) ?? file.getText(node.callee))) isPrivate = true;
    if (node.type === 'Identifier') {
      const variable = file.getVariable(node);
      const value = variable && file.getOnlyValue(variable);
      if (value && value !== source && isInPrivateFolder(value, file, depth + 1)) isPrivate = true;
    }
    return !isPrivate;
  });
  return isPrivate;
}

/** Below `os.tmpdir()`, which users share; a literal `/tmp` may be a container's own. */
function usesSystemFolder(source: Node, file: SourceFile, depth = 0): boolean {
  let isSystem = false;
  if (depth > 6) return false;
  walk(source, (node) => {
    if (file.getOrigin(node) === 'os:tmpdir()') isSystem = true;
    if (node.type === 'Identifier') {
      const variable = file.getVariable(node);
      const value = variable && file.getOnlyValue(variable);
      if (value && value !== source && usesSystemFolder(value, file, depth + 1)) isSystem = true;
    }
    return !isSystem;
  });
  return isSystem;
}

/** if (!existsSync(path)) writeFileSync(path, …) */
function findCheck(write: CallLike, path: Node, file: SourceFile): Node | undefined {
  const text = file.getText(path);
  for (let outer: Node | undefined = write.parent; outer && !isFunction(outer); outer = outer.parent) {
    if (outer.type !== 'IfStatement') continue;
    let check: Node | undefined;
    walk(outer.test, (node) => {
      const isCheck = node.type === 'CallExpression' && /exists(?:Sync)?$|access(?:Sync)?$|pathExists/.test(file.getText(node.callee));
      if (isCheck && node.arguments[0] && file.getText(node.arguments[0]) === text) check = node;
    });
    if (check) return check;
  }
  return undefined;
}

/** process.env.X = path; …; writeFile(path, …): whoever reads the variable in between finds no file, or half of one. */
function findEarlyUse(write: CallLike, path: Node, file: SourceFile): { node: Node; place: string } | undefined {
  const node = skipWrappers(path);
  if (node.type !== 'Identifier') return undefined;
  const variable = file.getVariable(node);
  const root = getEnclosingRoot(write);
  for (const { identifier } of variable?.references ?? []) {
    const { parent } = identifier;
    if (identifier.range[0] > write.range[0] || getEnclosingRoot(identifier) !== root) continue;
    if (parent?.type !== 'AssignmentExpression' || parent.right !== identifier || parent.left.type !== 'MemberExpression') continue;
    const origin = file.getOrigin(parent.left.object);
    if (origin === 'global:process.env' || origin === 'process:env') return { node: parent, place: file.getText(parent.left) };
  }
  return undefined;
}
