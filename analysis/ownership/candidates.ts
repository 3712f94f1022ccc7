import type { Certainty } from '../finding.js';
import type { Acquisition, ResourceKind } from '../resources/resource-kind.js';
import { resourceKinds } from '../resources/catalogue.js';
import { isFixedName, isFreshName, isInFreshFolder, isTemporaryPath } from '../resources/temporary-path.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type CallLike, type CodeRoot, type Node, type TSESTree, getEnclosingRoot, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { type AcquiringCall, findAcquisitions, findEvidence, findLinkedVariables, findOwnVariables, isHarmlessCall, isResultUsedAs, isUsedAs, matchesCallee } from './acquisitions.js';
import { findCalledFunction } from './called-function.js';
import { judgeDisposable } from './disposables.js';
import type { Seed } from './exploration.js';
import { isRequest } from './is-request.js';
import { RESOURCE, type Shape, containerOf, partNamed, promiseOf } from './shape.js';
import { createTextVariable } from './values.js';

/** A place where an obligation may begin. */
export interface Candidate {
  readonly site: Node;
  /** What acquires it, where that stands in a function that the site calls for each element of a list. */
  readonly node?: Node | undefined;
  readonly root: CodeRoot;
  readonly seed: Seed;
  readonly isGuess: boolean;
  /** Somebody else may give it back, or it is meant to stay, unless some path from here gives it back. */
  readonly isBackedUp?: boolean | undefined;
}

/** What a call acquires by the catalogue, by its type or by how its result is used. */
export function findCandidates(call: CallLike, kind: ResourceKind, file: SourceFile): Candidate[] {
  return new CandidateFinder(call, kind, file).find();
}

/** The value of a call is a resource from here on. */
export function createCallCandidate(call: CallLike, shape: Shape, isGuess: boolean, file: SourceFile, isBackedUp = false): Candidate {
  const linked = findLinkedVariables(call, file);
  return { site: call, root: getEnclosingRoot(call), seed: { kind: 'call', site: call, shape, linked }, isGuess, isBackedUp };
}

class CandidateFinder {
  readonly #call: CallLike;
  readonly #kind: ResourceKind;
  readonly #file: SourceFile;

  constructor(call: CallLike, kind: ResourceKind, file: SourceFile) {
    this.#call = call;
    this.#kind = kind;
    this.#file = file;
  }

  find(): Candidate[] {
    if (this.#kind.isAnyDisposable) return this.#findDisposable();
    const acquired = findAcquisitions(this.#call, this.#kind, this.#file);
    const rejected = acquired.flatMap(({ acquisition }) => (acquisition.yields === 'rejection' ? this.#findRejection(acquisition) : []));
    for (const found of acquired) {
      const candidates = found.acquisition.yields === 'rejection' ? [] : this.#toCandidates(found);
      if (candidates.length > 0) return [...candidates, ...rejected];
    }
    const originals = this.#findOriginal();
    if (isHarmlessCall(this.#call, this.#kind, this.#file)) return [];
    if (findEvidence(this.#call, this.#kind, this.#file)) return [this.#candidate(promiseOf(RESOURCE), false)];
    if (originals.length === 0 && this.#isOfKindByType()) {
      // The type says what it is; that it comes from the network and not from memory is shown by what is asked, or how it is used.
      const isFromNetwork = isResultUsedAs(this.#call, this.#kind, this.#file) || (this.#kind.id === 'response-body' && isRequest(this.#call));
      return [this.#candidate(promiseOf(RESOURCE), !isFromNetwork)];
    }
    return originals;
  }

  /** What no other kind of the catalogue knows better. */
  #findDisposable(): Candidate[] {
    const judgement = judgeDisposable(this.#call, this.#file);
    if (!judgement || resourceKinds.some((kind) => findAcquisitions(this.#call, kind, this.#file).length > 0)) return [];
    const isPromise = this.#call.type === 'CallExpression' && this.#file.types!.isPromise(this.#call);
    return [this.#candidate(isPromise ? promiseOf(RESOURCE) : RESOURCE, judgement === 'potential')];
  }

  #candidate(shape: Shape, isGuess: boolean): Candidate {
    return createCallCandidate(this.#call, shape, isGuess, this.#file);
  }

  #toCandidates({ acquisition, callback }: AcquiringCall): Candidate[] {
    const { parameter = 0, errorParameter, certainty, yields } = acquisition;
    if (acquisition.isOfLongerLived && this.#isOfOwnObject()) return [];
    if (callback) {
      const linked = findOwnVariables(this.#call, this.#file);
      return [{ site: this.#call, root: callback, seed: { kind: 'parameter', index: parameter, shape: RESOURCE, errorIndex: errorParameter, linked }, isGuess: false }];
    }
    if (yields === 'argument') return this.#findArgument(acquisition);
    if (yields === 'receiver') return acquisition.isSharedReceiver ? this.#findSharedReceiver() : this.#findReceiver(certainty);
    if (yields === 'promise' && this.#isGivenCallback()) return [];
    const value = acquisition.member === undefined ? RESOURCE : containerOf(new Map([[acquisition.member, RESOURCE]]));
    return [createCallCandidate(this.#call, yields === 'promise' ? promiseOf(value) : value, certainty === 'potential', this.#file, acquisition.mayStay === true || acquisition.backedUpBy !== undefined || this.#isInGivenFolder())];
  }

  /** try { await axios.get(url, { responseType: 'stream' }) } catch (error) { … error.response … } */
  #findRejection({ member }: Acquisition): Candidate[] {
    const call = this.#call;
    const seed = { kind: 'call', site: call, shape: promiseOf(partNamed(member!, false)), isRejection: true } as const;
    // Whoever does not ask for the response may well have none.
    const handler = findHandler(call);
    return handler ? [{ site: call, root: getEnclosingRoot(call), seed, isGuess: !/\bresponse\b/.test(this.#file.getText(handler)) }] : [];
  }

  /** An awaited call of a function elsewhere whose type is this resource. */
  #isOfKindByType(): boolean {
    const { types } = this.#file;
    if (!types || !this.#kind.types || this.#call.type !== 'CallExpression' || outermostWrapper(this.#call).parent?.type !== 'AwaitExpression') return false;
    if (findCalledFunction(this.#call.callee, this.#file)) return false;
    const names = types.getTypeNames(this.#call);
    return this.#kind.types.some((type) => names?.includes(type.name) && types.hasMembers(this.#call, type.members));
  }

  /** `writeFile(file, …)`: what the argument names exists from here on. */
  #findArgument(acquisition: Acquisition): Candidate[] {
    const call = this.#call;
    const argument = call.arguments[acquisition.parameter ?? 0];
    if (!argument || argument.type === 'SpreadElement') return [];
    const node = skipWrappers(argument);
    const root = getEnclosingRoot(call);
    if (acquisition.isTemporaryPath && (!isTemporaryPath(node, this.#file) || isInFreshFolder(node, root, this.#file))) return [];
    if (acquisition.isReleasedElsewhere && !this.#isReleasedIn(root, node)) return [];
    const variable = node.type === 'Identifier' ? this.#file.getVariable(node) : createTextVariable(this.#file.getText(node), root);
    const [definition] = variable?.defs ?? [];
    if (acquisition.isTemporaryPath === 'fresh' && !isFreshName(node, this.#file)) return [];
    if (!variable || (node.type === 'Identifier' && (definition?.type !== 'Variable' || getEnclosingRoot(definition.node) !== root))) return [];
    return [{ site: call, root, seed: { kind: 'original', site: call, variable }, isGuess: acquisition.certainty === 'potential', isBackedUp: acquisition.isReleasedElsewhere ?? this.#isForOthers(node, variable) }];
  }

  /** mkdtemp(join(folder, prefix)) where the caller says in which folder: whoever removes that removes this. */
  #isInGivenFolder(): boolean {
    const [prefix] = this.#call.arguments;
    if (this.#kind.typeOf !== 'string' || prefix?.type !== 'CallExpression') return false;
    const folder = prefix.arguments[0] && skipWrappers(prefix.arguments[0]);
    return folder?.type === 'Identifier' && this.#file.getVariable(folder)?.defs[0]?.type === 'Parameter';
  }

  /** connect(url, options, (error, client) => …): an older form, where the callback has it and nobody waits for a promise. */
  #isGivenCallback(): boolean {
    const last = this.#call.arguments.at(-1);
    return last !== undefined && isFunction(skipWrappers(last)) && outermostWrapper(this.#call).parent?.type === 'ExpressionStatement';
  }

  /** A file that others find by its name, or that is one at most: nothing else is done with the path than to write it. */
  #isForOthers(path: Node, variable: Variable): boolean {
    const isOnlyWritten = variable.references.filter(({ identifier }) => identifier !== variable.identifiers[0]).length === 1;
    return isFixedName(path, this.#file, isOnlyWritten);
  }

  /** `browser.newPage()` where the function has launched the browser itself. */
  #isOfOwnObject(): boolean {
    const callee = skipWrappers(this.#call.callee);
    const object = callee.type === 'MemberExpression' ? skipWrappers(callee.object) : undefined;
    if (object?.type === 'MemberExpression' || object?.type === 'ThisExpression') return false;
    const [definition] = (object?.type === 'Identifier' && this.#file.getVariable(object)?.defs) || [];
    return !definition || (definition.type === 'Variable' && getEnclosingRoot(definition.node) === getEnclosingRoot(this.#call));
  }

  /** `client.connect()`: what the variable has is a connection from here on. */
  #findReceiver(certainty: Certainty | undefined): Candidate[] {
    const call = this.#call;
    const callee = skipWrappers(call.callee);
    // client.connect((error) => …): the callback goes on with it.
    if (call.arguments.some((argument) => isFunction(skipWrappers(argument)))) return [];
    const object = callee.type === 'MemberExpression' ? skipWrappers(callee.object) : undefined;
    const variable = object?.type === 'Identifier' ? this.#file.getVariable(object) : undefined;
    const root = getEnclosingRoot(call);
    const [definition] = variable?.defs ?? [];
    if (!variable || definition?.type !== 'Variable' || getEnclosingRoot(definition.node) !== root) return [];
    return [{ site: call, root, seed: { kind: 'original', site: call, variable }, isGuess: certainty === 'potential' }];
  }

  /** `await this.#semaphore.acquire()`: released through the same text. */
  #findSharedReceiver(): Candidate[] {
    const call = this.#call;
    const callee = skipWrappers(call.callee);
    // What comes of it is kept: then it is released through that.
    const isDropped = (node: Node): boolean => node.parent?.type === 'ExpressionStatement' || (node.parent?.type === 'AwaitExpression' && isDropped(node.parent));
    if (callee.type !== 'MemberExpression' || !isDropped(outermostWrapper(call))) return [];
    const object = skipWrappers(callee.object);
    const root = getEnclosingRoot(call);
    const variable = object.type === 'Identifier' ? this.#file.getVariable(object) : object.type === 'MemberExpression' ? createTextVariable(this.#file.getText(object), root) : undefined;
    return variable ? [{ site: call, root, seed: { kind: 'original', site: call, variable }, isGuess: false, isBackedUp: true }] : [];
  }

  /** Whether a function of the catalogue releases, after the call and in the same function, what has the same text. */
  #isReleasedIn(root: CodeRoot, named: Node): boolean {
    const text = this.#file.getText(named);
    let isFound = false;
    walk(root, (node) => {
      if (isFound || (isFunction(node) && node !== root)) return false;
      if (node.type !== 'CallExpression' || node.range[0] < this.#call.range[1]) return true;
      isFound = (this.#kind.releasers ?? []).some((releaser) => {
        const released = node.arguments[releaser.argument];
        return released && this.#file.getText(released) === text && matchesCallee(releaser.calls, node, this.#file);
      });
      return true;
    });
    return isFound;
  }

  /** `x.clone()`: makes a second resource, and makes the first one owed again, since both branches of a tee buffer. */
  #findOriginal(): Candidate[] {
    const call = this.#call;
    const callee = skipWrappers(call.callee);
    if (call.type !== 'CallExpression' || callee.type !== 'MemberExpression') return [];
    const name = getPropertyName(callee);
    const isDeriving = this.#kind.acquisitions.some((acquisition) => name !== undefined && acquisition.derivedBy?.includes(name));
    if (!isDeriving || call.arguments.length > 0) return [];
    const object = skipWrappers(callee.object);
    const variable = object.type === 'Identifier' ? this.#file.getVariable(object) : undefined;
    const root = getEnclosingRoot(call);
    const [definition] = variable?.defs ?? [];
    if (!variable || definition?.type !== 'Variable' || definition.node.type !== 'VariableDeclarator') return [];
    const { init } = definition.node;
    const isAwaited = init && skipWrappers(init).type === 'AwaitExpression';
    const copy = outermostWrapper(call).parent;
    const copied = copy?.type === 'VariableDeclarator' && copy.id.type === 'Identifier' ? this.#file.getVariable(copy.id) : undefined;
    const made = isAwaited ? skipWrappers((skipWrappers(init) as TSESTree.AwaitExpression).argument) : undefined;
    const isKnown = made?.type === 'CallExpression' && findAcquisitions(made, this.#kind, this.#file).length > 0;
    if (!isAwaited || !(isKnown || isUsedAs(variable, this.#kind) || (copied && isUsedAs(copied, this.#kind)))) return [];
    return [
      this.#candidate(RESOURCE, false),
      ...(getEnclosingRoot(definition.node) === root ? [{ site: call, root, seed: { kind: 'original', site: call, variable } as const, isGuess: false }] : []),
    ];
  }
}

/** What handles the rejection of a call: the `catch` clause around it, or the function that `catch` is given. */
function findHandler(call: Node): Node | undefined {
  for (let inner = call; inner.parent && !isFunction(inner); inner = inner.parent) {
    const { parent } = inner;
    if (parent.type === 'TryStatement' && parent.block === inner && parent.handler) return parent.handler;
    const name = parent.type === 'MemberExpression' && parent.object === inner ? getPropertyName(parent) : undefined;
    const outer = parent.parent;
    if (name === undefined || outer?.type !== 'CallExpression') continue;
    const handler = name === 'catch' ? outer.arguments[0] : name === 'then' ? outer.arguments[1] : undefined;
    if (handler) return handler;
  }
  return undefined;
}
