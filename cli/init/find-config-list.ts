import type { TSESTree } from '@typescript-eslint/types';
import { UsageError } from '../errors.js';
import { type Expression, ExportedFunctionError, type ParsedConfig } from './parse-config.js';

/** Where one more setting goes: to the end of a list, or around an expression that is no list to look into. */
export type ConfigList =
  | {
      readonly kind: 'list';
      readonly items: readonly TSESTree.Node[];
      /** The offsets inside its brackets. */
      readonly open: number;
      readonly close: number;
    }
  | { readonly kind: 'wrap'; readonly start: number; readonly end: number; readonly before: string; readonly after: (item: string) => string };

/** Functions that take any number of settings, each an object or a list, and give them as one list. */
const COMPOSERS: Readonly<Record<string, readonly string[]>> = {
  'eslint/config': ['defineConfig'],
  '@eslint/config-helpers': ['defineConfig'],
  'typescript-eslint': ['config'],
  '@vue/eslint-config-typescript': ['defineConfigWithVueTs'],
};

export function findConfigList(config: ParsedConfig): ConfigList {
  const { exported } = config;
  const value = resolve(exported, config);
  if (isFunction(value, config)) throw new ExportedFunctionError(config.path);
  const list = toList(value, config);
  if (list) return list;
  if (config.isByName && value === exported) {
    throw new UsageError(`${config.path} exports by name what is not made in it, so nothing can be added there.`, 'Let it say `export default`, then run the command again.');
  }
  // export { config as default };
  const [start, end] = (config.isByName ? value : exported).range;
  // export default { … };
  if (value.type === 'ObjectExpression') return { kind: 'wrap', start, end, before: '[', after: (item) => `, ${item}]` };
  // export default [...a].concat(b);
  if (isMadeOfArray(value, config)) return { kind: 'wrap', start, end, before: '[...', after: (item) => `, ${item}]` };
  // export default antfu({ … }), which may give one object, a list or a promise of it
  return { kind: 'wrap', start, end, before: config.isModule ? '[await ' : '[', after: (item) => `, ${item}].flat()` };
}

function isFunction(node: Expression, { statements }: ParsedConfig): boolean {
  if (node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression') return true;
  return node.type === 'Identifier' && statements.some((statement) => statement.type === 'FunctionDeclaration' && statement.id.name === node.name);
}

function toList(node: Expression, config: ParsedConfig): ConfigList | undefined {
  if (node.type === 'ArrayExpression') {
    return { kind: 'list', items: node.elements.filter((element) => element !== null), open: node.range[0] + 1, close: node.range[1] - 1 };
  }
  if (node.type !== 'CallExpression') return undefined;
  if (isComposer(node.callee, config)) {
    const [first, ...others] = node.arguments;
    if (first?.type === 'ArrayExpression' && others.length === 0) return toList(first, config);
    const open = findOpening(node, config);
    return open === undefined ? undefined : { kind: 'list', items: node.arguments, open, close: node.range[1] - 1 };
  }
  // module.exports = (async () => [ … ])();
  const { callee } = node;
  if (callee.type !== 'ArrowFunctionExpression' && callee.type !== 'FunctionExpression') return undefined;
  const result = callee.body.type === 'BlockStatement' ? findOnlyReturn(callee.body) : callee.body;
  return result && toList(resolve(result, config), config);
}

function findOpening(call: TSESTree.CallExpression, { tokens }: ParsedConfig): number | undefined {
  const from = call.typeArguments?.range[1] ?? call.callee.range[1];
  return tokens.find(({ value, range }) => value === '(' && range[0] >= from)?.range[1];
}

function isComposer(callee: Expression, { imports }: ParsedConfig): boolean {
  const isNamed = (local: string, name: string | undefined) =>
    imports.some((each) => each.local === local && (COMPOSERS[each.source] ?? []).includes(name ?? each.imported) && (name === undefined) === (each.imported !== 'default'));
  if (callee.type === 'Identifier') return isNamed(callee.name, undefined);
  return callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.property.type === 'Identifier' && isNamed(callee.object.name, callee.property.name);
}

/** Behind type assertions and the name of a constant of the file. */
function resolve(node: Expression, config: ParsedConfig): Expression {
  if (node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression' || node.type === 'TSNonNullExpression') return resolve(node.expression, config);
  if (node.type !== 'Identifier') return node;
  for (const statement of config.statements) {
    if (statement.type !== 'VariableDeclaration') continue;
    const declared = statement.declarations.find(({ id }) => id.type === 'Identifier' && id.name === node.name);
    if (declared?.init) return resolve(declared.init, config);
  }
  return node;
}

function findOnlyReturn({ body }: TSESTree.BlockStatement): Expression | undefined {
  const last = body.at(-1);
  const others = body.slice(0, -1).some(({ type }) => type !== 'VariableDeclaration' && type !== 'ExpressionStatement');
  return last?.type === 'ReturnStatement' && !others ? (last.argument ?? undefined) : undefined;
}

/** `[…].filter(Boolean)` and the like. */
function isMadeOfArray(node: Expression, config: ParsedConfig): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || node.callee.property.type !== 'Identifier') return false;
  if (!['concat', 'filter', 'flat', 'flatMap', 'map', 'slice'].includes(node.callee.property.name)) return false;
  const object = resolve(node.callee.object, config);
  return object.type === 'ArrayExpression' || isMadeOfArray(object, config);
}
