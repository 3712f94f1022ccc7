import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type Node, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';

const URL_NAME = /(?:url|uri|endpoint|href|path|link|address|origin|target|host|base)s?$/i;

/** Whether the first argument of `fetch` may be a `Request`, which carries a signal of its own. */
export function mayBeRequest(file: SourceFile, argument: Node, depth = 0): boolean {
  if (depth > 4) return true;
  const node = skipWrappers(argument);
  switch (node.type) {
    case 'Literal':
    case 'TemplateLiteral':
    case 'BinaryExpression':
      return false;
    case 'NewExpression':
      return file.getOrigin(node.callee) !== 'global:URL';
    case 'AwaitExpression':
      return mayBeRequest(file, node.argument, depth + 1);
    case 'LogicalExpression':
      return mayBeRequest(file, node.left, depth + 1) || mayBeRequest(file, node.right, depth + 1);
    case 'ConditionalExpression':
      return mayBeRequest(file, node.consequent, depth + 1) || mayBeRequest(file, node.alternate, depth + 1);
    case 'MemberExpression':
      return !URL_NAME.test(getPropertyName(node) ?? '');
    case 'CallExpression': {
      const callee = skipWrappers(node.callee);
      const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
      return !(/^(?:String|encodeURI|toString|join|replace|concat)$/.test(name ?? '') || URL_NAME.test(name ?? '') || /url/i.test(name ?? ''));
    }
    case 'Identifier': {
      const variable = file.getVariable(node);
      const [definition] = variable?.defs ?? [];
      if (definition?.name.type === 'Identifier' && definition.name.typeAnnotation) {
        const type = file.getText(definition.name.typeAnnotation);
        if (/Request/.test(type)) return true;
        if (/^:\s*(?:string|URL|undefined|null)(?:\s*\|\s*(?:string|URL|undefined|null))*$/.test(type)) return false;
      }
      const list = definition && findListOf(definition);
      if (list && isListOfUrls(file, list)) return false;
      const value = variable && file.getOnlyValue(variable);
      if (value && skipWrappers(value).type !== 'Identifier') return mayBeRequest(file, value, depth + 1) && !URL_NAME.test(node.name);
      return !URL_NAME.test(node.name);
    }
    default:
      return true;
  }
}

/** urls.map((each) => …), for (const each of urls): the list that a variable is an element of. */
function findListOf({ type, node, name }: Variable['defs'][number]): Node | undefined {
  if (type === 'Parameter') {
    const { parent } = outermostWrapper(node);
    const callee = parent?.type === 'CallExpression' && parent.arguments[0] === node ? skipWrappers(parent.callee) : undefined;
    return isFunction(node) && node.params[0] === name && callee?.type === 'MemberExpression' ? callee.object : undefined;
  }
  const loop = type === 'Variable' ? node.parent?.parent : undefined;
  return loop?.type === 'ForOfStatement' && loop.left === node.parent ? loop.right : undefined;
}

function isListOfUrls(file: SourceFile, list: Node): boolean {
  const node = skipWrappers(list);
  const name = node.type === 'Identifier' ? node.name : node.type === 'MemberExpression' ? getPropertyName(node) : undefined;
  if (name !== undefined && URL_NAME.test(name)) return true;
  const [definition] = (node.type === 'Identifier' && file.getVariable(node)?.defs) || [];
  const annotation = definition?.name.type === 'Identifier' ? definition.name.typeAnnotation : undefined;
  return annotation !== undefined && /^:\s*(?:readonly\s+)?(?:string|URL)\[\]$/.test(file.getText(annotation));
}
