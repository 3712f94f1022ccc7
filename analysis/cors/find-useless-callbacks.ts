import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, findEnclosingFunction, getStringValue, isFunction, isNullish, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { type Condition, getConditions } from './conditions.js';
import { getCorsOptions } from './cors-options.js';
import { getDefaultValue } from './default-values.js';
import { getReturnedValues } from './functions.js';
import { getOriginChecks } from './origin-checks.js';
import { contains } from './reflections.js';
import { getRequestOrigins } from './request-origin.js';
import type { UnsafeOrigin } from './unsafe-origin.js';

interface Answer {
  readonly node: Node;
  readonly allows: boolean | undefined;
  readonly conditions: readonly Condition[];
}

/** Origin callbacks that let everybody in, whatever they look at on the way. */
export function findUselessCallbacks(file: SourceFile): UnsafeOrigin[] {
  const origins = getRequestOrigins(file);
  const checks = getOriginChecks(file);
  const findings: UnsafeOrigin[] = [];
  walk(
    file.ast,
    (node) => {
      if (!isFunction(node) || !origins.isOriginCallback(node)) return;
      const answers = getAnswers(file, node).filter(({ conditions }) => !conditions.some((condition) => isImpossible(file, condition)));
      const real = answers.filter((answer) => answer.allows !== false || !isForMissingOrigin(file, answer));
      if (real.length === 0 || real.some(({ allows }) => allows !== true)) return;
      const compares = contains(file, node.body, (inner) => (inner.type === 'IfStatement' || inner.type === 'ConditionalExpression') && checks.namesOrigin(inner.test));
      const options = getCorsOptions(file).find(({ origin }) => origin && isOrNames(file, origin.value, node));
      if (!options && !compares) return;
      const inSetting = options ? getConditions(options.node).map((condition) => checks.classify(condition)) : [];
      if (inSetting.includes('check')) return;
      const isCertain = (compares || options?.credentials !== undefined) && !inSetting.includes('setting');
      const first = real.find((answer) => compares && answer.conditions.some(({ test }) => checks.namesOrigin(test))) ?? real.at(-1)!;
      const place = real.at(-1)!;
      findings.push({
        kind: compares ? 'uselessCheck' : 'anyAllowed',
        node: compares ? place.node : place.node,
        certainty: isCertain ? 'certain' : 'potential',
        path: [
          { kind: 'note', node: place.node, text: 'every origin is let in here' },
          ...(first === place ? [] : [{ kind: 'note' as const, node: first.node, text: 'just as here' }]),
          ...(options?.credentials ? [{ kind: 'note' as const, node: options.credentials, text: 'credentials are allowed' }] : []),
        ],
        data: compares ? { check: 'the comparison' } : { option: 'an `origin` function that always says yes' },
      });
      return;
    },
    file.visitorKeys,
  );
  return findings;
}

/** Everything that a callback can answer, by `callback(null, …)` or by what it returns. */
function getAnswers(file: SourceFile, fn: FunctionNode): Answer[] {
  const origins = getRequestOrigins(file);
  const callback = origins.findAnswerParameter(fn);
  if (!callback) {
    const returned = getReturnedValues(file, fn);
    return returned.flatMap((value) => split(file, value, getConditions(value, fn)));
  }
  return callback.references.flatMap(({ identifier }): Answer[] => {
    const { parent } = outermostWrapper(identifier);
    // Handed on: somebody else answers.
    if (parent?.type !== 'CallExpression' || skipWrappers(parent.callee) !== identifier) return [{ node: identifier, allows: undefined, conditions: [] }];
    const conditions = getConditions(parent, fn);
    const [error, answer] = parent.arguments;
    const isError = error !== undefined && !isNullish(error);
    if (isError) {
      const mayBeNone = error.type === 'ConditionalExpression' || error.type === 'Identifier' || error.type === 'LogicalExpression';
      return [{ node: parent, allows: mayBeNone && !/^e(?:rr(?:or)?)?$/i.test(file.getText(error)) ? undefined : false, conditions }];
    }
    if (!answer || answer.type === 'SpreadElement') return [{ node: parent, allows: answer ? undefined : false, conditions }];
    return split(file, answer, conditions).map((one) => ({ ...one, node: one.allows === true && one.node === answer ? parent : one.node }));
  });
}

function split(file: SourceFile, value: Node, conditions: readonly Condition[]): Answer[] {
  const node = skipWrappers(value);
  if (node.type === 'ConditionalExpression') {
    return [...split(file, node.consequent, [{ test: node.test, truth: true }, ...conditions]), ...split(file, node.alternate, [{ test: node.test, truth: false }, ...conditions])];
  }
  if (node.type === 'LogicalExpression' && node.operator === '||' && isAllowing(file, node.right)) return [{ node: value, allows: true, conditions }];
  return [{ node: value, allows: isAllowing(file, node), conditions }];
}

function isAllowing(file: SourceFile, value: Node): boolean | undefined {
  const node = skipWrappers(value);
  if (node.type === 'Literal') return typeof node.value === 'string' ? (node.value === '*' ? true : node.value === '' ? false : undefined) : !!node.value && !('regex' in node);
  if (node.type === 'UnaryExpression' && node.operator === '!' && node.argument.type === 'Literal') return !node.argument.value;
  if (isNullish(node)) return false;
  if (node.type === 'LogicalExpression' && node.operator !== '&&') return isAllowing(file, node.left) === true && getStringValue(node.right) !== undefined ? true : undefined;
  const origins = getRequestOrigins(file);
  return origins.getPart(node) === 'origin' && node.type !== 'CallExpression' ? isUnchanged(file, node) : isOriginHeader(file, node);
}

function isOriginHeader(file: SourceFile, node: Node): boolean | undefined {
  return node.type === 'CallExpression' && getRequestOrigins(file).getPart(node) === 'origin' ? true : undefined;
}

/** A parameter of another kind, such as Koa's context, is an object and says nothing about an origin. */
function isUnchanged(file: SourceFile, node: Node): boolean | undefined {
  return node.type === 'Identifier' && /^(?:c|ctx|context|req|request|event)$/.test(node.name) ? undefined : true;
}

/** if (true), if (1 || …) */
function isImpossible(file: SourceFile, { test, truth }: Condition): boolean {
  const node = skipWrappers(test);
  if (truth === undefined || node.type === 'Identifier') return false;
  const value = node.type === 'Literal' || node.type === 'UnaryExpression' ? getDefaultValue(file, node) : undefined;
  return value !== undefined && !!value.value !== truth;
}

/** Whether an answer is only given where there is no origin: `if (!origin) return callback(new Error('…'))`. */
function isForMissingOrigin(file: SourceFile, { node, conditions }: Answer): boolean {
  const checks = getOriginChecks(file);
  const own = conditions.filter(({ test }) => findEnclosingFunction(test) === findEnclosingFunction(node));
  return own.some(({ test, truth }) => saysMissing(file, test, truth)) && own.every((condition) => checks.classify(condition) === 'presence');
}

function saysMissing(file: SourceFile, test: Node, truth: boolean | undefined): boolean {
  const node = skipWrappers(test);
  if (node.type === 'UnaryExpression' && node.operator === '!') return saysMissing(file, node.argument, truth === undefined ? undefined : !truth);
  if (node.type === 'BinaryExpression') return truth === node.operator.startsWith('==');
  return truth === false && getRequestOrigins(file).getPart(node) === 'origin';
}

function isOrNames(file: SourceFile, value: Node, fn: FunctionNode): boolean {
  const node = skipWrappers(value);
  if (node === fn) return true;
  if (node.type !== 'Identifier') return false;
  const variable = file.getVariable(node);
  return variable?.defs.some((definition) => definition.node === fn || (definition.node.type === 'VariableDeclarator' && definition.node.init !== null && skipWrappers(definition.node.init) === fn)) ?? false;
}
