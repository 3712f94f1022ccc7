import { findMethod } from '../ownership/classes.js';
import { findLocalFunction } from '../ownership/values.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import {
  type FunctionNode,
  type Node,
  type TSESTree,
  findEnclosingClass,
  getPropertyName,
  isFunction,
  skipWrappers,
} from '../syntax/node.js';
import { walk } from '../syntax/walk.js';

/**
 * Who else can reach a place. *field*: whoever has the object that `this` is. *module*: every call in the process.
 * *captured*: every call of a function that closes over the same variable. *parameter*: whoever has the argument.
 */
export type Reach = 'field' | 'module' | 'captured' | 'parameter';

/** A piece of state that outlives one call: a variable outside the function, a field, an entry of a collection. */
export interface Place {
  /** The same for all expressions of a file that name the same state. */
  readonly key: string;
  /** As it is written, without line breaks. */
  readonly text: string;
  readonly reach: Reach;
  /** The variable at the start of the path; undefined for `this`. */
  readonly variable: Variable | undefined;
}

/** Members and aliases further away than this are no state that one would test and set. */
const MAX_MEMBERS = 8;

const ids = new WeakMap<object, number>();
let lastId = 0;

function getId(thing: object): number {
  let id = ids.get(thing);
  if (id === undefined) ids.set(thing, (id = ++lastId));
  return id;
}

/** The place that an expression inside `fn` names, or undefined where no other call can reach it or that is not known. */
export function getPlace(expression: Node, fn: Node, file: SourceFile, depth = 0): Place | undefined {
  const node = skipWrappers(expression);
  if (depth > MAX_MEMBERS) return undefined;
  switch (node.type) {
    case 'Identifier':
      return getVariablePlace(node, fn, file);
    case 'MemberExpression':
      return getMemberPlace(node, fn, file, depth);
    case 'CallExpression': {
      // jobs.get(id) names the same entry as jobs.set(id, …)
      const entry = getEntryRead(node);
      return entry && getEntryPlace(entry.collection, entry.key, fn, file, depth);
    }
    default:
      return undefined;
  }
}

/** The place of the entry of a collection: `jobs[id]` for `jobs.get(id)`, `jobs.has(id)`, `jobs.set(id, …)`. */
export function getEntryPlace(collection: Node, key: Node, fn: Node, file: SourceFile, depth = 0): Place | undefined {
  const owner = getOwnerPlace(collection, fn, file, depth + 1);
  return owner && addKey(owner, key, file);
}

/** `.get(k)`, `.has(k)` and the like: a question about one entry. */
export function getEntryRead(call: TSESTree.CallExpression): { collection: Node; key: Node; method: string } | undefined {
  const callee = skipWrappers(call.callee);
  if (callee.type !== 'MemberExpression' || call.arguments.length !== 1) return undefined;
  const method = getPropertyName(callee);
  const [key] = call.arguments;
  if (!key || key.type === 'SpreadElement' || !method) return undefined;
  if (!/^(?:get|getItem|has|includes|indexOf|hasOwnProperty)$/.test(method)) return undefined;
  return { collection: callee.object, key, method };
}

/** The object that a member is taken of: a local constant that stands for shared state counts as that state. */
export function getOwnerPlace(object: Node, fn: Node, file: SourceFile, depth = 0): Place | undefined {
  const node = skipWrappers(object);
  if (node.type === 'ThisExpression') return getThisPlace(node, file);
  if (node.type !== 'Identifier') return getPlace(node, fn, file, depth);
  const variable = file.getVariable(node);
  if (!variable || !isDeclaredIn(variable, fn)) return getVariablePlace(node, fn, file);
  return getAliased(variable, fn, file, depth + 1);
}

function getThisPlace(node: Node, file: SourceFile): Place {
  const owner = findThisOwner(node);
  return { key: `this${owner ? getId(owner) : ''}`, text: file.getText(node), reach: 'field', variable: undefined };
}

/** The class or object literal whose member `this` belongs to. */
function findThisOwner(node: Node): Node | undefined {
  const owner = findEnclosingClass(node);
  if (owner) return owner;
  for (let outer = node.parent; outer; outer = outer.parent) {
    const isMethodOfObject = outer.type === 'FunctionExpression' && outer.parent.type === 'Property' && outer.parent.value === outer;
    if (isMethodOfObject) return outer.parent!.parent;
    if (outer.type === 'FunctionDeclaration' || outer.type === 'FunctionExpression') return outer;
  }
  return undefined;
}

function getVariablePlace(node: TSESTree.Identifier, fn: Node, file: SourceFile): Place | undefined {
  const variable = file.getVariable(node);
  if (!variable || variable.defs.length === 0) return undefined;
  if (isDeclaredIn(variable, fn)) return undefined;
  const place = { key: `v${getId(variable)}`, text: node.name, variable };
  const isParameter = variable.defs.some((definition) => definition.type === 'Parameter');
  if (isParameter) return { ...place, reach: 'parameter' };
  const isModule = variable.scope.type === 'module' || variable.scope.type === 'global';
  return { ...place, reach: isModule || isAtTop(variable) ? 'module' : 'captured' };
}

/** Blocks at the top of a module belong to the module. */
function isAtTop(variable: Variable): boolean {
  const root = variable.scope.variableScope.type;
  return root === 'module' || root === 'global';
}

function getMemberPlace(node: TSESTree.MemberExpression, fn: Node, file: SourceFile, depth: number): Place | undefined {
  const name = getPropertyName(node);
  if (name === undefined) return node.computed ? getEntryPlace(node.object, node.property, fn, file, depth) : undefined;
  const object = skipWrappers(node.object);
  if (object.type === 'Identifier' && isGlobalObject(object, file)) {
    return { key: `global.${name}`, text: `${object.name}.${name}`, reach: 'module', variable: undefined };
  }
  const owner = getOwnerPlace(object, fn, file, depth + 1);
  return owner && { ...owner, key: `${owner.key}.${name}`, text: `${owner.text}.${name}` };
}

function isGlobalObject(node: TSESTree.Identifier, file: SourceFile): boolean {
  return /^(?:globalThis|window|global)$/.test(node.name) && file.isGlobal(node);
}

/** What a local constant stands for: a path it was given once, or an entry taken out of shared state. */
function getAliased(variable: Variable, fn: Node, file: SourceFile, depth: number): Place | undefined {
  if (depth > MAX_MEMBERS) return undefined;
  const [definition] = variable.defs;
  if (definition?.type === 'Parameter') {
    return { key: `v${getId(variable)}`, text: variable.name, reach: 'parameter', variable };
  }
  const isReassigned = variable.references.some((reference) => reference.isWrite() && !reference.init);
  if (isReassigned || variable.defs.length !== 1 || definition?.node.type !== 'VariableDeclarator') return undefined;
  const declarator = definition.node;
  if (declarator.id.type === 'ObjectPattern') {
    // const { jobs } = this
    const property = declarator.id.properties.find((candidate) => candidate.type === 'Property' && candidate.value === definition.name);
    const name = property?.type === 'Property' ? getPropertyName(property) : undefined;
    const owner = name === undefined || !declarator.init ? undefined : getOwnerPlace(declarator.init, fn, file, depth + 1);
    return owner && { ...owner, key: `${owner.key}.${name}`, text: variable.name };
  }
  if (declarator.id.type !== 'Identifier') return undefined;
  if (!declarator.init) return getIterated(declarator, variable, fn, file, depth);
  const init = skipWrappers(declarator.init);
  const direct = init.type === 'ThisExpression' ? getThisPlace(init, file) : getPlace(init, fn, file, depth + 1);
  if (direct) return { ...direct, text: variable.name };
  // const job = jobs.find((candidate) => …)
  if (init.type === 'CallExpression' && init.callee.type === 'MemberExpression') {
    const method = getPropertyName(init.callee);
    const owner = method === 'find' || method === 'at' ? getOwnerPlace(init.callee.object, fn, file, depth + 1) : undefined;
    if (owner) return { ...owner, key: `${owner.key}[${getId(variable)}]`, text: variable.name };
  }
  const given = init.type === 'CallExpression' ? getReturned(init, file, depth + 1) : undefined;
  return given && { ...given, key: `${given.key}[${getId(variable)}]`, text: variable.name };
}

/** this.job(id), where that returns what it finds in `this.jobs` */
function getReturned(call: TSESTree.CallExpression, file: SourceFile, depth: number): Place | undefined {
  const callee = skipWrappers(call.callee);
  const fn = callee.type === 'Identifier' ? findLocalFunction(callee, file) : callee.type === 'MemberExpression' ? findMethod(callee) : undefined;
  if (!fn || fn.async || fn.generator || fn.body?.type !== 'BlockStatement') return undefined;
  const returned: (Place | undefined)[] = [];
  walk(
    fn.body,
    (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'ReturnStatement') returned.push(node.argument ? getOwnerPlace(node.argument, fn, file, depth) : undefined);
      return true;
    },
    file.visitorKeys,
  );
  const [first] = returned;
  const isShared = first?.reach === 'field' || first?.reach === 'module';
  return isShared && returned.every((place) => place?.key === first.key) ? first : undefined;
}

/** for (const job of jobs.values()) */
function getIterated(declarator: Node, variable: Variable, fn: Node, file: SourceFile, depth: number): Place | undefined {
  const loop = declarator.parent?.parent;
  if (loop?.type !== 'ForOfStatement' || loop.left !== declarator.parent) return undefined;
  let source = skipWrappers(loop.right);
  if (source.type === 'CallExpression' && source.callee.type === 'MemberExpression' && getPropertyName(source.callee) === 'values') {
    source = skipWrappers(source.callee.object);
  }
  const owner = getOwnerPlace(source, fn, file, depth + 1);
  return owner && { ...owner, key: `${owner.key}[${getId(variable)}]`, text: variable.name };
}

function addKey(owner: Place, key: Node, file: SourceFile): Place {
  const text = file.getText(key).replace(/\s+/g, ' ');
  const variable = key.type === 'Identifier' ? file.getVariable(key) : undefined;
  const id = variable ? `v${getId(variable)}` : text;
  return { ...owner, key: `${owner.key}[${id}]`, text: `${owner.text}[${text}]` };
}

/** Whether a variable belongs to a function itself, so that every call has its own. */
export function isDeclaredIn(variable: Variable, fn: Node): boolean {
  for (let block: Node | undefined = variable.scope.block; block; block = block.parent) {
    if (block === fn) return true;
    if (isFunction(block) || block.type === 'Program') return false;
  }
  return false;
}

export function isSamePlaceOrMember(place: Place, of: Place): boolean {
  return place.key === of.key || place.key.startsWith(`${of.key}.`) || place.key.startsWith(`${of.key}[`);
}

export type { FunctionNode };
