import { type Node, getCalleeName, getStringValue, skipWrappers } from '../syntax/node.js';
import type { Condition } from './conditions.js';

const DEVELOPMENT = /^(?:is|in|use|enable|allow)?_?(?:dev(?:elopment|eloper)?|debug|local(?:host)?|test(?:ing)?|staging|preview)(?:_?(?:mode|env|environment|build|server|only))?$|(?:^|[a-z_])(?:Dev|DEV|Development|DEVELOPMENT|Debug|DEBUG)(?:Mode|_MODE|Env)?$/i;
const PRODUCTION = /^(?:is|in)?_?prod(?:uction)?(?:_?(?:mode|env|environment))?$/i;

/** Whether a condition only holds where developers run the code: `NODE_ENV !== 'production'`, `isDev`. */
export function isDevelopmentOnly({ test, truth }: Condition): boolean {
  const node = skipWrappers(test);
  if (truth === undefined) return false;
  switch (node.type) {
    case 'UnaryExpression':
      return node.operator === '!' && isDevelopmentOnly({ test: node.argument, truth: !truth });
    case 'LogicalExpression': {
      // All operands of `a && b` hold where it does, none of `a || b` where it does not.
      const sides = [node.left, node.right].map((side) => isDevelopmentOnly({ test: side, truth }));
      return (node.operator === '&&') === truth ? sides.includes(true) : !sides.includes(false);
    }
    case 'BinaryExpression': {
      const text = [node.left, node.right].map((side) => getStringValue(side)).find((value) => value !== undefined);
      if (text === undefined || !/^[=!]==?$/.test(node.operator)) return false;
      const isEqual = node.operator.startsWith('=') === truth;
      return isEqual ? DEVELOPMENT.test(text) : PRODUCTION.test(text);
    }
    default: {
      const name = getName(node);
      return name !== undefined && (truth ? DEVELOPMENT.test(name) : PRODUCTION.test(name));
    }
  }
}

function getName(node: Node): string | undefined {
  return node.type === 'CallExpression' ? getCalleeName(node.callee) : getCalleeName(node);
}
