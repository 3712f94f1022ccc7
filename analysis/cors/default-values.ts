import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, skipWrappers } from '../syntax/node.js';

/** A value that an expression has when nobody sets an option. */
export interface KnownValue {
  readonly value: unknown;
}

const OPTIONS_NAME = /^(?:options?|opts?|config|conf|cfg|settings|params|props|corsOptions|corsConfig)$/i;

/**
 * What an expression comes to when a library's options are left out: `options.origin` is undefined, a destructured
 * option has its default. Undefined where the file does not say.
 */
export function getDefaultValue(file: SourceFile, expression: Node, depth = 0): KnownValue | undefined {
  if (depth > 8) return undefined;
  const node = skipWrappers(expression);
  const get = (inner: Node) => getDefaultValue(file, inner, depth + 1);
  switch (node.type) {
    case 'Literal':
      return 'regex' in node ? undefined : { value: node.value };
    case 'TemplateLiteral':
      return node.expressions.length === 0 ? { value: node.quasis[0]?.value.cooked } : undefined;
    case 'Identifier': {
      if (node.name === 'undefined') return { value: undefined };
      const variable = file.getVariable(node);
      return variable && getDefaultOfVariable(file, variable, depth);
    }
    case 'MemberExpression':
      return getDefaultOfOption(file, node);
    case 'UnaryExpression': {
      const argument = get(node.argument);
      if (!argument) return undefined;
      if (node.operator === '!') return { value: !argument.value };
      return node.operator === 'typeof' ? { value: typeof argument.value } : undefined;
    }
    case 'LogicalExpression': {
      const left = get(node.left);
      if (!left) return undefined;
      const goesOn = node.operator === '&&' ? !!left.value : node.operator === '||' ? !left.value : left.value === undefined || left.value === null;
      return goesOn ? get(node.right) : left;
    }
    case 'ConditionalExpression': {
      const test = get(node.test);
      return test && get(test.value ? node.consequent : node.alternate);
    }
    case 'BinaryExpression': {
      if (node.left.type === 'PrivateIdentifier') return undefined;
      const [left, right] = [get(node.left), get(node.right)];
      if (!left || !right) return undefined;
      switch (node.operator) {
        case '===':
        case '==':
          return { value: left.value === right.value };
        case '!==':
        case '!=':
          return { value: left.value !== right.value };
        default:
          return undefined;
      }
    }
    case 'CallExpression': {
      const callee = skipWrappers(node.callee);
      const [first] = node.arguments;
      const isArrayTest = callee.type === 'MemberExpression' && getPropertyName(callee) === 'isArray' && callee.object.type === 'Identifier';
      const value = first && (isArrayTest || (callee.type === 'Identifier' && callee.name === 'Boolean')) ? get(first) : undefined;
      return value && { value: isArrayTest ? Array.isArray(value.value) : !!value.value };
    }
    default:
      return undefined;
  }
}

function getDefaultOfVariable(file: SourceFile, variable: Variable, depth: number): KnownValue | undefined {
  const [definition, ...others] = variable.defs;
  if (!definition || others.length > 0) return undefined;
  const isReassigned = variable.references.some((reference) => reference.isWrite() && !reference.init);
  if (isReassigned) return undefined;
  const value = file.getOnlyValue(variable);
  if (value) return getDefaultValue(file, value, depth + 1);
  // ({ origin = '*' } = {}) => …
  if (definition.type === 'Parameter') {
    const { parent } = definition.name;
    const isOption = parent?.type === 'AssignmentPattern' && parent.left === definition.name && parent.parent.type === 'Property';
    return isOption ? getDefaultValue(file, parent.right, depth + 1) : undefined;
  }
  // let { origin = true } = config ?? {}
  const pattern = findDefault(definition.type === 'Variable' && definition.node.type === 'VariableDeclarator' ? definition.node.id : undefined, definition.name);
  if (!pattern || definition.node.type !== 'VariableDeclarator') return undefined;
  const source = definition.node.init && skipWrappers(definition.node.init);
  const isOptions = source?.type === 'Identifier' || source?.type === 'LogicalExpression' || source?.type === 'ObjectExpression';
  return isOptions ? getDefaultValue(file, pattern, depth + 1) : undefined;
}

/** The default that a pattern gives to a name. */
function findDefault(pattern: Node | undefined, name: Node): Node | undefined {
  if (pattern?.type !== 'ObjectPattern') return undefined;
  for (const property of pattern.properties) {
    if (property.type === 'Property' && property.value.type === 'AssignmentPattern' && property.value.left === name) return property.value.right;
  }
  return undefined;
}

/** options.origin, where `options` is a parameter, perhaps with defaults spread into it. */
function getDefaultOfOption(file: SourceFile, node: TSESTree.MemberExpression): KnownValue | undefined {
  const object = skipWrappers(node.object);
  const name = getPropertyName(node);
  if (object.type !== 'Identifier' || name === undefined || !OPTIONS_NAME.test(object.name)) return undefined;
  const variable = file.getVariable(object);
  const [definition] = variable?.defs ?? [];
  if (!variable || !definition) return undefined;
  const sources = variable.references.flatMap(({ writeExpr }) => (writeExpr ? [skipWrappers(writeExpr)] : []));
  const isOwn = definition.type === 'Parameter' || sources.some((source) => source.type === 'ObjectExpression' || source.type === 'CallExpression');
  if (!isOwn) return undefined;
  for (const source of [...sources, ...findCopiedDefaults(file, variable)]) {
    const known = findInSource(file, source, name);
    if (known === 'unknown') return undefined;
    if (known) return known;
  }
  return definition.type === 'Parameter' || sources.length > 0 ? { value: undefined } : undefined;
}

/** for (const key in defaults) if (!(key in options)) options[key] = defaults[key] */
function findCopiedDefaults(file: SourceFile, options: Variable): Node[] {
  return options.references.flatMap(({ identifier }) => {
    const member = identifier.parent;
    if (member?.type !== 'MemberExpression' || !member.computed || member.object !== identifier) return [];
    const assignment = member.parent;
    if (assignment.type !== 'AssignmentExpression' || assignment.left !== member) return [];
    const value = skipWrappers(assignment.right);
    return value.type === 'MemberExpression' && value.computed && file.getText(value.property) === file.getText(member.property) ? [value.object] : [];
  });
}

/** { ...defaults, ...options }, Object.assign({}, defaults, options), options || {} */
function findInSource(file: SourceFile, source: Node, name: string): KnownValue | 'unknown' | undefined {
  const node = skipWrappers(source);
  if (node.type === 'ObjectExpression') {
    let found: KnownValue | 'unknown' | undefined;
    for (const property of node.properties) {
      if (property.type === 'SpreadElement') found = findInSource(file, property.argument, name) ?? found;
      else if (getPropertyName(property) === name) found = getDefaultValue(file, property.value) ?? 'unknown';
    }
    return found;
  }
  if (node.type === 'CallExpression') {
    let found: KnownValue | 'unknown' | undefined;
    for (const argument of node.arguments) if (argument.type !== 'SpreadElement') found = findInSource(file, argument, name) ?? found;
    return found;
  }
  if (node.type === 'LogicalExpression') return findInSource(file, node.right, name);
  if (node.type !== 'Identifier') return undefined;
  const variable = file.getVariable(node);
  const value = variable && file.getOnlyValue(variable);
  return value?.type === 'ObjectExpression' ? findInSource(file, value, name) : undefined;
}
