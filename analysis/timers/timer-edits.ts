import { addFinally } from '../abort/edits/finally-edit.js';
import { findFreshName, guardRest } from '../abort/edits/guard-rest.js';
import { guardWork } from '../abort/edits/guard-work.js';
import { getSettleEdits } from '../abort/edits/settle-edits.js';
import { someBelow } from '../abort/functions.js';
import { isBrowserCode } from '../ownership/browser-code.js';
import { findStatement, placeAtEnd } from '../repairs/place-statement.js';
import type { TextEdit } from '../repairs/text-edit.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, findEnclosingFunction, getEnclosingRoot, getPropertyName, isFunction } from '../syntax/node.js';
import { isInTimerCallback } from './promise-executor.js';
import { isReleaseOf } from './release-loss.js';
import { isExecutor } from './timer-calls.js';
import { getTimerUses } from './timer-uses.js';
import type { UnclearedTimer } from './uncleared-timers.js';

/** The edits that clear a timer on the ways out that leave it armed; undefined where there is no simple way. */
export function getTimerEdits(file: SourceFile, finding: UnclearedTimer): TextEdit[] | undefined {
  const { loss, node, holder, exit, timer } = finding;
  const release = (name: string) => `${timer === 'interval' ? 'clearInterval' : 'clearTimeout'}(${name});`;
  switch (loss) {
    case 'path':
      // let timer; … timer = setTimeout(…): the declaration may be far above.
      return holder.kind === 'variable' && holder.bind.type === 'VariableDeclarator' ? guardRest(file, holder.bind, release(holder.variable.name)) : undefined;
    case 'rejection': {
      const handler = exit && findEnclosingFunction(exit.node);
      return handler && holder.kind === 'variable' ? addFinally(handler.parent, release(holder.variable.name)) : undefined;
    }
    case 'settled':
      return holder.kind === 'variable' ? settle(file, finding, holder.variable.name) : undefined;
    case 'deadline':
      return nameAndClear(file, finding, release);
    case 'unclearable':
      return returnCleanup(file, finding, release) ?? (isBrowserCode(file) ? undefined : [{ start: node.range[1], end: node.range[1], text: '.unref()' }]);
    default:
      return undefined;
  }
}

/** useEffect(() => { const id = setInterval(…); })  →  the effect returns what clears it. */
function returnCleanup(file: SourceFile, { node, holder }: UnclearedTimer, release: (name: string) => string): TextEdit[] | undefined {
  const effect = getEnclosingRoot(node);
  if (!isEffect(effect) || effect.body.type !== 'BlockStatement' || someBelow(effect.body, (inner) => inner.type === 'ReturnStatement', file)) return undefined;
  const name = holder.kind === 'variable' ? holder.variable.name : findFreshName(file, ['interval', 'timer', 'intervalId'], node);
  const statement = findStatement(node);
  if (name === undefined || statement?.parent !== effect.body) return undefined;
  const naming: TextEdit[] = holder.kind === 'variable' ? [] : [{ start: node.range[0], end: node.range[0], text: `const ${name} = ` }];
  return [...naming, ...placeAtEnd(effect.body, `return () => ${release(name)}`, file)];
}

/** Whether a repair of an interval ends it with the effect that starts it. */
export function isEffect(root: Node): root is FunctionNode {
  if (!isFunction(root) || root.async || root.parent.type !== 'CallExpression' || root.parent.arguments[0] !== root) return false;
  const { callee } = root.parent;
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  return name === 'useEffect' || name === 'useLayoutEffect';
}

function settle(file: SourceFile, { node, holder, timer }: UnclearedTimer, name: string): TextEdit[] | undefined {
  const executor = getEnclosingRoot(node);
  if (!isFunction(executor) || !isExecutor(file, executor)) return undefined;
  const uses = holder.kind === 'variable' ? getTimerUses(file, holder.variable) : undefined;
  const isOwn = (place: Node) => timer === 'timeout' && isInTimerCallback(file, node, place);
  const release = `${timer === 'interval' ? 'clearInterval' : 'clearTimeout'}(${name});`;
  return getSettleEdits(file, executor, release, node, isOwn, (call) => uses !== undefined && isReleaseOf(file, call, uses));
}

/** setTimeout(…)  →  const timer = setTimeout(…), and what clears it when the work has ended. */
function nameAndClear(file: SourceFile, finding: UnclearedTimer, release: (name: string) => string): TextEdit[] | undefined {
  const { node, holder, deadline } = finding;
  const isNamed = holder.kind === 'variable' && holder.bind.type === 'VariableDeclarator';
  if (!isNamed && (holder.kind !== 'discarded' || node.parent.type !== 'ExpressionStatement')) return undefined;
  const name = isNamed ? holder.variable.name : findFreshName(file, ['timer', 'timeout', 'deadline', 'timeoutId'], node);
  if (name === undefined) return undefined;
  const naming: TextEdit[] = isNamed ? [] : [{ start: node.range[0], end: node.range[0], text: `const ${name} = ` }];
  const clearing = deadline?.effect === 'settle' ? settle(file, finding, name) : guardWork(file, node, release(name));
  return clearing && [...naming, ...clearing].sort((a, b) => a.start - b.start || a.end - b.end);
}
