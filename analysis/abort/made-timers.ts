import { type FunctionPlace, findExportedFunction } from '../modules/find-exported.js';
import type { SourceFile } from '../source-file.js';
import { type TSESTree, getCalleeName, isNullish, isWithin, skipWrappers } from '../syntax/node.js';
import { findTimerPromise } from '../timers/promise-executor.js';
import { getTimerHolder } from '../timers/timer-calls.js';
import { findFunction } from './functions.js';
import { getSignalSources } from './signal-sources.js';

/** A call of a function that returns a promise which a timer settles, and whose timer nobody else can reach: `sleep(ms)`. */
export interface MadeTimer {
  /** The parameter for a signal that ends the timer; the call gives none. */
  readonly signalIndex?: number | undefined;
}

/** Functions of other files are only looked up where their names say that they wait. */
const WAITING = /^(?:sleep|delay|wait|pause|timeout|later)|(?:Sleep|Delay|Wait|Timeout)(?:For|Ms)?$/;

export function findMadeTimer(file: SourceFile, call: TSESTree.CallExpression): MadeTimer | undefined {
  const maker = findMaker(file, call);
  const { body } = maker?.fn ?? {};
  if (!maker || !body) return undefined;
  let returned: TSESTree.Node | null | undefined = body;
  if (body.type === 'BlockStatement') {
    const [only, ...others] = body.body;
    returned = others.length === 0 && only?.type === 'ReturnStatement' ? only.argument : undefined;
  }
  let value = returned ? skipWrappers(returned) : undefined;
  if (value?.type === 'AwaitExpression') value = skipWrappers(value.argument);
  if (!value) return undefined;
  const index = findSignalIndex(maker);
  const given = index === undefined ? undefined : call.arguments[index];
  if (given && !isNullish(given)) return undefined;
  const promise = findTimerPromise(maker.file, value, index !== undefined);
  if (!promise) return undefined;
  const holder = getTimerHolder(maker.file, promise.timer);
  if (holder.kind === 'discarded') return { signalIndex: index };
  // Whoever has no signal cannot reach it either.
  const isOwn = holder.kind === 'variable' && index !== undefined && holder.variable.references.every(({ identifier }) => isWithin(identifier, promise.executor));
  return isOwn && holder.variable.scope.variableScope.block === promise.executor ? { signalIndex: index } : undefined;
}

function findMaker(file: SourceFile, call: TSESTree.CallExpression): FunctionPlace | undefined {
  const fn = findFunction(file, call.callee);
  if (fn) return { fn, file };
  const imported = WAITING.test(getCalleeName(call.callee) ?? '') ? file.getImport(skipWrappers(call.callee)) : undefined;
  if (!imported || !file.modules || file.filename === undefined) return undefined;
  const module = file.modules.find(imported.specifier, file.filename);
  return module && findExportedFunction(module, imported.members, (specifier, from) => (from.filename === undefined ? undefined : file.modules?.find(specifier, from.filename)));
}

function findSignalIndex({ fn, file }: FunctionPlace): number | undefined {
  const [source] = getSignalSources(file, fn);
  if (source?.kind !== 'parameter') return undefined;
  const index = fn.params.findIndex((parameter) => (parameter.type === 'AssignmentPattern' ? parameter.left : parameter) === source.node);
  return index < 0 ? undefined : index;
}
