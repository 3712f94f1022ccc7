import type { Edge, Point } from '../control-flow/graph.js';
import { noteGap, spend } from '../effort.js';
import { type Node, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import type { Read, Write } from './accesses.js';
import { decides } from './decides.js';
import { getDerivation } from './derives.js';
import { type FunctionFacts, findAwaitAfter } from './function-facts.js';
import { type Place, isSamePlaceOrMember } from './place.js';
import { type Derived, type State, type Use, getKey } from './place-state.js';
import { isAcquiringLock } from './serialised.js';

/** A write that happens while a call goes on, after that call has given up control. */
export interface LateWrite {
  readonly write: Write;
  /** The call in the explored function. */
  readonly call: Node;
  /** The `await` behind which it is written; the call itself where it is a `.then(…)`. */
  readonly awaited: Node;
}

/**
 * A read, an `await` and a write that rests on the read. *check*: the write happens because of the answer. *update*: the new
 * value is worked out from the old one. *reset*: what was read is worked off and then thrown away.
 */
export interface Window {
  readonly kind: 'check' | 'update' | 'reset';
  readonly read: Node;
  /** Of a check: the test that let the path through. */
  readonly test: Point | undefined;
  /** The first point at which control is given up. */
  readonly awaited: Node;
  /** Every such point between the read and the write. */
  readonly awaits: readonly Node[];
  readonly write: Write;
  readonly late: LateWrite | undefined;
}

export interface ExploreOptions {
  readonly facts: FunctionFacts;
  readonly place: Place;
  /** Writes to the place that a call starts and that happen after the call has given up control. */
  getLateWrites(point: Point): readonly LateWrite[];
  /** Whether a call, before it gives up control, writes the place or shuts the door in another way. */
  writesAtOnce(point: Point): boolean;
  /** Whether a write shuts the door behind the path: it says "somebody is at it" where others look. */
  isClaim(write: Write): boolean;
}

/** Beyond this many (point, state) pairs a function is given up: the answer would come too late. */
const MAX_STEPS = 1_200;
/** What a step costs beside the questions that it asks: its state is copied and compared. */
const STEP_COST = 4;

/** Follows one place along the paths of one function and collects the reads that are old by the time of the write that rests on them. */
export function explorePlace(options: ExploreOptions): Window[] {
  return new Explorer(options).run();
}

class Explorer {
  readonly #options: ExploreOptions;
  readonly #windows = new Map<Node, Window>();
  readonly #seen = new Map<Point, Set<string>>();
  readonly #queue: { readonly point: Point; readonly state: State }[] = [];

  constructor(options: ExploreOptions) {
    this.#options = options;
  }

  run(): Window[] {
    this.#push(this.#options.facts.graph.entry, { derived: new Map(), late: [], isOwner: false });
    // Breadth first, so that the first path to a write is a shortest one.
    for (let index = 0; index < this.#queue.length; index++) {
      spend(STEP_COST);
      if (index > MAX_STEPS) {
        noteGap(this.#options.facts.graph.root, this.#options.facts.file.filename);
        return [];
      }
      const { point, state } = this.#queue[index]!;
      const next = this.#pass(point, state);
      if (next) for (const edge of point.edges) this.#push(edge.to, along(edge, point, next));
    }
    return [...this.#windows.values()];
  }

  #push(point: Point, state: State): void {
    const key = getKey(state);
    const seen = this.#seen.get(point);
    if (seen?.has(key)) return;
    if (seen) seen.add(key);
    else this.#seen.set(point, new Set([key]));
    this.#queue.push({ point, state });
  }

  /** The state behind a point; undefined where the path is of no further interest. */
  #pass(point: Point, state: State): State | undefined {
    switch (point.kind) {
      case 'branch':
        return this.#branch(point, this.#use(point, state));
      case 'await':
        if (isAcquiringLock(point.node)) return undefined;
        this.#reportLate(state);
        return suspend(point.node, { ...this.#use(point, state), late: [] });
      case 'yield':
        return suspend(point.node, this.#use(point, state));
      case 'call':
        return this.#call(point, this.#use(point, state));
      case 'bind':
        return this.#bind(point, state);
      case 'exit':
      case 'throw-exit':
        this.#reportLate(state);
        return undefined;
      default:
        return this.#writes(point, this.#use(point, state));
    }
  }

  #isOwn(read: Read): boolean {
    return isSamePlaceOrMember(read.place, this.#options.place);
  }

  #use(point: Point, state: State): State {
    const { facts } = this.#options;
    if (point.kind === 'branch' && point.node.type === 'ForOfStatement') {
      // Each turn of the loop looks at the collection anew.
      const { right } = point.node;
      const isOwn = facts.getTestReads(right).some((read) => this.#isOwn(read));
      return isOwn ? { ...state, use: { read: right, awaits: [] } } : state;
    }
    const read = facts.getReads(point).findLast((candidate) => this.#isOwn(candidate));
    if (!read) return state;
    const awaited = findAwaitAfter(read.node, point.node, facts.file);
    return { ...state, use: { read: read.node, awaits: awaited ? [awaited] : [] } };
  }

  #branch(point: Point, state: State): State {
    const { facts } = this.#options;
    const test = point.node;
    if (test.type === 'ForOfStatement' || test.type === 'ForInStatement') return state;
    const own = facts.getTestReads(test).findLast((read) => this.#isOwn(read));
    if (own) {
      const awaited = findAwaitAfter(own.node, test, facts.file);
      return { ...state, check: { read: own.node, test: point, awaits: awaited ? [awaited] : [] } };
    }
    const held = this.#findDerived(test, state);
    if (held) return { ...state, check: { read: held.read, test: point, awaits: getAge(held) } };
    if (state.check?.awaits.length && this.#isVersionCheck(test)) return { ...state, check: undefined, use: undefined, derived: new Map() };
    return state;
  }

  /** if (version !== this.version) return: a comparison of then and now */
  #isVersionCheck(test: Node): boolean {
    const { facts } = this.#options;
    if (test.type !== 'BinaryExpression' || !/^[!=]==?$/.test(test.operator)) return false;
    const isVariable = (node: Node) => {
      const inner = skipWrappers(node);
      return inner.type === 'Identifier' && facts.file.getVariable(inner) !== undefined;
    };
    return facts.getTestReads(test).some((read) => !this.#isOwn(read)) && (isVariable(test.left) || isVariable(test.right));
  }

  #findDerived(root: Node, state: State): Derived | undefined {
    if (state.derived.size === 0) return undefined;
    const { file } = this.#options.facts;
    let found: Derived | undefined;
    walk(
      root,
      (node) => {
        if (found || isFunction(node)) return false;
        const variable = node.type === 'Identifier' ? file.getReference(node)?.resolved : undefined;
        found = variable ? state.derived.get(variable) : undefined;
        return true;
      },
      file.visitorKeys,
    );
    return found;
  }

  #call(point: Point, state: State): State | undefined {
    let next = this.#options.writesAtOnce(point) ? { ...state, check: undefined } : state;
    const late = next.check ? this.#options.getLateWrites(point) : [];
    if (late.length > 0) next = { ...next, late: [...next.late, ...late] };
    return this.#writes(point, next);
  }

  #bind(point: Point, state: State): State | undefined {
    const { node } = point;
    const after = this.#writes(point, state);
    if (!after) return undefined;
    const next = after === state ? this.#use(point, state) : after;
    switch (node.type) {
      case 'VariableDeclarator':
        return node.init ? this.#derive(node.id, node.init, '=', point, next) : next;
      case 'AssignmentExpression':
        return this.#derive(skipWrappers(node.left), node.right, node.operator, point, next);
      case 'UpdateExpression':
        return this.#changeCopy(skipWrappers(node.argument), next) ?? next;
      default:
        return next;
    }
  }

  /** const current = this.count */
  #derive(target: Node, value: Node, operator: string, point: Point, state: State): State {
    const { facts, place } = this.#options;
    const { file } = facts;
    if (target.type === 'ObjectPattern') {
      const derived = new Map(state.derived);
      for (const property of target.properties) {
        if (property.type !== 'Property') continue;
        const isRead = facts.accesses.reads.some((candidate) => candidate.node === property.key && candidate.place.key === place.key);
        const bound = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
        const variable = isRead && bound.type === 'Identifier' ? file.getVariable(bound) : undefined;
        if (variable) derived.set(variable, { read: property.key, awaits: [], how: 'same' });
      }
      return { ...state, derived };
    }
    const changed = this.#changeCopy(target, state);
    if (changed) return changed;
    const variable = target.type === 'Identifier' ? file.getVariable(target) : undefined;
    if (!variable) return state;
    const found = this.#getDerived(value, point, state);
    const before = state.derived.get(variable);
    const derived = new Map(state.derived);
    if (found) derived.set(variable, found);
    else if (operator === '=') derived.delete(variable);
    else if (before) derived.set(variable, { ...before, how: 'changed' });
    else return state;
    return { ...state, derived };
  }

  /** row.count += 1, where `row` came out of a store outside */
  #changeCopy(target: Node, state: State): State | undefined {
    let base = target;
    while (base.type === 'MemberExpression') base = skipWrappers(base.object);
    const variable = base !== target && base.type === 'Identifier' ? this.#options.facts.file.getVariable(base) : undefined;
    const item = variable && state.derived.get(variable);
    if (!item?.isCopy) return undefined;
    return { ...state, derived: new Map(state.derived).set(variable!, { ...item, how: 'changed' }) };
  }

  /** The read of the place, now or earlier, that a value is worked out from. */
  #getDerived(value: Node, point: Point, state: State): Derived | undefined {
    const { facts, place } = this.#options;
    const { file } = facts;
    let source: Omit<Derived, 'how'> | undefined;
    const how = getDerivation(
      value,
      (node) => {
        const variable = node.type === 'Identifier' ? file.getReference(node)?.resolved : undefined;
        const held = variable && state.derived.get(variable);
        if (held) {
          source = held;
          return held.how;
        }
        const isOutside = node.type === 'AwaitExpression';
        const inner = isOutside ? skipWrappers(node.argument) : node;
        const read = facts.accesses.reads.find((candidate) => candidate.node === inner && candidate.place.key === place.key);
        if (!read || isOutside !== Boolean(read.isExternal)) return undefined;
        if (isOutside) source = { read: inner, awaits: [], isCopy: true };
        else if (!source?.awaits.length) {
          const awaited = findAwaitAfter(node, point.node, file);
          source = { read: node, awaits: awaited ? [awaited] : [] };
        }
        return 'same';
      },
      file,
    );
    return how && source ? { ...source, how } : undefined;
  }

  /** The state behind the writes of a point; undefined when one of them has shut the door behind the path. */
  #writes(point: Point, state: State): State | undefined {
    const writes = this.#options.facts.getWrites(point);
    const own = writes.filter((write) => write.place.key === this.#options.place.key);
    if (own.length === 0) return writes.some((write) => this.#options.isClaim(write)) ? undefined : state;
    let next = state;
    for (const write of own) {
      this.#judge(write, point, next);
      next = { ...next, check: undefined, use: undefined, isOwner: next.isOwner || write.effect === 'set' };
    }
    return next;
  }

  #judge(write: Write, point: Point, state: State): void {
    const { check, use } = state;
    const update = this.#findUpdate(write, point, state);
    if (update) this.#report('update', update, write);
    else if (check && check.awaits.length > 0 && this.#isAskedFor(write, check.test.node) && this.#isDecided(write, point, check.test)) {
      this.#report('check', check, write, check.test);
    } else if (write.effect === 'empty' && !state.isOwner && use && this.#isConsumed(use, state)) this.#report('reset', use, write);
  }

  /** Whether the write happens because of the test, or writes what the test chose: `this.x = this.x ?? (await f())`. */
  #isDecided({ value }: Write, point: Point, test: Point): boolean {
    const { facts } = this.#options;
    const node = value && skipWrappers(value);
    const variable = node?.type === 'Identifier' ? facts.file.getVariable(node) : undefined;
    const chosen = (variable && facts.file.getOnlyValue(variable)) ?? node;
    const isChosen = chosen?.type === 'LogicalExpression' || chosen?.type === 'ConditionalExpression';
    if (isChosen && test.node.range[0] >= chosen.range[0] && test.node.range[1] <= chosen.range[1]) return true;
    return decides(test, point, facts.graph);
  }

  /** What is added to a collection depends on a test of its size or members only. */
  #isAskedFor({ effect }: Write, test: Node): boolean {
    if (effect !== 'grow') return effect !== 'shrink';
    const { facts, place } = this.#options;
    const isCompared = test.type === 'BinaryExpression' && /^[<>]=?$/.test(test.operator) && !/^(?:For|While|DoWhile)/.test(test.parent.type);
    return facts.getTestReads(test).some((read) => {
      if (read.place.key === `${place.key}.length` || read.place.key === `${place.key}.size`) return isCompared;
      const member = outermostWrapper(read.node).parent;
      return read.place.key === place.key && member?.type === 'MemberExpression' && /^(?:some|find|findIndex|every)$/.test(getPropertyName(member) ?? '');
    });
  }

  /** Whether what was read went into the awaited work: `await send(this.batch)`, `await send(batch)`. */
  #isConsumed(use: Use, state: State): boolean {
    const isRead = (awaited: Node) => use.read.range[0] >= awaited.range[0] && use.read.range[1] <= awaited.range[1];
    return use.awaits.some((awaited) => isRead(awaited) || this.#findDerived(awaited, state));
  }

  /** A new value that is worked out from one that was read before an `await`. */
  #findUpdate(write: Write, point: Point, state: State): Use | undefined {
    const { file } = this.#options.facts;
    const { value, node } = write;
    if (!value || write.effect === 'empty') return undefined;
    if (node.type === 'AssignmentExpression' && /^(?:[-+*/%&|^]|\*\*|<<|>>>?)=$/.test(write.operator)) {
      // this.total += await f(): the left side is read first
      const awaited = findAwaitAfter(node.left, node, file);
      return awaited && { read: node.left, awaits: [awaited] };
    }
    const found = write.operator === '=' ? this.#getDerived(value, point, state) : undefined;
    if (found?.how !== 'changed') return undefined;
    const awaits = getAge(found);
    return awaits.length > 0 ? { read: found.read, awaits } : undefined;
  }

  #reportLate({ check, late }: State): void {
    const { facts } = this.#options;
    for (const item of check ? late : []) {
      const [point] = facts.getPoints(item.call);
      if (!point || !decides(check!.test, point, facts.graph)) continue;
      this.#report('check', { read: check!.read, awaits: [...check!.awaits, item.awaited] }, item.write, check!.test, item);
    }
  }

  #report(kind: Window['kind'], { read, awaits }: Use, write: Write, test?: Point, late?: LateWrite): void {
    const at = late?.call ?? write.node;
    if (!this.#windows.has(at)) this.#windows.set(at, { kind, read, test, awaited: awaits[0]!, awaits, write, late });
  }
}

/** A call that throws has started nothing that writes later. */
function along(edge: Edge, point: Point, state: State): State {
  return edge.kind === 'throw' && point.kind === 'call' && state.late.length > 0 ? { ...state, late: [] } : state;
}

/** A copy from a store outside is old from the moment it comes. */
function getAge({ awaits, isCopy, read }: Derived): readonly Node[] {
  return awaits.length > 0 || !isCopy ? awaits : [read.parent!];
}

/** Control is given up: everything that was read before is old from now on. */
function suspend(node: Node, state: State): State {
  const age = <Item extends Use>(item: Item): Item => (item.awaits.includes(node) || item.awaits.length > 8 ? item : { ...item, awaits: [...item.awaits, node] });
  return {
    ...state,
    check: state.check && age(state.check),
    use: state.use && age(state.use),
    derived: new Map([...state.derived].map(([variable, item]) => [variable, age(item)])),
  };
}
