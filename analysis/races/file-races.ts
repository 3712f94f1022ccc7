import type { Point } from '../control-flow/graph.js';
import type { Certainty } from '../finding.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getStringValue, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { cannotOverlap } from './callers.js';
import { decides } from './decides.js';
import { isFannedOut } from './fan-out.js';
import { type FileOperation, getFileOperation, getPathKey } from './file-operations.js';
import { type FunctionFacts, getFacts } from './function-facts.js';
import { judgeMaking } from './judge-repeat.js';
import { findCallee } from './late-writes.js';
import { isDeclaredIn } from './place.js';
import { isAcquiringLock } from './serialised.js';
import { getNames } from './words.js';

export interface FileWindow {
  readonly kind: 'file-access' | 'file-creation' | 'file-update';
  /** The path as it is written. */
  readonly path: string;
  readonly read: Node;
  readonly awaited: Node;
  readonly act: Node;
  readonly certainty: Certainty;
  readonly reason: string;
}

/** Decisions of one function about a file that rest on what the file was before an `await`. */
export function findFileWindows(fn: FunctionNode, file: SourceFile): FileWindow[] {
  if (!fn.async) return [];
  const facts = getFacts(fn, file);
  const { calls } = facts.accesses;
  const operations = calls.flatMap((call) => getFileOperation(call, file) ?? []);
  const helpers = calls.flatMap((call) => getExistenceHelper(call, file) ?? []);
  const records = calls.flatMap((call) => getRecordHelper(call, facts) ?? []);
  if (operations.length + helpers.length + records.length === 0) return [];
  const windows = [...findAccesses(operations, facts), ...findUpdates([...operations, ...records], facts), ...findCreations([...operations, ...helpers], facts)];
  return windows.length > 0 && !cannotOverlap(fn, file) ? windows : [];
}

/**
 * `await access(path)` and then a use of `path`. The documentation of Node.js warns of it by name: another process may
 * change the file in between (nodejs.org/api/fs.html, "fsPromises.access").
 */
function findAccesses(operations: readonly FileOperation[], facts: FunctionFacts): FileWindow[] {
  return operations.flatMap((check): FileWindow[] => {
    if (check.kind !== 'access' || !check.isAwaited) return [];
    const use = operations.find(
      (other) => isSamePath(check, other, facts) && isOpening(other) && other.node.range[0] > check.node.range[1] && canReach(check.node, other.node, facts),
    );
    if (!use) return [];
    const isUnprepared = findTry(use.node)?.handler === undefined || findTry(use.node) === findTry(check.node);
    return [toWindow('file-access', check, outermostWrapper(check.node).parent!, use.node, isUnprepared ? 'certain' : 'potential', facts)];
  });
}

/** A use that does not itself ask and act in one step, as `open(path, 'wx')` does. */
function isOpening({ kind, node }: FileOperation): boolean {
  if (kind !== 'read' && kind !== 'write' && kind !== 'use') return false;
  return !node.arguments.slice(1).some((argument) => getFlags(argument).some((flag) => /^(?:wx|ax)\+?$/.test(flag)));
}

function getFlags(argument: Node): string[] {
  const own = getStringValue(argument);
  if (own !== undefined) return [own];
  if (argument.type !== 'ObjectExpression') return [];
  return argument.properties.flatMap((property) => (property.type === 'Property' ? (getStringValue(property.value) ?? []) : []));
}

/** The `try` whose block a node stands in; the handler of another one is not guarded by it. */
function findTry(node: Node): TSESTree.TryStatement | undefined {
  for (let outer = node; outer.parent && !isFunction(outer); outer = outer.parent) {
    if (outer.parent.type === 'TryStatement' && outer.parent.block === outer && outer.parent.handler) return outer.parent;
  }
  return undefined;
}

function toWindow(kind: FileWindow['kind'], { node, path }: FileOperation, awaited: Node, act: Node, certainty: Certainty, { file }: FunctionFacts): FileWindow {
  return { kind, path: getPathKey(path, file), read: node, awaited, act, certainty, reason: kind };
}

/** `const data = JSON.parse(await readFile(path)); data.count++; await writeFile(path, JSON.stringify(data))` */
function findUpdates(operations: readonly FileOperation[], facts: FunctionFacts): FileWindow[] {
  const windows: FileWindow[] = [];
  for (const write of operations) {
    if (write.kind !== 'write' || !write.data) continue;
    const read = operations.find(
      (other) =>
        other.kind === 'read' &&
        isSamePath(other, write, facts) &&
        (other.isAwaited || write.isAwaited) &&
        other.node.range[0] < write.node.range[0] &&
        flowsInto(other.node, write.data!, facts) &&
        canReach(other.node, write.node, facts),
    );
    if (!read) continue;
    const awaited = outermostWrapper((read.isAwaited ? read : write).node).parent!;
    const isStore = isRecord(read, facts) && isSharedPath(write.path, facts) && !isScript(facts.file);
    windows.push(toWindow('file-update', read, awaited, write.node, isStore ? 'certain' : 'potential', facts));
  }
  return windows;
}

/** Whether what is read is parsed: a store of records, not a text that is patched. */
function isRecord({ name, node, isRecord: isKnown }: FileOperation, { file }: FunctionFacts): boolean {
  if (isKnown !== undefined) return isKnown;
  if (/json/i.test(name)) return true;
  const content = outermostWrapper(node).parent;
  const value = content?.type === 'AwaitExpression' ? outermostWrapper(content) : outermostWrapper(node);
  if (isParsed(value, file)) return true;
  const declarator = value.parent;
  const variable = declarator?.type === 'VariableDeclarator' && declarator.id.type === 'Identifier' ? file.getVariable(declarator.id) : undefined;
  return variable?.references.some(({ identifier }) => isParsed(outermostWrapper(identifier), file)) ?? false;
}

function isParsed(value: Node, file: SourceFile): boolean {
  const call = value.parent;
  return call?.type === 'CallExpression' && call.callee !== value && (file.getOrigin(call.callee) === 'global:JSON.parse' || /parse/i.test(getNames(call.callee).at(-1) ?? ''));
}

/** Folders of programs that run once and end. */
const SCRIPT_FOLDER = /^(?:scripts?|bin|tools?|cli|commands?|codemods?|migrations?|build|internal|release|create-.*|.*_tests?)$/i;

function isScript({ filename }: SourceFile): boolean {
  // Folders near the file only: what lies above the checkout says nothing.
  return filename !== undefined && filename.split(/[\\/]/).slice(-4, -1).some((folder) => SCRIPT_FOLDER.test(folder));
}

/** Whether a value is worked out from what a call returned, by way of local variables. */
function flowsInto(source: Node, value: Node, { fn, file }: FunctionFacts): boolean {
  const tainted = new Set<unknown>();
  const touches = (root: Node) => {
    let found = false;
    walk(
      root,
      (node) => {
        if (found) return false;
        if (node === source) found = true;
        const variable = node.type === 'Identifier' ? file.getReference(node)?.resolved : undefined;
        if (variable && tainted.has(variable)) found = true;
        return !found;
      },
      file.visitorKeys,
    );
    return found;
  };
  for (let size = -1; size !== tainted.size; ) {
    size = tainted.size;
    walk(
      fn.body,
      (node) => {
        const [target, from] = node.type === 'VariableDeclarator' ? [node.id, node.init] : node.type === 'AssignmentExpression' ? [node.left, node.right] : [undefined, undefined];
        if (target && from && touches(from)) {
          walk(target, (inner) => {
            const variable = inner.type === 'Identifier' ? file.getVariable(inner) : undefined;
            if (variable && isDeclaredIn(variable, fn)) tainted.add(variable);
          });
        }
        return true;
      },
      file.visitorKeys,
    );
  }
  return touches(value);
}

/** Whether a path is the same for every call: a literal, a constant of the module, a field, what a method without arguments gives. */
function isSharedPath(path: Node, facts: FunctionFacts, depth = 0): boolean {
  const { file, fn } = facts;
  const node = skipWrappers(path);
  const inner = (next: Node) => isSharedPath(next, facts, depth + 1);
  if (depth > 6) return false;
  switch (node.type) {
    case 'Literal':
      return true;
    case 'TemplateLiteral':
      return node.expressions.every(inner);
    case 'BinaryExpression':
      return inner(node.left) && inner(node.right);
    case 'ThisExpression':
      return true;
    case 'MemberExpression':
      return inner(node.object);
    case 'AwaitExpression':
      return inner(node.argument);
    case 'Identifier': {
      const variable = file.getVariable(node);
      if (!variable || variable.defs.some((definition) => definition.type === 'Parameter')) return false;
      if (!isDeclaredIn(variable, fn)) return variable.defs.length > 0;
      const value = file.getOnlyValue(variable);
      return value !== undefined && inner(value);
    }
    case 'CallExpression': {
      const origin = file.getOrigin(node.callee);
      if (origin === 'global:process.cwd' || origin === 'process:cwd') return false;
      if (origin && /^(?:path|url):/.test(origin)) return node.arguments.every((argument) => argument.type !== 'SpreadElement' && inner(argument));
      const callee = skipWrappers(node.callee);
      return node.arguments.length === 0 && callee.type === 'MemberExpression' && skipWrappers(callee.object).type === 'ThisExpression';
    }
    default:
      return false;
  }
}

/** if (!(await exists(path))) await download(url, path) */
function findCreations(checks: readonly FileOperation[], facts: FunctionFacts): FileWindow[] {
  const windows: FileWindow[] = [];
  for (const check of checks) {
    if (check.kind !== 'exists') continue;
    const tests = facts.graph.points.filter((point) => point.kind === 'branch' && contains(point.node, check.node));
    const [test] = tests;
    if (!test) continue;
    const act = findMaking(check, test, facts);
    if (!act) continue;
    windows.push(toWindow('file-creation', check, act.awaited, act.call, isFannedOut(facts.fn, facts.file) ? 'certain' : 'potential', facts));
  }
  return windows;
}

/** The awaited call that makes what the check missed: it is given the same path, and its name says that it brings something. */
function findMaking(check: FileOperation, test: Point, facts: FunctionFacts): { call: Node; awaited: Node } | undefined {
  const key = getPathKey(check.path, facts.file);
  for (const point of facts.graph.points) {
    if (point.kind !== 'call' || point.node.type !== 'CallExpression' || point.node === check.node) continue;
    const call = point.node;
    const holder = outermostWrapper(call).parent;
    if (holder?.type !== 'AwaitExpression' || call.range[0] < check.node.range[1]) continue;
    const isGiven = call.arguments.some((argument) => getPathKey(argument, facts.file) === key);
    if (!isGiven || judgeMaking(call, facts.file) !== 'effect') continue;
    const target = facts.getPoints(call).find((candidate) => candidate.kind === 'call');
    if (target && decides(test, target, facts.graph)) return { call, awaited: holder };
  }
  return undefined;
}

/** this.hasSource(path): a function of the file that asks for files below what it is given. */
function getExistenceHelper(call: TSESTree.CallExpression, file: SourceFile): FileOperation | undefined {
  const callee = findCallee(call, file);
  if (!callee || callee.params.length === 0) return undefined;
  const isAsking = getFacts(callee, file).accesses.calls.some((inner) => getFileOperation(inner, file)?.kind === 'exists');
  if (!isAsking) return undefined;
  const path = call.arguments.flatMap((argument) => getIdentifiers(argument)).find((candidate) => candidate.type === 'Identifier' && /path|dir|file|dest|folder/i.test(candidate.name));
  if (!path) return undefined;
  return { kind: 'exists', node: call, name: 'exists', path, data: undefined, isAwaited: outermostWrapper(call).parent?.type === 'AwaitExpression' };
}

/** this.load(), this.save(record): functions of the file that read or write one file, which is the same for every call. */
function getRecordHelper(call: TSESTree.CallExpression, { fn, file }: FunctionFacts): FileOperation | undefined {
  const callee = findCallee(call, file);
  if (!callee?.async || callee === fn) return undefined;
  const facts = getFacts(callee, file);
  const [only, ...more] = facts.accesses.calls.flatMap((inner) => getFileOperation(inner, file) ?? []).filter(({ kind }) => kind === 'read' || kind === 'write');
  if (!only || more.length > 0 || !isSharedPath(only.path, facts)) return undefined;
  const path = resolvePath(only.path, facts);
  const isAwaited = outermostWrapper(call).parent?.type === 'AwaitExpression';
  if (!path) return undefined;
  if (only.kind === 'read') return { ...only, node: call, path, isAwaited, isRecord: isRecord(only, facts) };
  const [data] = call.arguments;
  return data && data.type !== 'SpreadElement' ? { ...only, node: call, path, data, isAwaited, isRecord: true } : undefined;
}

/** What a path is outside the function; undefined where it is put together in several steps. */
function resolvePath(path: Node, { fn, file }: FunctionFacts): Node | undefined {
  const variable = path.type === 'Identifier' ? file.getVariable(path) : undefined;
  return variable && isDeclaredIn(variable, fn) ? file.getOnlyValue(variable) : path;
}

function getIdentifiers(argument: Node): Node[] {
  const node = skipWrappers(argument);
  if (node.type === 'Identifier') return [node];
  if (node.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((property) => (property.type === 'Property' ? getIdentifiers(property.value) : []));
}

function isSamePath(one: FileOperation, other: FileOperation, { file }: FunctionFacts): boolean {
  return getPathKey(one.path, file) === getPathKey(other.path, file);
}

function contains(outer: Node, inner: Node): boolean {
  return inner.range[0] >= outer.range[0] && inner.range[1] <= outer.range[1];
}

/** Whether a path leads from one call to another without a lock being taken before. */
function canReach(from: Node, to: Node, facts: FunctionFacts): boolean {
  const seen = new Set<Point>([facts.graph.entry]);
  for (const point of seen) {
    if (point.kind === 'await' && !isFunction(point.node) && isAcquiringLock(point.node)) continue;
    for (const edge of point.edges) seen.add(edge.to);
  }
  const starts = facts.getPoints(from).filter((point) => seen.has(point));
  const reached = new Set<Point>(starts.flatMap((point) => point.edges.filter((edge) => edge.kind !== 'throw').map((edge) => edge.to)));
  for (const point of reached) {
    if (point.node === to) return true;
    for (const edge of point.edges) reached.add(edge.to);
  }
  return false;
}
