import { type Node, getCalleeName, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';

/** What has to be so for a place to be reached. */
export interface Condition {
  readonly test: Node;
  /** How the test came out; undefined where it is not a plain branch (a `case`, a call that may throw, a callback's list). */
  readonly truth: boolean | undefined;
  /** A test inside a branch that the path may not have taken. */
  readonly isNested?: boolean;
  /** Not a branch around the place, but an earlier one that left. */
  readonly isEarlier?: boolean;
  /** The discriminant of a `switch`: it is compared, whatever it is. */
  readonly isCompared?: boolean;
}

const GUARD_NAME = /assert|verif|validat|ensure|check|guard|enforce|reject|authori[sz]e|require(?!$)/i;

const CHAINED = /^(?:then|catch|finally|some|every|find|filter|forEach|map|flatMap|reduce)$/;

/**
 * The conditions around a place: tests of the branches that it is in, and tests that left the function before it.
 * Goes through function borders, since a handler that is made under a condition runs under it.
 */
export function getConditions(node: Node, root?: Node): Condition[] {
  const conditions: Condition[] = [];
  let child = node;
  for (let parent = node.parent; parent && child !== root; child = parent, parent = parent.parent) addConditions(child, parent, conditions);
  return conditions;
}

function addConditions(child: Node, parent: Node, conditions: Condition[]): void {
  switch (parent.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      if (child !== parent.test) conditions.push({ test: parent.test, truth: child === parent.consequent });
      break;
    case 'LogicalExpression':
      if (child === parent.right) conditions.push({ test: parent.left, truth: parent.operator === '&&' });
      break;
    case 'WhileStatement':
    case 'ForStatement':
      if (child === parent.body && parent.test) conditions.push({ test: parent.test, truth: true });
      break;
    case 'SwitchCase':
      if (child !== parent.test) conditions.push({ test: parent.parent.discriminant, truth: undefined, isCompared: true });
      addEarlierExits(parent.consequent, child, conditions);
      break;
    case 'BlockStatement':
    case 'Program':
    case 'StaticBlock':
      addEarlierExits(parent.body, child, conditions);
      break;
    case 'CallExpression': {
      // isAllowed(origin).then(() => …), list.filter(…).forEach(() => …)
      const callee = skipWrappers(parent.callee);
      if (isFunction(child) && callee.type === 'MemberExpression' && CHAINED.test(getPropertyName(callee) ?? '')) conditions.push({ test: callee.object, truth: undefined, isEarlier: true });
      break;
    }
    default:
  }
}

function addEarlierExits(body: readonly Node[], child: Node, conditions: Condition[]): void {
  for (const statement of body) {
    if (statement === child) return;
    const earlier: Condition[] = [];
    addExitsOf(statement, earlier);
    conditions.push(...earlier.map((condition) => ({ ...condition, isEarlier: true })));
  }
}

function addExitsOf(statement: Node, conditions: Condition[]): void {
  switch (statement.type) {
    case 'IfStatement':
      if (alwaysExits(statement.consequent)) conditions.push({ test: statement.test, truth: false });
      else if (statement.alternate && alwaysExits(statement.alternate)) conditions.push({ test: statement.test, truth: true });
      else {
        addExitsInside(statement.consequent, statement.test, conditions);
        if (statement.alternate) addExitsInside(statement.alternate, statement.test, conditions);
      }
      break;
    case 'TryStatement':
    case 'LabeledStatement':
      addExitsOf(statement.type === 'TryStatement' ? statement.block : statement.body, conditions);
      break;
    case 'BlockStatement':
      for (const inner of statement.body) addExitsOf(inner, conditions);
      break;
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'ForStatement':
    case 'WhileStatement':
      addExitsOf(statement.body, conditions);
      break;
    case 'SwitchStatement':
      if (statement.cases.some(({ consequent }) => consequent.some((inner) => leavesFunction(inner)))) {
        conditions.push({ test: statement.discriminant, truth: undefined, isCompared: true });
      }
      break;
    case 'ExpressionStatement': {
      const expression = skipWrappers(statement.expression);
      const call = expression.type === 'AwaitExpression' ? skipWrappers(expression.argument) : expression;
      if (call.type === 'CallExpression' && GUARD_NAME.test(getCalleeName(call.callee) ?? '')) conditions.push({ test: call, truth: undefined });
      break;
    }
    default:
  }
}

/** if (origin) { if (!isAllowed(origin)) return; } */
function addExitsInside(branch: Node, outerTest: Node, conditions: Condition[]): void {
  const inside: Condition[] = [];
  addExitsOf(branch, inside);
  if (inside.length > 0) conditions.push(...inside.map((condition) => ({ ...condition, isNested: true })), { test: outerTest, truth: undefined, isNested: true });
}

/** Whether control never comes out at the end of a statement. */
export function alwaysExits(statement: Node): boolean {
  switch (statement.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
    case 'ContinueStatement':
    case 'BreakStatement':
      return true;
    case 'BlockStatement':
      return statement.body.some(alwaysExits);
    case 'IfStatement':
      return alwaysExits(statement.consequent) && statement.alternate !== null && statement.alternate !== undefined && alwaysExits(statement.alternate);
    case 'TryStatement':
      return alwaysExits(statement.block) && (!statement.handler || alwaysExits(statement.handler.body));
    case 'ExpressionStatement': {
      // ctx.throw(403), process.exit(1)
      const call = skipWrappers(statement.expression);
      return call.type === 'CallExpression' && /^(?:throw|exit|abort|fail|bail)$/.test(getCalleeName(call.callee) ?? '');
    }
    default:
      return false;
  }
}

function leavesFunction(statement: Node): boolean {
  return statement.type !== 'BreakStatement' && alwaysExits(statement);
}
