import type { Certainty } from '../finding.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import type { Window } from './explore-place.js';
import { type FunctionFacts, getFacts } from './function-facts.js';
import { type Repeat, judgeMaking, judgeRepeat } from './judge-repeat.js';
import { judgeValue } from './judge-value.js';
import { getChainCallbacks } from './late-writes.js';
import { getLastName, holdsResource, holdsToken, isOwned, wipesNewer } from './other-uses.js';
import type { Place } from './place.js';
import { type Question, getQuestion } from './question.js';
import { getWords } from './words.js';

export interface Judgement {
  readonly certainty: Certainty | 'harmless';
  /** Which reason decided; for tests and for tuning. */
  readonly reason: string;
}

/**
 * A window is *certain* when two calls in it do harm that the file shows: work with an effect is done twice, a resource or
 * an object that others change is replaced, an update is lost. That an answer is merely worked out twice is *potential*.
 */
export function judgeWindow(window: Window, place: Place, facts: FunctionFacts): Judgement {
  const judgement = judge(window, place, facts);
  // Whether others have the argument of a function only its callers know.
  if (place.reach === 'parameter' && judgement.certainty === 'certain' && !isSharedByNature(judgement.reason, place) && !isOutside(window, facts)) {
    return { certainty: 'potential', reason: `parameter: ${judgement.reason}` };
  }
  return judgement;
}

function judge(window: Window, place: Place, facts: FunctionFacts): Judgement {
  const { kind, write } = window;
  if (kind === 'update') return certain('update');
  if (kind === 'reset' || write.effect === 'empty') return wipesNewer(write, place, facts) ? certain('wipes newer') : potential('reset');
  if (write.effect === 'grow') return certain('grow');
  const question = getQuestion(window, place, facts);
  if (isChange(window, place, facts)) return isQuota(window, place) ? certain('quota') : potential('counter');
  if (isMark(write.value, facts.file)) return judgeMark(window, place, question, facts);
  if (question === 'present') return potential('replaces');
  return judgeStored(window, place, facts);
}

function certain(reason: string): Judgement {
  return { certainty: 'certain', reason };
}

function potential(reason: string): Judgement {
  return { certainty: 'potential', reason };
}

/** `true`, `'running'`: a mark says that work was done or is under way. */
function judgeMark(window: Window, place: Place, question: Question, facts: FunctionFacts): Judgement {
  // The work failed, and that is noted: nothing was done that the mark stands for.
  if (isInCatch(window.write.node, window.awaited)) return potential('failure');
  if (isTransition(window)) return certain('transition');
  if (question === 'present') return potential('present');
  if (isReturned(place, facts)) return potential('answer');
  const work = judgeWork(window, facts);
  if (work !== 'none') return certain(`mark ${work}`);
  return fillsOwned(window, facts) ? certain('mark owned') : potential('mark none');
}

/** this.items = await load(); this.loaded = true: what is loaded twice is what others have changed in between. */
function fillsOwned({ awaited, write }: Window, facts: FunctionFacts): boolean {
  return facts.accesses.writes.some(
    (other) => other !== write && other.effect === 'set' && other.value !== undefined && other.node.range[1] > awaited.range[0] && isOwned(other.place, facts),
  );
}

function judgeStored(window: Window, place: Place, facts: FunctionFacts): Judgement {
  const { write, late } = window;
  const owner = late ? findFacts(write.node, facts) : facts;
  const origin = judgeValue(write.value, owner);
  if (origin === 'shared') return { certainty: 'harmless', reason: 'the same promise for everybody' };
  if (origin === 'effect') return certain('value effect');
  if (late && !isResultOf(late, owner)) return potential('chain');
  if (late && judgeMaking(late.call as TSESTree.CallExpression, facts.file) === 'effect') return certain('callee effect');
  if (isPromise(write.value, place, facts)) return certain('promise');
  if (isOwned(place, facts)) return certain(`owned ${origin}`);
  if (!late && holdsToken(place) && judgeWork(window, facts) === 'effect') return certain('token');
  if (origin === 'none') return potential('value none');
  return holdsResource(place) ? certain('resource') : potential(`value ${origin}`);
}

function findFacts(node: Node, fallback: FunctionFacts): FunctionFacts {
  for (let outer: Node | undefined = node; outer; outer = outer.parent) if (isFunction(outer)) return getFacts(outer, fallback.file);
  return fallback;
}

/** if (this.state === 'idle') { await …; this.state = 'running'; } */
function isTransition({ test, write }: Window): boolean {
  const isNamed = (value: Node | undefined) => {
    const inner = value && skipWrappers(value);
    if (inner?.type === 'Literal') return typeof inner.value === 'string' && inner.value !== '';
    return inner?.type === 'MemberExpression' && isConstantName(getPropertyName(inner));
  };
  if (!isNamed(write.value)) return false;
  if (test?.discriminant) return true;
  const node = test && skipWrappers(test.node);
  return node?.type === 'BinaryExpression' && /^[!=]==?$/.test(node.operator) && (isNamed(node.left) || isNamed(node.right));
}

/** this.balance -= amount, this.balance = this.balance - amount */
function isChange({ write: { operator, value } }: Window, place: Place, { accesses }: FunctionFacts): boolean {
  if (operator !== '=') return !/^(?:&&|\|\||\?\?)=$/.test(operator);
  const node = value && skipWrappers(value);
  if (node?.type !== 'BinaryExpression' || !/^[-+*/]$/.test(node.operator)) return false;
  return accesses.reads.some((read) => read.place.key === place.key && (read.node === node.left || read.node === node.right));
}

/** Words for what is counted while something is tried or walked through, by one call alone. */
const PROGRESS = new Set([
  'attempt', 'attempts', 'retry', 'retries', 'retried', 'try', 'tries', 'depth', 'index', 'page', 'offset', 'cursor', 'backoff', 'failure', 'failures', 'error', 'errors', 'position', 'pos', 'level', 'step', 'iteration', 'iterations', 'turn', 'turns',
]);

/** if (this.balance < amount) throw …; await …; this.balance -= amount */
function isQuota({ test }: Window, place: Place): boolean {
  const node = test && skipWrappers(test.node);
  if (node?.type !== 'BinaryExpression' || !/^[<>]=?$/.test(node.operator) || /^(?:For|While|DoWhile)/.test(node.parent.type)) return false;
  return !getWords(getLastName(place)).some((word) => PROGRESS.has(word));
}

const PER_CALL = /^(?:req|request|res|response|ctx|context|c|options|opts|config|args|argv|params|event|e|acc|result|out|output|input|info|data|node|builder|draft|props|setup|payload|target|path)$/i;

/** A balance that is checked, a job that goes from one state to the next: nobody would check it if he alone had it. */
function isSharedByNature(reason: string, place: Place): boolean {
  if (reason !== 'quota' && reason !== 'transition') return false;
  return place.variable !== undefined && !PER_CALL.test(place.variable.name);
}

/** const hits = await redis.get(page): what is outside the process is there for everybody. */
function isOutside({ read }: Window, { accesses }: FunctionFacts): boolean {
  return accesses.reads.some((candidate) => candidate.node === read && candidate.isExternal);
}

/** A value that only says how things stand: `true`, `'running'`, `State.Running`, the time of day, `set.add(id)`. */
function isMark(value: Node | undefined, file: SourceFile): boolean {
  if (!value) return true;
  const node = skipWrappers(value);
  if (node.type === 'Literal') return true;
  if (node.type === 'MemberExpression') return isConstantName(getPropertyName(node));
  return node.type === 'CallExpression' && file.getOrigin(node.callee) === 'global:Date.now';
}

function isConstantName(name: string | undefined): boolean {
  return name !== undefined && /^[A-Z]/.test(name);
}

function isInCatch(write: Node, awaited: Node): boolean {
  for (let outer: Node | undefined = write; outer && !isFunction(outer); outer = outer.parent) {
    if (outer.type !== 'CatchClause') continue;
    const { block } = outer.parent;
    if (awaited.range[0] >= block.range[0] && awaited.range[1] <= block.range[1]) return true;
  }
  return false;
}

/** Everything that is awaited between the check and the mark. */
function judgeWork(window: Window, facts: FunctionFacts): Repeat {
  const awaits = [...window.awaits];
  if (window.late) awaits.push(...findFacts(window.late.write.node, facts).accesses.awaits);
  const found = awaits.map((awaited) => judgeRepeat(awaited, facts.file));
  return found.includes('effect') ? 'effect' : found.includes('unknown') ? 'unknown' : 'none';
}

/** connect().then((client) => (this.client = client)): what is stored is what the chain brings. In a callee nothing else is known. */
function isResultOf({ call, write }: NonNullable<Window['late']>, { fn, file }: FunctionFacts): boolean {
  if (getChainCallbacks(call).length === 0) return true;
  const value = write.value && skipWrappers(write.value);
  const variable = value?.type === 'Identifier' ? file.getVariable(value) : undefined;
  return variable?.defs.some((definition) => definition.type === 'Parameter' && definition.node === fn) ?? false;
}

/** A promise is stored for others to find, but only after an `await`: by then they have begun their own. */
function isPromise(value: Node | undefined, place: Place, { file }: FunctionFacts): boolean {
  const node = value && skipWrappers(value);
  if (!node || node.type === 'AwaitExpression') return false;
  const saysSo = (name: string) => /promise|inflight|pending(?!$)/i.test(name);
  if (node.type !== 'Identifier') return node.type === 'NewExpression' ? file.getOrigin(node.callee) === 'global:Promise' : node.type === 'CallExpression' && saysSo(getLastName(place));
  return saysSo(node.name);
}

/** Whether the function hands out what the place holds: then a mark in it is an answer, not the sign that work was done. */
function isReturned(place: Place, facts: FunctionFacts): boolean {
  const isPlace = (node: Node) => facts.accesses.reads.some((read) => read.place.key === place.key && read.node === node);
  return facts.graph.points.some((point) => {
    if (point.kind !== 'return') return false;
    const value = point.node.type === 'ReturnStatement' ? point.node.argument : point.node;
    const node = value && skipWrappers(value);
    if (!node) return false;
    if (isPlace(node)) return true;
    const variable = node.type === 'Identifier' ? facts.file.getVariable(node) : undefined;
    const init = variable && facts.file.getOnlyValue(variable);
    return init ? isPlace(skipWrappers(init)) : false;
  });
}
