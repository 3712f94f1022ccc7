import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getCalleeName, getPropertyName, getStringValue, outermostWrapper, skipWrappers } from '../syntax/node.js';

/** One place that puts a header into a response. */
export interface HeaderWrite {
  /** In lower case. */
  readonly name: string;
  readonly value: Node;
  /** The call, property or assignment. */
  readonly node: Node;
  /** The object or list of headers that it is part of. */
  readonly group: Node | undefined;
  readonly form: 'call' | 'property' | 'assignment' | 'entry';
}

const ASKS = /^(?:get|has|remove|delete|expect|assert|equals?|strictEqual|deepEqual|notEqual|is|match|include|includes|contain|contains|should|property|to[A-Z]\w*|test|it|describe|log|warn|info|debug|error)$|^(?:get|has|remove|delete|expect|assert)(?![a-z])/;
const CLIENTS = /^(?:fetch|axios|ky|got|superagent|ajax|request|needle|ofetch|\$fetch|useFetch|createHttpLink|HttpLink|ApolloClient|GraphQLClient|HttpHeaders|Request|EventSource|fulfill|intercept|mock\w*)$/;
const CLIENT_VERBS = /^(?:get|post|put|patch|delete|head|request|create|ajax|fetch|query|mutate|send)$/;

const writesOfFiles = new WeakMap<SourceFile, readonly HeaderWrite[]>();

/** The headers of the CORS protocol, and `vary` and `cache-control`, that a file writes into responses. */
export function getHeaderWrites(file: SourceFile): readonly HeaderWrite[] {
  let writes = writesOfFiles.get(file);
  if (!writes) writesOfFiles.set(file, (writes = findHeaderWrites(file)));
  return writes;
}

function findHeaderWrites(file: SourceFile): HeaderWrite[] {
  const writes: HeaderWrite[] = [];
  for (const node of file.getNodes('CallExpression', 'NewExpression', 'Property', 'AssignmentExpression', 'ObjectExpression', 'ArrayExpression')) {
    const write = findHeaderWrite(file, node);
    if (write && !isClientRequest(file, write)) writes.push(write);
  }
  return writes;
}

function findHeaderWrite(file: SourceFile, node: Node): HeaderWrite | undefined {
  switch (node.type) {
    case 'CallExpression':
    case 'NewExpression': {
      // res.setHeader('Access-Control-Allow-Origin', origin), setResponseHeader(event, name, origin)
      if (ASKS.test(getCalleeName(node.callee) ?? '')) return undefined;
      const index = node.arguments.findIndex((argument) => isHeaderName(getHeaderName(file, argument)));
      const value = index < 0 ? undefined : node.arguments[index + 1];
      if (!value || value.type === 'SpreadElement') return undefined;
      return { name: getHeaderName(file, node.arguments[index]!)!, value, node, group: undefined, form: 'call' };
    }
    case 'Property': {
      if (node.parent.type !== 'ObjectExpression') return undefined;
      const name = (node.computed ? getHeaderName(file, node.key) : getPropertyName(node))?.toLowerCase();
      return isHeaderName(name) ? { name: name!, value: node.value, node, group: node.parent, form: 'property' } : undefined;
    }
    case 'AssignmentExpression': {
      const left = skipWrappers(node.left);
      if (left.type !== 'MemberExpression' || node.operator !== '=') return undefined;
      const name = (left.computed ? getHeaderName(file, left.property) : getPropertyName(left))?.toLowerCase();
      return isHeaderName(name) ? { name: name!, value: node.right, node, group: undefined, form: 'assignment' } : undefined;
    }
    case 'ObjectExpression': {
      // { key: 'Access-Control-Allow-Origin', value: '*' }, as in next.config and CloudFront
      const name = getStringValue(findProperty(node, /^(?:key|name|header)$/)?.value)?.toLowerCase();
      const value = findProperty(node, /^value$/)?.value;
      if (!isHeaderName(name) || !value) return undefined;
      return { name: name!, value, node, group: node.parent.type === 'ArrayExpression' ? node.parent : node, form: 'entry' };
    }
    case 'ArrayExpression': {
      // ['Access-Control-Allow-Origin', origin]
      const [first, second, ...more] = node.elements;
      const name = first ? getStringValue(first)?.toLowerCase() : undefined;
      if (!isHeaderName(name) || !second || more.length > 0 || second.type === 'SpreadElement') return undefined;
      if (isHeaderName(getStringValue(second)?.toLowerCase())) return undefined;
      return { name: name!, value: second, node, group: node.parent, form: 'entry' };
    }
    default:
      return undefined;
  }
}

function findProperty(object: TSESTree.ObjectExpression, name: RegExp): TSESTree.Property | undefined {
  return object.properties.find((property): property is TSESTree.Property => property.type === 'Property' && name.test(getPropertyName(property) ?? ''));
}

/** The text of a header name, also by way of a constant. */
function getHeaderName(file: SourceFile, expression: Node): string | undefined {
  const node = skipWrappers(expression);
  const text = getStringValue(node);
  if (text !== undefined) return text.toLowerCase();
  if (node.type === 'CallExpression' && getCalleeName(node.callee) === 'toLowerCase') {
    const callee = skipWrappers(node.callee);
    return callee.type === 'MemberExpression' ? getHeaderName(file, callee.object) : undefined;
  }
  if (node.type !== 'Identifier') return undefined;
  const variable = file.getVariable(node);
  const value = variable && file.getOnlyValue(variable);
  return getStringValue(value)?.toLowerCase();
}

function isHeaderName(name: string | undefined): boolean {
  return name !== undefined && (/^access-control-(?:allow|expose|max)-[a-z-]+$/.test(name) || name === 'vary' || name === 'cache-control');
}

/** Whether a header stands in a request that the code sends, where it does nothing, or in a mock. */
function isClientRequest(file: SourceFile, { node, group }: HeaderWrite): boolean {
  const start = group ?? node;
  if (isInClientCall(start)) return true;
  // const config = { headers: { … } }; axios.post(url, body, config)
  const holder = findHolder(start);
  if (!holder) return false;
  const variable = file.getVariable(holder);
  return variable?.references.some(({ identifier }) => isInClientCall(identifier)) ?? false;
}

function isInClientCall(node: Node): boolean {
  let child = node;
  for (let parent = node.parent; parent; child = parent, parent = parent.parent) {
    switch (parent.type) {
      case 'Property':
      case 'ObjectExpression':
      case 'ArrayExpression':
      case 'SpreadElement':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
        continue;
      case 'NewExpression':
      case 'CallExpression':
        if (child === parent.callee) return false;
        if (isClientCallee(parent.callee)) return true;
        if (getCalleeName(parent.callee) === 'Headers') continue;
        return false;
      case 'AssignmentExpression': {
        // axios.defaults.headers.common['Access-Control-Allow-Origin'] = '*'
        const left = skipWrappers(parent.left);
        return child === parent.left ? isClientCallee(left) : isClientCallee(left);
      }
      case 'MemberExpression':
        continue;
      default:
        return false;
    }
  }
  return false;
}

function isClientCallee(callee: Node): boolean {
  let node = skipWrappers(callee);
  const last = getCalleeName(node);
  if (last !== undefined && CLIENTS.test(last)) return true;
  while (node.type === 'MemberExpression' || node.type === 'CallExpression') {
    node = skipWrappers(node.type === 'MemberExpression' ? node.object : node.callee);
    const name = getCalleeName(node);
    if (name !== undefined && (CLIENTS.test(name) || /^(?:axios|http|https?Client|client|api|instance|\$http|\$axios)$/i.test(name))) {
      return CLIENTS.test(name) || (last !== undefined && CLIENT_VERBS.test(last));
    }
  }
  return false;
}

function findHolder(node: Node): TSESTree.Identifier | undefined {
  let outer = outermostWrapper(node);
  while (outer.parent?.type === 'Property' || outer.parent?.type === 'ObjectExpression') outer = outermostWrapper(outer.parent);
  const { parent } = outer;
  return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id : undefined;
}
