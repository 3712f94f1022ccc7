import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, findEnclosingClass, getEnclosingRoot, getPropertyName, isConstructor, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { isClaim } from './claims.js';
import { getFacts } from './function-facts.js';
import { isDeclaredIn } from './place.js';
import { findMemberUses, getFunctionName, isSerialised } from './serialised.js';
import { getWords } from './words.js';

/**
 * Whether no two calls of a function can overlap, as far as the file shows: it runs inside a lock, or once per process or
 * object, or everyone who calls it sees to it.
 */
export function cannotOverlap(fn: FunctionNode, file: SourceFile, seen: Set<FunctionNode> = new Set<FunctionNode>()): boolean {
  if (isSerialised(fn, file) || isRunOnce(fn)) return true;
  if (seen.has(fn)) return true;
  seen.add(fn);
  const uses = findAllUses(fn, file);
  if (!uses || uses.length === 0) return false;
  return uses.every((use) => isSafeUse(use, uses.length, file, seen));
}

/**
 * Hooks that a framework or a bundler calls once for each object (rollupjs.org "Plugin Development", docs.nestjs.com "Lifecycle
 * Events", code.visualstudio.com "Activation Events"), and functions that a program runs once at its start.
 */
const ONCE = new Set([
  'main', 'activate', 'deactivate', 'buildStart', 'buildEnd', 'closeBundle', 'configResolved', 'configureServer', 'onModuleInit', 'onModuleDestroy', 'onApplicationBootstrap', 'onApplicationShutdown', 'ngOnInit', 'ngOnDestroy',
  'componentDidMount', 'componentWillUnmount', 'globalSetup', 'globalTeardown', 'beforeAll', 'afterAll',
]);

function isRunOnce(fn: FunctionNode): boolean {
  const member = fn.parent;
  const isMember = member.type === 'MethodDefinition' || member.type === 'PropertyDefinition' || member.type === 'Property';
  const id = getFunctionName(fn);
  const name = isMember ? getPropertyName(member) : id?.type === 'Identifier' ? id.name : undefined;
  return name !== undefined && (ONCE.has(name) || getWords(name)[0] === 'migrate');
}

/** Every place that names a function, or undefined where other files may name it, too. */
function findAllUses(fn: FunctionNode, file: SourceFile): Node[] | undefined {
  const outer = outermostWrapper(fn);
  if (outer.parent?.type === 'CallExpression' && outer.parent.callee === outer) return [outer];
  const name = getFunctionName(fn);
  if (name) {
    if (isExported(fn, name)) return undefined;
    return (file.getVariable(name)?.references ?? []).filter((reference) => !reference.init).map(({ identifier }) => identifier);
  }
  const member = fn.parent;
  if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') return undefined;
  const key = getPropertyName(member);
  const isPrivate = member.accessibility === 'private' || key?.startsWith('#') || key?.startsWith('_');
  const owner = findEnclosingClass(fn);
  if (!isPrivate || key === undefined || !owner) return undefined;
  return findMemberUses(owner, key, file);
}

function isExported(fn: FunctionNode, name: Node): boolean {
  const declaration = fn.type === 'FunctionDeclaration' ? fn : outermostWrapper(fn).parent?.parent;
  if (/^Export/.test(declaration?.parent?.type ?? '')) return true;
  return /^Export/.test(name.parent?.type ?? '');
}

function isSafeUse(use: Node, count: number, file: SourceFile, seen: Set<FunctionNode>): boolean {
  const outer = outermostWrapper(use);
  const call = outer.parent;
  if (call?.type === 'ExportSpecifier' || call?.type === 'ExportDefaultDeclaration') return false;
  if (call?.type !== 'CallExpression' || call.callee !== outer) return false;
  if (isOnNewObject(outer, file)) return true;
  const caller = getEnclosingRoot(call);
  if (!isFunction(caller)) return caller.type === 'Program' && count === 1 && !isInLoop(call);
  if (isConstructor(caller)) return count === 1;
  // this.starting = this.start(): whoever comes second finds the promise
  if (isBehindClaim(call, caller, file) || isStoredPromise(call, caller, file)) return true;
  return count === 1 && !isInLoop(call) ? cannotOverlap(caller, file, seen) : isSerialised(caller, file);
}

/** const loader = new Loader(); await loader.load(): nobody else has it yet. */
function isOnNewObject(callee: Node, file: SourceFile): boolean {
  const object = callee.type === 'MemberExpression' ? skipWrappers(callee.object) : undefined;
  const variable = object?.type === 'Identifier' ? file.getVariable(object) : undefined;
  const value = variable && file.getOnlyValue(variable);
  return value !== undefined && skipWrappers(value).type === 'NewExpression' && isDeclaredIn(variable!, getEnclosingRoot(callee));
}

function isInLoop(node: Node): boolean {
  for (let outer = node.parent; outer && !isFunction(outer); outer = outer.parent) if (/^(?:For|While|DoWhile)/.test(outer.type)) return true;
  return false;
}

/** if (!this.ready) this.ready = this.start(); */
function isStoredPromise(call: Node, caller: FunctionNode, file: SourceFile): boolean {
  const { accesses } = getFacts(caller, file);
  return accesses.writes.some(({ value, node }) => {
    if (!value || value.range[0] > call.range[0] || value.range[1] < call.range[1]) return false;
    for (let outer = call.parent; outer && outer !== node; outer = outer.parent) if (outer.type === 'AwaitExpression' || isFunction(outer)) return false;
    return true;
  });
}

/** Whether every way to a call leads past a write that says "somebody is at it". */
function isBehindClaim(call: Node, caller: FunctionNode, file: SourceFile): boolean {
  const facts = getFacts(caller, file);
  const claims = new Set(facts.graph.points.filter((point) => facts.getWrites(point).some((write) => isClaim(write, file))));
  if (claims.size === 0) return false;
  const seen = new Set([facts.graph.entry]);
  for (const point of seen) {
    if (point.node === call && point.kind === 'call') return false;
    if (claims.has(point)) continue;
    for (const edge of point.edges) seen.add(edge.to);
  }
  return true;
}
