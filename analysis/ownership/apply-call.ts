import { isLogCall } from '../control-flow/call-facts.js';
import { matchesCallee } from './acquisitions.js';
import type { ArgumentCondition, MethodEffect } from '../resources/resource-kind.js';
import type { SourceFile } from '../source-file.js';
import { type CallLike, type FunctionNode, type Node, type TSESTree, getCalleeName, getPropertyName, getStringValue, isNullish, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { applyAssertion } from './assertions.js';
import { findCalledFunction } from './called-function.js';
import { findUsingCapture, usesVariable } from './captures.js';
import { type Exploration, type ImportedFunction, type Loss, isRejection } from './exploration.js';
import type { ExploreContext } from './explore.js';
import { isOnlyLent } from './lent.js';
import { applyListMethod } from './list-methods.js';
import { asList, findGrowingList } from './lists.js';
import { RESOURCE, type Shape, awaited, containerOf, listOf, partNamed, promiseOf, settledOf } from './shape.js';
import type { State } from './state.js';
import { findPart, getHoldingShape, getMembers, getShape } from './values.js';

/** What a call does with an obligation that is held when it is made. */
export interface CallEffect {
  readonly normal: readonly State[];
  /** The states when an exception comes out that nothing in the text announces. */
  readonly thrown: readonly State[];
  /** The states when an exception comes out that a `throw` in the callee makes. */
  readonly thrownExplicitly: readonly State[];
  /** Losses inside a callback or callee, where the resource is nobody else's. */
  readonly losses: readonly Loss[];
}

const PROMISE_COMBINATORS = /^global:Promise\.(all|allSettled|race|any)$/;
const BORROWING_CALLS = new Set([
  'global:Boolean', 'global:String', 'global:Number', 'global:JSON.stringify', 'global:Object.keys', 'global:Object.entries', 'global:Object.values',
  'global:Array.isArray', 'util:inspect', 'util:format', 'util:isDeepStrictEqual', 'assert:default', 'assert:ok', 'assert:equal', 'assert:strictEqual',
  'assert:deepStrictEqual', 'global:expect', 'vitest:expect', 'global:assert', 'chai:expect', 'chai:assert',
]);

/** Methods that end what they are called on. */
const ENDING = /^(?:abort|destroy|close|cancel)$/;
/** Functions of the file that call one another further than this are not followed. */
const MAX_HELPERS = 3;

export function applyCall(node: Node, state: State, context: ExploreContext): CallEffect {
  if (state.phase !== 'held') return always(state);
  switch (node.type) {
    case 'CallExpression':
      return new CallApplication(node, state, context).apply();
    case 'NewExpression':
      return applyNew(node, state, context);
    case 'TaggedTemplateExpression': {
      if (context.kind.onUnknownCall === 'borrowed') return always(state);
      const isPassed = node.quasi.expressions.some((expression) => getHoldingShape(expression, state, context.kind, context.file));
      return always(isPassed ? state.settle('transferred') : state);
    }
    default:
      return always(state);
  }
}

function always(state: State): CallEffect {
  return { normal: [state], thrown: [state], thrownExplicitly: [], losses: [] };
}

function applyNew(node: TSESTree.NewExpression, state: State, context: ExploreContext): CallEffect {
  // An error that names a path does not take care of it.
  const isError = context.kind.onUnknownCall === 'borrowed' && /(?:Error|Exception)$/.test(getCalleeName(node.callee) ?? '');
  const isPassed = node.arguments.some(
    (argument) => (!isError && getHoldingShape(argument, state, context.kind, context.file) && !isOnlyLent(node, argument, context.kind, context.file)) || findUsingCapture(argument, state, context),
  );
  return always(isPassed ? state.settle('transferred') : state);
}

class CallApplication {
  readonly #node: TSESTree.CallExpression;
  readonly #state: State;
  readonly #context: ExploreContext;
  readonly #file: SourceFile;

  constructor(node: TSESTree.CallExpression, state: State, context: ExploreContext) {
    this.#node = node;
    this.#state = state;
    this.#context = context;
    this.#file = context.file;
  }

  apply(): CallEffect {
    const callee = skipWrappers(this.#node.callee);
    const called = this.#shapeOf(callee);
    const isReleaser = called && (called.kind === 'resource' ? this.#context.kind.isReleasedByCall : findPart(called, this.#context.kind)?.isReleaser);
    if (isReleaser) return always(this.#state.settle('released'));
    if (callee.type === 'MemberExpression') {
      const receiver = this.#shapeOf(callee.object);
      if (receiver) return this.#method(receiver, callee);
    }
    const asserted = applyAssertion(this.#node, this.#state, this.#context);
    if (asserted) return { normal: asserted.held ? [asserted.held] : [], thrown: [], thrownExplicitly: asserted.failed ? [asserted.failed] : [], losses: [] };
    if (this.#endsLinked(this.#node)) return always(this.#state.settle('released'));
    return this.#arguments(callee, this.#state);
  }

  #shapeOf(node: Node): Shape | undefined {
    return getShape(node, this.#state, this.#context.kind, this.#file);
  }

  /**
   * `controller.abort()` where the acquisition was given `controller.signal`; `req.destroy()` for a response of `req`; a
   * function of the file that does it, or one that is handed what it takes.
   */
  #endsLinked(call: TSESTree.CallExpression, depth = 0): boolean {
    const { seed } = this.#context;
    if ((seed.kind !== 'call' && seed.kind !== 'parameter') || !seed.linked || seed.linked.size === 0) return false;
    const isLinked = (node: Node) => {
      const variable = node.type === 'Identifier' ? this.#file.getVariable(node) : undefined;
      return variable !== undefined && seed.linked!.has(variable);
    };
    const callee = skipWrappers(call.callee);
    if (callee.type === 'MemberExpression' && isLinked(skipWrappers(callee.object))) return ENDING.test(getPropertyName(callee) ?? '');
    if (call.arguments.some((argument) => isLinked(skipWrappers(argument)))) return true;
    const fn = depth < MAX_HELPERS && callee.type === 'Identifier' ? findCalledFunction(callee, this.#file) : undefined;
    return fn !== undefined && this.#file.getCallsIn(fn).some((inner) => inner.type === 'CallExpression' && this.#endsLinked(inner, depth + 1));
  }

  // Methods of the resource

  #method(receiver: Shape, callee: TSESTree.MemberExpression): CallEffect {
    const name = getPropertyName(callee);
    if (receiver.kind === 'promise') return this.#promiseMethod(receiver, name, callee);
    const list = asList(receiver);
    const applied = list && applyListMethod(name, list, this.#node, this.#state, this.#context);
    if (applied) return applied;
    if (receiver.kind === 'container' || receiver.kind === 'list' || name === undefined) return always(this.#state.settle('transferred'));
    const members = getMembers(receiver, this.#context.kind);
    const effect = findEffect(members.methods, name);
    if (effect === undefined) {
      // stack.start(): whatever the type says is disposable may be the same thing again.
      if (receiver.kind === 'resource' && this.#context.kind.isAnyDisposable && this.#file.types?.getDisposal(this.#node)) return this.#yielding(receiver);
      if (members.otherMethods === 'borrow') return this.#arguments(callee, this.#state);
      return always(this.#state.settle('transferred'));
    }
    return this.#methodEffect(resolveEffect(effect, this.#node), receiver, callee);
  }

  #methodEffect(effect: Exclude<MethodEffect, { when: unknown }>, receiver: Shape, callee: Node): CallEffect {
    const { kind } = this.#context;
    if (effect === 'release') return always(this.#state.settle('released'));
    if (effect === 'borrow') return this.#arguments(callee, this.#state);
    const isTaken = effect === 'notify' && this.#node.arguments.some((argument) => findUsingCapture(argument, this.#state, this.#context));
    if (isTaken) return this.#handedOver();
    if (effect === 'self' || effect === 'notify') return this.#yielding(receiver);
    // body.pipeThrough(transform); whoever reads the other end reads it.
    if (kind.parts?.[effect.part]?.isIterable && outermostWrapper(this.#node).parent?.type === 'ExpressionStatement') return this.#handedOver();
    const part = partNamed(effect.part, Boolean(kind.parts?.[effect.part]?.isView));
    return this.#yielding(effect.isPromise ? promiseOf(part) : part);
  }

  /** The call's value has a shape; the values it was made of stay where they are until the expression is done. */
  #yielding(shape: Shape): CallEffect {
    return { ...always(this.#state), normal: [this.#state.putTemporary(this.#node, shape)] };
  }

  // Promise chains

  #promiseMethod(receiver: Shape & { kind: 'promise' }, name: string | undefined, callee: TSESTree.MemberExpression): CallEffect {
    const base = this.#state.dropTemporaries(callee.object);
    if (isRejection(this.#context.seed)) return this.#rejection(receiver, name, base);
    const goesOn: CallEffect = { ...always(base), normal: [base.putTemporary(this.#node, receiver)] };
    if (name === 'catch' || name === 'finally') {
      // A handler that gives the resource back by a variable it captured.
      const handler = this.#node.arguments[0];
      const isUsed = handler && findUsingCapture(handler, base, this.#context);
      return isUsed ? always(this.#state.settle('transferred')) : goesOn;
    }
    if (name === 'then') {
      const [handler] = this.#node.arguments;
      if (!handler || isNullish(handler)) return goesOn;
      return this.#then(handler, receiver, base);
    }
    const effect = name === undefined ? undefined : findEffect(this.#context.kind.methods, name);
    const isRead = effect !== undefined && resolveEffect(effect, this.#node) === 'release';
    return always(this.#state.settle(isRead ? 'released' : 'transferred'));
  }

  /** axios.get(…).catch((error) => …): the handler gets it with the error; one for what is fulfilled does not. */
  #rejection(receiver: Shape & { kind: 'promise' }, name: string | undefined, base: State): CallEffect {
    const handler = name === 'catch' ? this.#node.arguments[0] : name === 'then' ? this.#node.arguments[1] : undefined;
    return handler && !isNullish(handler) ? this.#then(handler, receiver, base) : { ...always(base), normal: [base.putTemporary(this.#node, receiver)] };
  }

  #then(handler: Node, receiver: Shape & { kind: 'promise' }, base: State): CallEffect {
    const fn = findCalledFunction(handler, this.#file);
    const summary = fn && this.#context.summaries.summarise(fn, { kind: 'parameter', index: 0, shape: receiver.of });
    if (!fn || !summary || summary.hasGivenUp) return always(this.#state.settle('transferred'));
    const normal: State[] = [];
    const settlements = new Set(summary.outcomes.filter((outcome) => !outcome.isGuess).map((outcome) => outcome.settlement));
    if (settlements.has('transferred')) normal.push(base.settle('transferred'));
    if (settlements.has('released')) normal.push(base.settle('released'));
    for (const outcome of summary.outcomes) {
      if (outcome.settlement === 'returned' && outcome.shape) normal.push(base.putTemporary(this.#node, promiseOf(awaited(outcome.shape))));
    }
    // A variable still has the promise: then it is for that variable's scope to say whether the resource is lost.
    const isHeldElsewhere = !base.isHeldByNobody;
    if (isHeldElsewhere && (settlements.has('held') || summary.losses.length > 0)) normal.push(base);
    const losses = isHeldElsewhere ? [] : summary.losses;
    return { normal, thrown: [], thrownExplicitly: [], losses };
  }

  // Arguments

  #arguments(callee: Node, before: State): CallEffect {
    const { kind, summaries } = this.#context;
    const combinator = this.#combinator(callee);
    if (combinator) return combinator;
    const derived = this.#derivation();
    if (derived) return derived;
    const origin = this.#file.getOrigin(callee);
    const fn = findCalledFunction(callee, this.#file);
    let effect = always(before);
    if (fn) effect = this.#captured(fn, effect);
    const isBorrowing = isLogCall(callee) || matchesCallee(kind.borrowers ?? [], this.#node, this.#file) || (origin !== undefined && (BORROWING_CALLS.has(origin) || origin.startsWith('global:console.')));
    for (const [index, argument] of this.#node.arguments.entries()) {
      if (!isBorrowing && findUsingCapture(argument, before, this.#context)) return always(before.settle('transferred'));
      const shape = getHoldingShape(argument, before, kind, this.#file);
      if (!shape || isBorrowing) continue;
      const list = kind.isFollowedInLists ? findGrowingList(this.#node, this.#context) : undefined;
      if (list) return always(before.hold(list, listOf(shape)));
      if (this.#isReleased(index, shape)) return always(before.settle('released'));
      if (fn && argument.type !== 'SpreadElement') {
        effect = this.#passed({ fn, summaries }, index, shape, effect);
        continue;
      }
      const imported = argument.type === 'SpreadElement' ? undefined : summaries.findImported(callee);
      if (imported) effect = this.#passed(imported, index, shape, effect);
      // What waits for a promise gets what comes: const [error, dir] = await to(mkdtemp(prefix))
      else if (kind.onUnknownCall !== 'borrowed' || shape.kind === 'promise') return always(before.settle('transferred'));
      else if (this.#isKept(callee)) return always(before.settle('transferred'));
    }
    return effect;
  }

  /** Whether a function of the catalogue, or one that is named for it, gives back what it gets as this argument. */
  #isReleased(index: number, shape: Shape): boolean {
    const { releasers, releaserNames } = this.#context.kind;
    // Removing a file inside does not remove the folder.
    if (shape.kind !== 'resource' && shape.kind !== 'container') return false;
    if (releasers?.some((releaser) => releaser.argument === index && matchesCallee(releaser.calls, this.#node, this.#file))) return true;
    const name = getCalleeName(this.#node.callee);
    return releaserNames !== undefined && name !== undefined && new RegExp(releaserNames, 'i').test(name);
  }

  /** `list.push(dir)`, `resolve(dir)`, `registry.add(dir)`: somebody has it from now on. */
  #isKept(callee: Node): boolean {
    const name = getCalleeName(this.#node.callee);
    if (name === undefined) return true;
    if (callee.type === 'MemberExpression') return KEEPING_METHODS.test(name);
    const variable = callee.type === 'Identifier' ? this.#file.getVariable(callee) : undefined;
    // A callback that was passed in, resolve or done, takes what it gets; another, as of withTempDir(fn), works with it.
    return variable?.defs[0]?.type === 'Parameter' && /^(?:resolve|reject|done|next|cb|callback|fulfil|settle|on[A-Z])/.test(name);
  }

  /** `path.join(dir, name)`: the result is a part of what went in. */
  #derivation(): CallEffect | undefined {
    const { kind } = this.#context;
    for (const { calls, part, from } of kind.derivations ?? []) {
      if (!matchesCallee(calls, this.#node, this.#file)) continue;
      for (const argument of this.#node.arguments) {
        const shape = this.#shapeOf(argument);
        if (!shape || (from !== undefined && !(shape.kind === 'part' && shape.name === from))) continue;
        return this.#yielding(part === 'resource' ? RESOURCE : partNamed(part, Boolean(kind.parts?.[part]?.isView)));
      }
    }
    return undefined;
  }

  /** The effect of a function, of this file or another, on an argument. */
  #passed({ fn, summaries }: ImportedFunction, index: number, shape: Shape, before: CallEffect): CallEffect {
    const parameter = fn.params[index];
    if (!parameter) return fn.params.at(-1)?.type === 'RestElement' ? this.#handedOver() : before;
    if (parameter.type === 'RestElement') return this.#handedOver();
    return this.#summarised(summaries.summarise(fn, { kind: 'parameter', index, shape }), before);
  }

  /** The effect of a local function on what it captures. */
  #captured(fn: FunctionNode, before: CallEffect): CallEffect {
    let effect = before;
    for (const [variable, shape] of this.#state.holders) {
      if (!usesVariable(fn, variable, shape, this.#context)) continue;
      effect = this.#summarised(this.#context.summaries.summarise(fn, { kind: 'captured', variable, shape }), effect);
    }
    return effect;
  }

  #summarised(summary: Exploration | undefined, before: CallEffect): CallEffect {
    if (!summary || summary.hasGivenUp) return this.#handedOver();
    const certain = summary.outcomes.filter((outcome) => !outcome.isGuess && outcome.settlement !== 'unacquired');
    const returned = certain.filter((outcome) => outcome.completion === 'return');
    const settlements = new Set(returned.map((outcome) => outcome.settlement));
    if (settlements.has('transferred')) return this.#handedOver();
    const isThrown = certain.some((outcome) => outcome.completion === 'throw' && outcome.settlement === 'held');
    if (settlements.has('released')) {
      // Released on some ways through and kept on others: which way it went is the callee's secret.
      if (settlements.size > 1) return this.#handedOver();
      const released = this.#state.settle('released');
      const mayKeep = summary.outcomes.some((outcome) => outcome.completion === 'throw' && outcome.settlement === 'held');
      return { normal: [released], thrown: mayKeep ? [this.#state, released] : [released], thrownExplicitly: isThrown ? [this.#state] : [], losses: [] };
    }
    const alias = returned.find((outcome) => outcome.settlement === 'returned')?.shape;
    return {
      normal: alias ? before.normal.map((state) => state.putTemporary(this.#node, alias)) : before.normal,
      thrown: before.thrown,
      thrownExplicitly: isThrown ? [...before.thrownExplicitly, this.#state] : before.thrownExplicitly,
      losses: before.losses,
    };
  }

  #handedOver(): CallEffect {
    return always(this.#state.settle('transferred'));
  }

  #combinator(callee: Node): CallEffect | undefined {
    const name = PROMISE_COMBINATORS.exec(this.#file.getOrigin(callee) ?? '')?.[1];
    const isResolve = this.#file.getOrigin(callee) === 'global:Promise.resolve';
    const [argument] = this.#node.arguments;
    const shape = argument && (name || isResolve) ? this.#shapeOf(argument) : undefined;
    if (!shape) return undefined;
    if (isRejection(this.#context.seed)) return this.#handedOver();
    if (isResolve) return this.#yielding(promiseOf(shape));
    const list = asList(shape);
    if (list && name === 'allSettled') return this.#yielding(promiseOf(listOf(settledOf(list.of))));
    if (shape.kind === 'list') return this.#yielding(promiseOf(name === 'all' ? listOf(awaited(shape.of)) : awaited(shape.of)));
    if (shape.kind !== 'container') return this.#handedOver();
    const values = [...shape.entries].map(([key, entry]) => [key, awaited(entry)] as const);
    if (name === 'all') return this.#yielding(promiseOf(containerOf(new Map(values))));
    return this.#yielding(promiseOf(values[0]![1]));
  }

}

/** Methods that keep what they are given. */
export const KEEPING_METHODS = /^(?:push|unshift|add|set|append|enqueue|register|track|use|defer|adopt|then|resolve|reject|emit|send|write|end|json|next|callback|cb|done|fulfill)$/;

function findEffect(methods: Readonly<Record<string, MethodEffect>> | undefined, name: string): MethodEffect | undefined {
  return methods && Object.hasOwn(methods, name) ? methods[name] : undefined;
}

/** The effect of a method for one call of it. */
export function resolveEffect(effect: MethodEffect, call: CallLike): Exclude<MethodEffect, { when: unknown }> {
  if (typeof effect === 'string' || 'part' in effect) return effect;
  return resolveEffect(meetsCondition(effect.when, call) ? effect.effect : effect.otherwise, call);
}

/** Whether an argument has one of the values of a condition, by the text of the call. */
export function meetsCondition(condition: ArgumentCondition, call: CallLike, file?: SourceFile): boolean {
  const { argument, property, equals, members } = condition;
  const candidates = argument === undefined ? call.arguments : [call.arguments.at(argument)];
  return candidates.some((candidate) => {
    if (!candidate) return false;
    const value = property === undefined ? candidate : findProperty(file ? findOptions(candidate, file) : candidate, property);
    if (!value) return false;
    const inner = skipWrappers(value);
    if (members) return inner.type === 'MemberExpression' && members.includes(getPropertyName(inner) ?? '') && !/^(?:global:process|process:)/.test(file?.getOrigin(inner) ?? '');
    if (!equals) return true;
    const constant = inner.type === 'Literal' && typeof inner.value === 'boolean' ? inner.value : getStringValue(inner);
    return constant !== undefined && equals.some((expected) => expected === constant || String(expected) === constant);
  });
}

/** The object literal that an argument is: in place, as a constant, or as the options of `new Request(url, options)`. */
function findOptions(argument: Node, file: SourceFile): Node {
  const node = skipWrappers(argument);
  const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  const value = variable && file.getOnlyValue(variable);
  if (value) return findOptions(value, file);
  const options = node.type === 'NewExpression' ? node.arguments.at(-1) : undefined;
  return options ?? node;
}

/** The value of a property of an object literal; undefined where it has none or the literal is not in place. */
export function findProperty(expression: Node, name: string): Node | undefined {
  const node = skipWrappers(expression);
  if (node.type !== 'ObjectExpression') return undefined;
  const property = node.properties.find((candidate) => candidate.type === 'Property' && getPropertyName(candidate) === name);
  return property?.type === 'Property' ? property.value : undefined;
}
