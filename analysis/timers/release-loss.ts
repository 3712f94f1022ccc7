import { findFunction, runsInPlace } from '../abort/functions.js';
import type { Certainty, FindingExit, PathStep } from '../finding.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, findEnclosingFunction, getPropertyName, getStringValue, isFunction, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { cannotReject } from './cannot-reject.js';
import { findLosingPath } from './find-losing-path.js';
import { findExecutor, getSettleSites } from './promise-executor.js';
import { isReleasedAround } from './release-around.js';
import { isExecutor } from './timer-calls.js';

/** Where a thing that must be released, a timer or a listener, is released. */
export interface Uses {
  /** The calls that release it: `clearTimeout(t)`, `signal.removeEventListener('abort', f)`. */
  readonly clears: readonly TSESTree.CallExpression[];
  /** Functions of the file that release it and are only ever called by name, with those calls: `const cleanup = () => …`. */
  readonly helpers: ReadonlyMap<FunctionNode, readonly TSESTree.CallExpression[]>;
  /** Somebody else may release it. */
  readonly isOutOfSight: boolean;
}

export interface Held {
  /** The call that makes it. */
  readonly acquisition: TSESTree.CallExpression;
  readonly root: FunctionNode;
  /** The node behind which it is held. */
  readonly start: Node;
  /** The function that declares what holds it. */
  readonly declaredIn: Node;
  readonly variable?: Variable | undefined;
  readonly uses: Uses;
  /** Whether a node belongs to the callback that the thing itself calls. */
  readonly isOwn: (node: Node) => boolean;
  /** A callback that runs again and again must release before it settles anything. */
  readonly isRepeating?: boolean;
  readonly flags?: ReadonlySet<Variable>;
  readonly includePotential: boolean;
}

export interface ReleaseLoss {
  readonly loss: 'path' | 'rejection' | 'settled';
  readonly exit: FindingExit;
  readonly steps: readonly PathStep[];
  readonly certainty: Certainty;
}

/** How a thing that is released somewhere stays behind on some way out; 'unreleased' when only its own callback releases it. */
export function findReleaseLoss(file: SourceFile, held: Held): ReleaseLoss | 'unreleased' | undefined {
  const { root, uses, isOwn, variable } = held;
  const run = findHoldingRun(file, held);
  if (!run) return undefined;
  const places = getPlaces(uses);
  if (places.some((place) => !isWithin(place, run.root))) return undefined;
  const own = places.filter(isOwn);
  const nested = places.filter((place) => findEnclosingFunction(place) !== run.root && !own.includes(place));
  // let timer; try { await new Promise(…); } finally { clearTimeout(timer); }: what counts are the ways out of the function around it.
  const isReleasedOutside = run.root !== root && places.some((place) => findEnclosingFunction(place) === run.root);
  if (isExecutor(file, root) && !isReleasedOutside) {
    const settled = findUnreleasedSettlement(file, held);
    if (settled) return settled;
  }
  // In an executor what counts is where the promise is settled.
  if (nested.length > 0 && own.length === 0 && !isExecutor(file, root) && nested.every((place) => isFulfilmentOnly(place, uses) && !cannotReject(file, findLink(findEnclosingFunction(place)!)!.object))) {
    const [clear] = nested;
    const { line } = clear!.loc.start;
    return {
      loss: 'rejection',
      certainty: 'certain',
      exit: { kind: 'implicit-throw', node: clear! },
      steps: [{ kind: 'call', node: clear!, text: `line ${line} runs only when the promise fulfils` }],
    };
  }
  if (own.length > 0 && held.isRepeating) return undefined;
  if (own.length === places.length) return 'unreleased';
  // What an executor starts goes on when the executor itself has returned.
  if (isExecutor(file, run.root)) return undefined;
  const path = findLosingPath(
    file,
    {
      root: run.root,
      start: run.start,
      acquisition: held.acquisition,
      variable,
      ...(held.flags ? { flags: held.flags } : {}),
      isRelease: (point) =>
        (point.kind === 'call' && isReleaseOf(file, point.node, uses)) ||
        // A handler that will release it stands ready.
        (point.kind === 'closure' && nested.some((place) => isWithin(place, point.node))) ||
        (variable !== undefined && isOverwritten(file, point, variable)),
    },
    held.includePotential,
  );
  // Only handlers release it: that the function returns is how it is meant, that it throws before they stand is not.
  if (path && nested.length + own.length === places.length && (path.exit.kind === 'return' || path.exit.kind === 'end')) return undefined;
  if (!path || nested.some((place) => place.range[0] < run.start.range[0]) || isHoisted(nested, run.root)) return undefined;
  return { loss: 'path', ...path };
}

/** Whether a call releases, itself or through a function of the file. */
export function isReleaseOf(file: SourceFile, call: Node, uses: Uses): boolean {
  if (call.type !== 'CallExpression') return false;
  if (uses.clears.includes(call)) return true;
  const callee = findFunction(file, call.callee);
  if (!callee) return false;
  const calls = [...uses.helpers.values()].flat();
  return uses.clears.some((clear) => isWithin(clear, callee)) || calls.some((inner) => inner !== call && isWithin(inner, callee));
}

/** The calls of a function that has a name, or undefined when it is also used in other ways (passed on, returned). */
export function findCallsByName(file: SourceFile, owner: FunctionNode): TSESTree.CallExpression[] | undefined {
  const name = owner.type === 'FunctionDeclaration' ? owner.id : owner.parent.type === 'VariableDeclarator' && owner.parent.init === owner ? owner.parent.id : undefined;
  const variable = name?.type === 'Identifier' ? file.getVariable(name) : undefined;
  if (!variable) return undefined;
  const calls: TSESTree.CallExpression[] = [];
  for (const reference of variable.references) {
    if (reference.init) continue;
    const { parent } = reference.identifier;
    if (parent?.type !== 'CallExpression' || parent.callee !== reference.identifier) return undefined;
    calls.push(parent);
  }
  return calls;
}

/** Where it is released: a function that is only called by name counts where it is called. */
function getPlaces(uses: Uses): TSESTree.CallExpression[] {
  const places = new Set<TSESTree.CallExpression>();
  for (const clear of uses.clears) {
    const owner = findEnclosingFunction(clear);
    const calls = owner && uses.helpers.get(owner);
    if (!calls) places.add(clear);
    else for (const call of calls) if (!isWithin(call, owner)) places.add(call);
  }
  return [...places];
}

/** The function whose paths decide: that of the acquisition, or the one around an executor that fills its variable. */
function findHoldingRun(file: SourceFile, { root, start, declaredIn }: Held): { root: FunctionNode; start: Node } | undefined {
  let run = root;
  let from = start;
  while (run !== declaredIn) {
    const outer = findEnclosingFunction(run);
    if (!outer || !runsInPlace(file, run) || !isExecutor(file, run)) return undefined;
    from = run.parent;
    run = outer;
  }
  return { root: run, start: from };
}

/** Another value for the variable: what becomes of the first thing is another question. */
function isOverwritten(file: SourceFile, point: { kind: string; node: Node }, variable: Variable): boolean {
  if (point.kind !== 'bind' || point.node.type !== 'AssignmentExpression') return false;
  const target = skipWrappers(point.node.left);
  return target.type === 'Identifier' && file.getVariable(target) === variable;
}

/** Released in a function declaration of the same body: it may have been handed out anywhere. */
function isHoisted(places: readonly Node[], root: FunctionNode): boolean {
  return places.some((place) => {
    let owner = findEnclosingFunction(place);
    if (!owner || owner === root) return false;
    for (let outer = findEnclosingFunction(owner); outer && outer !== root; outer = findEnclosingFunction(owner)) owner = outer;
    return owner.type === 'FunctionDeclaration';
  });
}

/** promise.then((value) => { clearTimeout(t); … }) with nothing that releases when the promise rejects. */
export function isFulfilmentOnly(place: Node, uses: Uses): boolean {
  const handler = findEnclosingFunction(place);
  const link = handler && findLink(handler);
  if (!handler || link?.method !== 'then' || link.index !== 0) return false;
  // p.catch(…).then(…): always reached.
  for (let node: Node = skipWrappers(link.object); node.type === 'CallExpression'; ) {
    const callee = skipWrappers(node.callee);
    if (callee.type !== 'MemberExpression') break;
    const method = getPropertyName(callee);
    if (method === 'catch' || method === 'allSettled' || (method === 'then' && node.arguments.length > 1)) return false;
    node = skipWrappers(callee.object);
  }
  if (link.call.arguments.length > 1 && mayRelease(link.call.arguments[1]!, uses)) return false;
  for (let call: Node = link.call; ; ) {
    const member: Node | undefined = outermostWrapper(call).parent;
    const outer: Node | undefined = member && outermostWrapper(member).parent;
    if (member?.type !== 'MemberExpression' || outer?.type !== 'CallExpression') return true;
    if (outer.arguments.some((argument) => mayRelease(argument, uses))) return false;
    call = outer;
  }
}

/** A handler that releases, or one that is not in sight: then(value, cleanup). */
function mayRelease(handler: Node, uses: Uses): boolean {
  if (!isFunction(handler)) return true;
  return [...uses.clears, ...[...uses.helpers.values()].flat()].some((call) => isWithin(call, handler));
}

/** The link of a promise chain, or the registration, that a function is a handler of. */
function findLink(handler: FunctionNode): { call: TSESTree.CallExpression; method: string; index: number; object: Node } | undefined {
  const { parent } = handler;
  if (parent.type !== 'CallExpression') return undefined;
  const callee = skipWrappers(parent.callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const method = getPropertyName(callee);
  const index = parent.arguments.indexOf(handler as never);
  return method === undefined || index === -1 ? undefined : { call: parent, method, index, object: callee.object };
}

/** new Promise(…) that is settled somewhere without releasing, while other places release. */
function findUnreleasedSettlement(file: SourceFile, held: Held): ReleaseLoss | undefined {
  const { uses, isOwn, isRepeating } = held;
  const executor = held.root;
  if (uses.clears.some((clear) => !isOwn(clear) && followsAlways(clear, executor))) return undefined;
  const isRelease = (node: Node) => isReleaseOf(file, node, uses);
  for (const { node, isCall } of getSettleSites(file, executor)) {
    if (node.range[0] < held.start.range[0] || (isOwn(node) && !isRepeating)) continue;
    const owner = findEnclosingFunction(node);
    if (!owner || !isWithin(owner, executor)) continue;
    if (!isCall) {
      if (!isHandler(node) || isBehindNever(file, node)) continue;
      if (owner !== executor && isReleasedAround(file, node.parent!, owner, isRelease)) continue;
    } else {
      if (owner === executor || !(isOwn(node) || isHandler(owner)) || isReleasedAround(file, node, owner, isRelease)) continue;
    }
    const { line } = node.loc.start;
    return { loss: 'settled', certainty: 'certain', exit: { kind: 'return', node }, steps: [{ kind: 'call', node, text: `line ${line} settles the promise` }] };
  }
  return undefined;
}

/** In a `finally` handler, or on `close`, which comes after whatever else ends a process or a stream. */
function followsAlways(clear: Node, executor: FunctionNode): boolean {
  for (let owner = findEnclosingFunction(clear); owner && owner !== executor; owner = findEnclosingFunction(owner)) {
    const link = findLink(owner);
    if (link?.method === 'finally') return true;
    if (link && /^(?:close|end|finish|loadend|abort)$/.test(getStringValue(link.call.arguments[0]) ?? '')) return true;
    // onClose(() => …): what it waits for is not known.
    if (!link && owner.parent.type !== 'VariableDeclarator' && owner.type !== 'FunctionDeclaration') return true;
  }
  return false;
}

/** work.then(() => new Promise(() => {})).then(resolve): a link that is there for the stack trace alone. */
function isBehindNever(file: SourceFile, handler: Node): boolean {
  const { parent } = handler;
  const callee = parent?.type === 'CallExpression' ? skipWrappers(parent.callee) : undefined;
  const link = callee?.type === 'MemberExpression' ? skipWrappers(callee.object) : undefined;
  const before = link?.type === 'CallExpression' && link.arguments.length === 1 ? findFunction(file, link.arguments[0]!) : undefined;
  const executor = before && findExecutor(file, before.body);
  return executor !== undefined && executor.params.length === 0;
}

/** .then(resolve, reject), .catch(reject), .once('error', reject) */
function isHandler(node: Node): boolean {
  const { parent } = node;
  if (parent?.type !== 'CallExpression' || parent.callee === node) return false;
  const callee = skipWrappers(parent.callee);
  return callee.type === 'MemberExpression' && /^(?:then|catch|on|once|addListener|addEventListener)$/.test(getPropertyName(callee) ?? '');
}
