import { type Node, type TSESTree, getCalleeName, isFunction } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import type { SourceFile } from '../source-file.js';
import { isReportingCall } from './is-reporting-call.js';

/** Calls that ask whether a value is well formed or a file is there: their failure has one meaning. */
const PROBES =
  /^(?:parse\w*|json|safeParse\w*|decode\w*|atob|btoa|from|fromBase64|verify\w*|valid\w*|assert\w*|check\w*|is[A-Z]\w*|has[A-Z]?\w*|stat|statSync|lstat|lstatSync|access|accessSync|exists|existsSync|realpath|realpathSync|resolve|test|match|matchAll|exec|compile|normalize|toISOString|encode\w*|idFromString|coerce|BigInt|Number|String|Boolean|URL|RegExp|Date|Intl|TextDecoder|URLSearchParams|Buffer|Set|Map|ms|trim|strip\w*|split|map|filter|join|slice|replace|replaceAll|toString|toLowerCase|toUpperCase|startsWith|endsWith|includes|get|keys|values|entries|next|push|sort|concat|createPublicKey|createPrivateKey|digest|getTime|inspect|stringify|cast|at|satisfies|minVersion|coerceVersion|(?:not)?(?:deep)?(?:Strict)?Equal|(?:deepS|notS|s)trictEqual|ok)$/;
/** let parsed; try { parsed = npa(text); } … */
const CONVERTED = /pars|^(?:url|json|semver)$/i;

/** The same of calls that are awaited: what is not among them goes over the network, or may. */
const AWAITED_PROBES = /^(?:parse\w*|safeParse\w*|json|verify\w*|validate\w*|stat|lstat|access|realpath|pathExists|exists)$/;

/** Whether everything in a `try` block only tests or converts a value, or hardly can fail: its failure then says all there is to say. */
export function isProbe(file: SourceFile, block: TSESTree.BlockStatement): boolean {
  let isOnlyProbe = true;
  walk(
    block,
    (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'ThrowStatement') return false;
      if (node.type === 'ImportExpression') isOnlyProbe = false;
      if (node.type === 'CallExpression' || node.type === 'NewExpression') {
        if (node.type === 'CallExpression' && isReportingCall(node)) return false;
        const name = getCalleeName(node.callee);
        const isRequire = name === 'require' && file.isGlobal(node.callee);
        const probes = node.parent.type === 'AwaitExpression' ? AWAITED_PROBES : PROBES;
        if (name === undefined || isRequire || (!probes.test(name) && !isConversion(node))) isOnlyProbe = false;
      }
      return isOnlyProbe;
    },
    file.visitorKeys,
  );
  return isOnlyProbe;
}

function isConversion(node: Node): boolean {
  const { parent } = node;
  const target = parent?.type === 'AssignmentExpression' && parent.right === node ? parent.left : parent?.type === 'VariableDeclarator' ? parent.id : undefined;
  return target?.type === 'Identifier' && CONVERTED.test(target.name);
}
