import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingClass, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { getChildren } from '../syntax/walk.js';
import { type Place, getEntryPlace, getEntryRead, getOwnerPlace, getPlace } from './place.js';
import { getNames } from './words.js';

export interface Read {
  readonly place: Place;
  /** The whole read: `this.client`, `jobs.has(id)`, `id in jobs`. */
  readonly node: Node;
  /** The answer is awaited: it comes from a store outside, as a copy. */
  readonly isExternal?: boolean;
}

/** *set*: a new value. *empty*: nothing is left (`null`, `false`, `[]`, `clear()`, `delete`). *grow*, *shrink*: a collection changes. */
export type Effect = 'set' | 'empty' | 'grow' | 'shrink';

export interface Write {
  readonly place: Place;
  /** The assignment, update, call or `delete`. */
  readonly node: Node;
  readonly effect: Effect;
  /** What is written, where that is one expression. */
  readonly value: Node | undefined;
  /** `+=`, `??=`, `++`: the old value goes into the new one. */
  readonly operator: string;
}

/** What one function itself, nested functions left out, does to shared state. */
export interface Accesses {
  readonly reads: readonly Read[];
  readonly writes: readonly Write[];
  readonly awaits: readonly Node[];
  readonly calls: readonly TSESTree.CallExpression[];
}

/** Collects the accesses of `fn` in source order. */
export function collectAccesses(fn: FunctionNode, file: SourceFile): Accesses {
  const known = collected.get(fn);
  if (known) return known;
  // Getters that read each other end here.
  collected.set(fn, NOTHING);
  const accesses = new Collector(fn, file).collect();
  collected.set(fn, accesses);
  return accesses;
}

const collected = new WeakMap<FunctionNode, Accesses>();
const NOTHING: Accesses = { reads: [], writes: [], awaits: [], calls: [] };

class Collector {
  readonly #fn: FunctionNode;
  readonly #file: SourceFile;
  readonly #reads: Read[] = [];
  readonly #writes: Write[] = [];
  readonly #awaits: Node[] = [];
  readonly #calls: TSESTree.CallExpression[] = [];

  constructor(fn: FunctionNode, file: SourceFile) {
    this.#fn = fn;
    this.#file = file;
  }

  collect(): Accesses {
    for (const parameter of this.#fn.params) this.#visit(parameter);
    this.#visit(this.#fn.body);
    return { reads: this.#reads, writes: this.#writes, awaits: this.#awaits, calls: this.#calls };
  }

  #visit(node: Node): void {
    if (isFunction(node) || node.type === 'ClassBody' || node.type.startsWith('TSType')) return;
    switch (node.type) {
      case 'AwaitExpression':
        this.#awaits.push(node);
        break;
      case 'ForOfStatement':
        if (node.await) this.#awaits.push(node);
        break;
      case 'AssignmentExpression':
        this.#assignment(node);
        return;
      case 'UpdateExpression':
        this.#write(node.argument, { node, effect: 'set', value: undefined, operator: node.operator });
        this.#read(node.argument);
        return;
      case 'UnaryExpression':
        if (node.operator === 'delete') {
          this.#write(node.argument, { node, effect: 'empty', value: undefined, operator: '=' });
          return;
        }
        break;
      case 'CallExpression':
        this.#calls.push(node);
        this.#call(node);
        break;
      case 'BinaryExpression':
        if (node.operator === 'in' && node.left.type !== 'PrivateIdentifier') {
          this.#addRead(getEntryPlace(node.right, node.left, this.#fn, this.#file), node);
        }
        break;
      case 'VariableDeclarator':
        if (node.id.type === 'ObjectPattern' && node.init) this.#destructured(node.id, node.init);
        break;
      case 'Identifier':
        this.#read(node);
        break;
      case 'MemberExpression':
        this.#read(node);
        this.#predicate(node);
        break;
      case 'Property':
        // The name of a property is no read.
        if (node.computed) this.#visit(node.key);
        this.#visit(node.value);
        return;
      default:
    }
    if (node.type === 'MemberExpression') {
      this.#visit(node.object);
      if (node.computed) this.#visit(node.property);
      return;
    }
    for (const child of getChildren(node, this.#file.visitorKeys)) this.#visit(child);
  }

  #assignment(node: TSESTree.AssignmentExpression): void {
    const left = skipWrappers(node.left);
    if (left.type === 'ObjectPattern' || left.type === 'ArrayPattern') {
      for (const target of getTargets(left)) this.#write(target, { node, effect: 'set', value: node.right, operator: '=' });
    } else {
      const effect = node.operator === '=' && isEmptyValue(node.right) ? 'empty' : 'set';
      this.#write(left, { node, effect, value: node.right, operator: node.operator });
      if (node.operator !== '=') this.#read(left);
      if (left.type === 'MemberExpression') {
        this.#visit(left.object);
        if (left.computed) this.#visit(left.property);
        this.#container(left, node);
      }
    }
    this.#visit(node.right);
  }

  /** `list.length = 0` empties the list; `index[key] = value` lets it grow. */
  #container(left: TSESTree.MemberExpression, node: TSESTree.AssignmentExpression): void {
    const name = getPropertyName(left);
    const container = name === 'length' || (name === undefined && left.computed) ? getOwnerPlace(left.object, this.#fn, this.#file) : undefined;
    if (!container) return;
    const effect = name === 'length' ? 'empty' : 'grow';
    this.#writes.push({ place: container, node, effect, value: node.right, operator: '=' });
  }

  #call(node: TSESTree.CallExpression): void {
    if (isGatedStorage(node)) return;
    const entry = getEntryRead(node);
    if (entry) this.#addRead(getEntryPlace(entry.collection, entry.key, this.#fn, this.#file), node, isAwaited(node));
    this.#predicate(node);
    const callee = skipWrappers(node.callee);
    if (callee.type !== 'MemberExpression') return;
    const method = getPropertyName(callee);
    const owner = method !== undefined && MUTATORS.has(method) ? getOwnerPlace(callee.object, this.#fn, this.#file) : undefined;
    if (!owner) return;
    const [first, second] = node.arguments;
    const add = (effect: Effect, place: Place | undefined = owner, value?: Node) => {
      if (place) this.#writes.push({ place, node, effect, value, operator: '=' });
    };
    const entryOf = (key: Node | undefined) => (key && key.type !== 'SpreadElement' ? getEntryPlace(callee.object, key, this.#fn, this.#file) : undefined);
    switch (method) {
      case 'update':
        // context.globalState.update(key, value)
        if (node.arguments.length === 2 && second && !isDocument(second)) add('set', entryOf(first) ?? owner, second);
        return;
      case 'set':
      case 'put':
      case 'setItem':
        // Maps take two arguments; stores outside take options, too.
        if (node.arguments.length < 2 || (node.arguments.length > 2 && !isAwaited(node))) return;
        add('set', entryOf(first) ?? owner, second);
        add('grow');
        return;
      case 'add':
        if (node.arguments.length !== 1) return;
        add('set', entryOf(first) ?? owner);
        add('grow');
        return;
      case 'delete':
        if (node.arguments.length !== 1) return;
        add('empty', entryOf(first) ?? owner);
        add('shrink');
        return;
      case 'push':
      case 'unshift':
        if (first && node.arguments.length === 1) add('set', entryOf(first) ?? owner);
        add('grow', owner, first);
        return;
      case 'clear':
        if (node.arguments.length === 0) add('empty');
        return;
      case 'splice':
        // splice(0) takes everything out; splice(i, n) takes a part.
        add(node.arguments.length === 1 ? 'empty' : 'shrink');
        return;
      default:
        add('shrink');
    }
  }

  /** if (this.isOpen()) reads what the method returns, where that is one expression. */
  #predicate(node: TSESTree.CallExpression | TSESTree.MemberExpression): void {
    const answer = findAnswer(node);
    if (!answer || answer.fn === this.#fn) return;
    for (const { place } of collectReadsIn(answer.value, answer.fn, this.#file)) this.#reads.push({ place, node });
  }

  #destructured(pattern: TSESTree.ObjectPattern, init: Node): void {
    const owner = getOwnerPlace(init, this.#fn, this.#file);
    if (!owner) return;
    for (const property of pattern.properties) {
      if (property.type !== 'Property') continue;
      const name = getPropertyName(property);
      if (name === undefined) continue;
      this.#reads.push({ place: { ...owner, key: `${owner.key}.${name}`, text: `${owner.text}.${name}` }, node: property.key });
    }
  }

  #read(node: Node): void {
    // obj.method() reads the method, which is no state; the object is read as part of it.
    const outer = outermostWrapper(node);
    if (outer.parent?.type === 'CallExpression' && outer.parent.callee === outer) return;
    this.#addRead(getPlace(node, this.#fn, this.#file), node);
  }

  #addRead(place: Place | undefined, node: Node, isExternal = false): void {
    if (place) this.#reads.push(isExternal ? { place, node, isExternal } : { place, node });
  }

  #write(target: Node, write: Omit<Write, 'place'>): void {
    const place = getPlace(target, this.#fn, this.#file);
    if (place) this.#writes.push({ place, ...write });
    const inner = skipWrappers(target);
    if (write.node.type !== 'AssignmentExpression' && inner.type === 'MemberExpression') this.#visit(inner.object);
  }
}

/** The one expression that `this.isOpen()` or the getter `this.isOpen` gives back. */
function findAnswer(node: TSESTree.CallExpression | TSESTree.MemberExpression): { fn: FunctionNode; value: Node } | undefined {
  const member = skipWrappers(node.type === 'CallExpression' ? node.callee : node);
  if (member.type !== 'MemberExpression' || skipWrappers(member.object).type !== 'ThisExpression') return undefined;
  if (node.type === 'CallExpression' && node.arguments.length > 0) return undefined;
  const name = getPropertyName(member);
  const owner = name === undefined ? undefined : findEnclosingClass(member);
  for (const candidate of owner?.body.body ?? []) {
    if (candidate.type !== 'MethodDefinition' || getPropertyName(candidate) !== name || candidate.value.async) continue;
    if (candidate.kind !== (node.type === 'CallExpression' ? 'method' : 'get')) continue;
    const [only, ...more] = candidate.value.body?.body ?? [];
    if (only?.type === 'ReturnStatement' && only.argument && more.length === 0) return { fn: candidate.value as FunctionNode, value: only.argument };
  }
  return undefined;
}

function collectReadsIn(value: Node, fn: FunctionNode, file: SourceFile): readonly Read[] {
  const [start, end] = value.range;
  return collectAccesses(fn, file).reads.filter(({ node }) => node.range[0] >= start && node.range[1] <= end);
}

/**
 * The storage of a Durable Object: its input gate lets no other event in while it works
 * (developers.cloudflare.com/durable-objects, "Input gates").
 */
function isGatedStorage(call: TSESTree.CallExpression): boolean {
  const names = getNames(call.callee);
  return names.at(-2) === 'storage' && /^(?:ctx|state|#ctx|#state)$/.test(names.at(-3) ?? '');
}

/** repository.update(id, { … }) changes some fields of a record, and not the record that was read. */
function isDocument(value: Node): boolean {
  const node = skipWrappers(value);
  return isFunction(node) || (node.type === 'ObjectExpression' && !node.properties.some((property) => property.type === 'SpreadElement'));
}

/** await cache.get(key) */
function isAwaited(call: Node): boolean {
  return outermostWrapper(call).parent?.type === 'AwaitExpression';
}

const MUTATORS = new Set(['update', 'put', 'setItem', 'set', 'add', 'delete', 'push', 'unshift', 'pop', 'shift', 'splice', 'clear']);

function getTargets(pattern: Node): Node[] {
  switch (pattern.type) {
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => getTargets(property.type === 'Property' ? property.value : property.argument));
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? getTargets(element) : []));
    case 'AssignmentPattern':
      return getTargets(pattern.left);
    case 'RestElement':
      return getTargets(pattern.argument);
    default:
      return [pattern];
  }
}

/** A value that says "nothing here". */
export function isEmptyValue(value: Node): boolean {
  const node = skipWrappers(value);
  switch (node.type) {
    case 'Literal':
      return !('regex' in node) && !node.value;
    case 'Identifier':
      return node.name === 'undefined';
    case 'UnaryExpression':
      return node.operator === 'void';
    case 'ArrayExpression':
      return node.elements.length === 0;
    case 'ObjectExpression':
      return node.properties.length === 0;
    case 'TemplateLiteral':
      return node.expressions.length === 0 && node.quasis[0]?.value.raw === '';
    case 'NewExpression':
      return node.arguments.length === 0 && node.callee.type === 'Identifier' && /^(?:Map|Set|WeakMap|Array)$/.test(node.callee.name);
    default:
      return false;
  }
}
