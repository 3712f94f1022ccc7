import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, findEnclosingFunction, getCalleeName, getStringValue, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { shorten } from '../syntax/shorten.js';
import { walk } from '../syntax/walk.js';
import { alwaysExits } from './conditions.js';
import { getDecisions } from './decisions.js';
import { findFunction } from './functions.js';
import { getHeaderWrites } from './header-writes.js';
import { isText } from './is-text.js';
import { getOriginChecks } from './origin-checks.js';
import { getEntries } from './possible-values.js';
import { contains } from './reflections.js';
import { isLog, isRefusal } from './refusals.js';
import { getRequestOrigins } from './request-origin.js';
import type { UnsafeOrigin, UnsafeOriginKind, UnsafeOriginParts } from './unsafe-origin.js';

/** Comparisons of the origin that do not say what they seem to: always true, of a text, of `null`, or without a way out. */
export function findVoidChecks(file: SourceFile): UnsafeOrigin[] {
  const findings: UnsafeOrigin[] = [];
  walk(
    file.ast,
    (node) => {
      const finding = findIn(file, node);
      if (finding) findings.push(finding);
    },
    file.visitorKeys,
  );
  return findings;
}

function findIn(file: SourceFile, node: Node): UnsafeOrigin | undefined {
  switch (node.type) {
    case 'CallExpression':
      return findListCheck(file, node);
    case 'BinaryExpression':
      return findNullCheck(file, node);
    case 'LogicalExpression':
      return findLiteralOperand(file, node);
    case 'IfStatement':
      return findOpenRefusal(file, node);
    default:
      return undefined;
  }
}

/** allowed.indexOf(origin), allowed.includes(origin) */
function findListCheck(file: SourceFile, call: TSESTree.CallExpression): UnsafeOrigin | undefined {
  const callee = skipWrappers(call.callee);
  const [origin] = call.arguments;
  const name = getCalleeName(callee) ?? '';
  const { parent } = outermostWrapper(call);
  if (isAsyncCheck(file, call)) {
    return make(file, 'alwaysTrue', call, { check: shorten(file.getText(call)), reason: 'it is a promise, and a promise is always true' }, {}, call);
  }
  if (callee.type !== 'MemberExpression' || !origin || origin.type === 'SpreadElement') return undefined;
  // allowed.filter((entry) => entry === origin) is an array
  if (/^(?:filter|map)$/.test(name) && isTested(call) && getOriginChecks(file).namesOrigin(origin)) {
    return make(file, 'alwaysTrue', call, { check: shorten(file.getText(call)), reason: 'it is an array, and even an empty one is true' }, {}, call);
  }
  if (!/^(?:includes|indexOf|lastIndexOf|has)$/.test(name) || getRequestOrigins(file).getPart(origin) !== 'origin' || getRequestOrigins(file).getPart(callee.object)) return undefined;
  const parts: UnsafeOriginParts = { check: call, origin, allowed: callee.object, method: name };
  if (/ndexOf$/.test(name) && isTested(call)) {
    return make(file, 'alwaysTrue', call, { check: shorten(file.getText(call)), reason: 'it is `-1` for an origin that is not in the list, and `-1` is true' }, parts, call);
  }
  if (!/ndexOf$/.test(name) && parent?.type === 'BinaryExpression' && isBelowZero(parent)) {
    return make(file, 'alwaysTrue', parent, { check: shorten(file.getText(parent)), reason: 'it compares `true` or `false` with a number' }, { ...parts, check: parent }, parent);
  }
  const list = callee.object;
  const test = /ndexOf$/.test(name) && parent?.type === 'BinaryExpression' ? parent : call;
  if (getEntries(file, list).values.some((entry) => getRequestOrigins(file).getPart(entry) === 'origin' && getRequestOrigins(file).isShown(entry))) {
    return make(file, 'alwaysTrue', test, { check: shorten(file.getText(test)), reason: 'the list holds the origin of the request itself' }, {}, test);
  }
  const nothing = getEntries(file, list).values.find((entry) => getStringValue(entry) === 'null');
  if (nothing) return make(file, 'nullAllowed', nothing, {}, {}, test);
  if (name !== 'has' && isText(file, list)) return make(file, 'stringList', test, { list: shorten(file.getText(list)), check: shorten(file.getText(test)) }, { ...parts, check: test }, test);
  return undefined;
}

/** origin === 'null', where that lets in */
function findNullCheck(file: SourceFile, node: TSESTree.BinaryExpression): UnsafeOrigin | undefined {
  if (!/^===?$/.test(node.operator) || node.left.type === 'PrivateIdentifier') return undefined;
  const [origin, text] = getStringValue(node.right) === 'null' ? [node.left, node.right] : [node.right, node.left];
  if (getStringValue(text) !== 'null' || getRequestOrigins(file).getPart(origin) !== 'origin') return undefined;
  return letsInWhenTrue(file, node) ? make(file, 'nullAllowed', node, {}, {}, undefined) : undefined;
}

/** Whether a value that is true lets an origin in: as a test, by way of variables, as the result of a predicate. */
function letsInWhenTrue(file: SourceFile, expression: Node, depth = 0): boolean {
  const node = outermostWrapper(expression);
  const { parent } = node;
  const decisions = getDecisions(file);
  if (depth > 16) return false;
  switch (parent?.type) {
    case 'LogicalExpression':
      return (parent.operator === '&&' && parent.left === node && isGrantOfOrigin(file, parent.right)) || letsInWhenTrue(file, parent, depth + 1);
    case 'VariableDeclarator': {
      const variable = parent.id.type === 'Identifier' ? file.getVariable(parent.id) : undefined;
      return variable?.references.some((reference) => reference.isRead() && letsInWhenTrue(file, reference.identifier, depth + 1)) ?? false;
    }
    case 'IfStatement':
      return parent.test === node && isGrantOfOrigin(file, parent.consequent);
    case 'ConditionalExpression':
      return parent.test === node && isGrantOfOrigin(file, parent.consequent);
    case 'ReturnStatement':
      return decisions.decides(node) && !isRefusalName(parent);
    case 'ArrowFunctionExpression':
      return parent.body === node && decisions.decides(node) && !isRefusalName(parent);
    case 'CallExpression':
      return parent.arguments[1] === node && decisions.decides(node);
    default:
      return false;
  }
}

/** Whether a branch lets the origin in as itself: `*` is for everybody, and comes without credentials. */
function isGrantOfOrigin(file: SourceFile, branch: Node): boolean {
  if (contains(file, branch, (inner) => isRefusal(file, inner) || inner.type === 'ThrowStatement')) return false;
  const isOpen = contains(file, branch, (inner) => getStringValue(inner) === '*');
  return !isOpen && getDecisions(file).grants(branch);
}

/** function isBlockedOrigin(origin) { return origin === 'null' } */
function isRefusalName(node: Node): boolean {
  const fn = node.type === 'ReturnStatement' ? findEnclosingFunction(node) : isFunction(node) ? node : undefined;
  const parent = fn?.parent;
  const name = fn?.id?.name ?? (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id.name : '');
  return /block|deny|denied|forbid|reject|invalid|disallow|unsafe|null|missing|opaque/i.test(name);
}

/** origin === 'https://a.example' || 'https://b.example', allowed.includes(origin) || origin */
function findLiteralOperand(file: SourceFile, node: TSESTree.LogicalExpression): UnsafeOrigin | undefined {
  if (node.operator !== '||' || !isTested(node)) return undefined;
  const operands = [node.left, node.right].map((operand) => skipWrappers(operand));
  const bare = operands.find((operand) => operand.type === 'Identifier' && getRequestOrigins(file).getPart(operand) === 'origin');
  if (bare && operands.some((operand) => operand !== bare && getOriginChecks(file).namesOrigin(operand))) {
    return make(file, 'alwaysTrue', node, { check: shorten(file.getText(node)), reason: `\`${shorten(file.getText(bare))}\` is true by itself` }, {}, node);
  }
  if (!getStringValue(node.right) || node.left.type === 'Identifier' || !getOriginChecks(file).namesOrigin(node.left)) return undefined;
  return make(file, 'alwaysTrue', node, { check: shorten(file.getText(node)), reason: `\`${shorten(file.getText(node.right))}\` is true by itself` }, {}, node);
}

/** if (!allowed.includes(origin)) { res.status(403).end(); } next(); */
function findOpenRefusal(file: SourceFile, statement: TSESTree.IfStatement): UnsafeOrigin | undefined {
  const { consequent, alternate, test } = statement;
  if (alternate || alwaysExits(consequent)) return undefined;
  const body = consequent.type === 'BlockStatement' ? consequent.body : [consequent];
  const refusal = body.find((inner) => inner.type === 'ExpressionStatement' && isRefusal(file, inner.expression));
  if (!refusal || !body.every((inner) => inner.type === 'ExpressionStatement' && (isRefusal(file, inner.expression) || isLog(skipWrappers(inner.expression)) || isAnswering(inner.expression)))) return undefined;
  // Only a status is set: what follows may look at it.
  if (!body.some((inner) => inner.type === 'ExpressionStatement' && (isAnswering(inner.expression) || isCallback(inner.expression)))) return undefined;
  if (!getOriginChecks(file).namesOrigin(test) || !isNegative(test)) return undefined;
  const rest = getRest(statement);
  const goesOn = rest.find((inner) => isGoingOn(file, inner));
  if (!goesOn) return undefined;
  return {
    ...make(file, 'rejectedServed', test, { check: shorten(file.getText(test)) }, {}, undefined),
    path: [
      { kind: 'branch', node: test, text: 'the origin is refused' },
      { kind: 'call', node: refusal, text: 'the refusal is sent' },
      { kind: 'exit', node: goesOn, text: 'and the request is served all the same' },
    ],
    node: test,
  };
}

function isNegative(test: Node): boolean {
  const node = skipWrappers(test);
  if (node.type === 'UnaryExpression') return node.operator === '!';
  if (node.type === 'LogicalExpression') return isNegative(node.right) || isNegative(node.left);
  if (node.type !== 'BinaryExpression') return false;
  const isMinus = [node.left, node.right].some((side) => side.type === 'UnaryExpression' && side.operator === '-');
  return isMinus ? node.operator.startsWith('==') : node.operator.startsWith('!=') || node.operator === '<';
}

function getRest(statement: Node): readonly Node[] {
  const { parent } = statement;
  if (parent?.type !== 'BlockStatement') return [];
  return parent.body.slice(parent.body.indexOf(statement as TSESTree.Statement) + 1);
}

/** next(), callback(null, true), a CORS header, as a statement of its own */
function isGoingOn(file: SourceFile, statement: Node): boolean {
  const expression = statement.type === 'ExpressionStatement' ? skipWrappers(statement.expression) : statement.type === 'ReturnStatement' && statement.argument ? skipWrappers(statement.argument) : undefined;
  const call = expression?.type === 'AwaitExpression' ? skipWrappers(expression.argument) : expression;
  if (call?.type !== 'CallExpression') return false;
  if (getHeaderWrites(file).some(({ node, name }) => node === call && name === 'access-control-allow-origin')) return true;
  const name = getCalleeName(call.callee);
  if (name === 'next') return call.arguments.length === 0;
  const [error, answer] = call.arguments;
  return name !== undefined && /^(?:callback|cb|done)$/.test(name) && error?.type === 'Literal' && error.value === null && answer?.type === 'Literal' && answer.value === true;
}

/** res.end(), res.status(403).json({ … }), ctx.body = … */
function isAnswering(expression: Node): boolean {
  const node = skipWrappers(expression);
  const call = node.type === 'AwaitExpression' ? skipWrappers(node.argument) : node;
  return call.type === 'CallExpression' && /^(?:end|send|json|sendStatus|text|render)$/.test(getCalleeName(call.callee) ?? '');
}

function isCallback(expression: Node): boolean {
  const node = skipWrappers(expression);
  return node.type === 'CallExpression' && /^(?:callback|cb|done|next)$/.test(getCalleeName(node.callee) ?? '');
}

/** if (isAllowed(origin)), where isAllowed is async */
function isAsyncCheck(file: SourceFile, call: TSESTree.CallExpression): boolean {
  if (!isTested(call)) return false;
  const fn = findFunction(file, call.callee);
  return fn?.async === true && !fn.generator && call.arguments.some((argument) => getRequestOrigins(file).getPart(argument) === 'origin');
}

/** Whether an expression is only asked whether it is true. */
function isTested(expression: Node): boolean {
  const node = outermostWrapper(expression);
  const { parent } = node;
  switch (parent?.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return parent.test === node;
    case 'UnaryExpression':
      return parent.operator === '!';
    case 'LogicalExpression':
      return (parent.left === node && parent.operator === '&&') || isTested(parent);
    default:
      return false;
  }
}

/** !== -1, > -1, >= 0 */
function isBelowZero(node: TSESTree.BinaryExpression): boolean {
  const right = skipWrappers(node.right);
  const isMinusOne = right.type === 'UnaryExpression' && right.operator === '-' && right.argument.type === 'Literal' && right.argument.value === 1;
  if (isMinusOne) return /^(?:!==?|>)$/.test(node.operator);
  return node.operator === '>=' && right.type === 'Literal' && right.value === 0;
}

/** A finding, if the check decides about an origin. */
function make(file: SourceFile, kind: UnsafeOriginKind, node: Node, data: UnsafeOrigin['data'], parts: UnsafeOriginParts, check: Node): UnsafeOrigin | undefined;
function make(file: SourceFile, kind: UnsafeOriginKind, node: Node, data: UnsafeOrigin['data'], parts: UnsafeOriginParts, check: undefined): UnsafeOrigin;
function make(file: SourceFile, kind: UnsafeOriginKind, node: Node, data: UnsafeOrigin['data'], parts: UnsafeOriginParts, check: Node | undefined): UnsafeOrigin | undefined {
  if (check && !getDecisions(file).decides(check)) return undefined;
  return { kind, node, certainty: 'certain', path: [{ kind: 'note', node, text: `\`${shorten(file.getText(node))}\`` }], data, parts };
}
