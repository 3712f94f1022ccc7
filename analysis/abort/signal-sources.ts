import { createTextVariable } from '../ownership/values.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, type TSESTree, getPropertyName, getStringValue, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { getFieldSources } from './field-sources.js';
import { getFileIndex } from './file-index.js';
import { findAnnotation, findSignalProperty, findTypeModule, getTypeName, isSignalType } from './signal-type.js';

/**
 * A signal that a function has: by a parameter, an option, a field of its class, the request it serves, a controller of its own,
 * or, `dropped`, one that it is given and does not take out of its options.
 */
export interface SignalSource {
  readonly kind: 'parameter' | 'option' | 'field' | 'request' | 'controller' | 'dropped';
  /** The parameter that it is or comes in; undefined for a field. */
  readonly variable: Variable | undefined;
  /** The way from the variable, or from `this`, to the signal. */
  readonly path: readonly string[];
  /** How the code can name it: `signal`, `options?.signal`, `this.signal`. */
  readonly text: string;
  readonly node: Node;
  /** Of a field: the class made the controller itself, and the method asks whether it has aborted. */
  readonly isOwnController?: boolean;
}

/** Whether the caller of this one call hands the signal in, and relies on it. */
export function isOfCaller({ kind }: SignalSource): boolean {
  return kind === 'parameter' || kind === 'option' || kind === 'dropped';
}

/** Whether an abort ends the call, its request or the whole object; a controller that the function made may end one part of it. */
export function isToldToStop({ kind, isOwnController }: SignalSource): boolean {
  return kind !== 'controller' && isOwnController !== true;
}

const SIGNAL_NAME = /^(?:signal|abortSignal|cancelSignal)$/;
const REQUEST_NAME = /^(?:req|request|c|ctx|context|event)$/;

const known = new WeakMap<FunctionNode, readonly SignalSource[]>();

/** The signals that a function was given itself; those of the functions around it are theirs. */
export function getSignalSources(file: SourceFile, owner: FunctionNode): readonly SignalSource[] {
  let sources = known.get(owner);
  if (!sources) {
    sources = [...owner.params.flatMap((parameter, index) => fromParameter(file, owner, parameter, index)), ...getFieldSources(file, owner)];
    known.set(owner, sources);
  }
  return sources;
}

function fromParameter(file: SourceFile, owner: FunctionNode, parameter: Node, index: number): SignalSource[] {
  const target = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
  const pattern = target.type === 'AssignmentPattern' ? target.left : target;
  const annotation = findAnnotation(parameter);
  if (pattern.type === 'Identifier') return fromName(file, owner, pattern, annotation, target, index);
  return pattern.type === 'ObjectPattern' ? fromPattern(file, owner, pattern, annotation) : [];
}

function fromName(file: SourceFile, owner: FunctionNode, name: TSESTree.Identifier, annotation: Node | undefined, target: Node, index: number): SignalSource[] {
  const variable = file.getVariable(name);
  if (!variable) return [];
  const parameter = { kind: 'parameter', variable, path: [], text: name.name, node: name } as const;
  if (annotation ? isSignalType(annotation) : isDocumented(file, owner, name.name)) return [parameter];
  if (!annotation && SIGNAL_NAME.test(name.name) && !isOsSignal(owner, variable, index)) return [parameter];
  const at = (...path: string[]) => {
    const isOptional = target.type !== 'AssignmentPattern' && (name.optional || isDocumentedOptional(file, owner, name.name));
    return { variable, path, text: path.reduce((text, part, depth) => `${text}${depth === 0 && isOptional ? '?.' : '.'}${part}`, name.name), node: name };
  };
  const property = findOptionName(file, owner, variable, annotation, name);
  if (property !== undefined) return [{ kind: 'option', ...at(property) }];
  if (REQUEST_NAME.test(name.name)) {
    const path = findRequestPath(variable);
    if (path) return [{ kind: 'request', ...at(...path) }];
  }
  return [];
}

/** The name under which an options parameter carries a signal: by its type, its documentation, or what the code reads of it. */
function findOptionName(file: SourceFile, owner: FunctionNode, variable: Variable, annotation: Node | undefined, name: TSESTree.Identifier): string | undefined {
  const declared = annotation && findSignalProperty(file, annotation);
  if (declared === 'absent') return undefined;
  if (declared) return declared.name;
  if (REQUEST_NAME.test(name.name) && name.name !== 'context' && name.name !== 'ctx') return undefined;
  const misplaced = annotation && findMisplacedHome(file, annotation);
  if (misplaced) return undefined;
  const read = findReadSignal(file, variable) ?? (annotation && findReadElsewhere(file, annotation));
  if (read !== undefined) return read;
  if (!annotation && isDocumented(file, owner, `${variable.name}.signal`)) return 'signal';
  return annotation && file.types?.getSignalProperty?.(name);
}

function fromPattern(file: SourceFile, owner: FunctionNode, pattern: TSESTree.ObjectPattern, annotation: Node | undefined): SignalSource[] {
  const declared = annotation && findSignalProperty(file, annotation);
  const names = pattern.properties.map((property) => (property.type === 'Property' ? getPropertyName(property) : undefined));
  for (const property of pattern.properties) {
    if (property.type !== 'Property') continue;
    const value = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
    const key = getPropertyName(property);
    const variable = value.type === 'Identifier' ? file.getVariable(value) : undefined;
    if (!variable || key === undefined) continue;
    // ({ request }) => … request.signal …
    const requestPath = REQUEST_NAME.test(key) && key !== 'context' && key !== 'ctx' ? findRequestPath(variable) : undefined;
    if (requestPath) return [{ kind: 'request', variable, path: requestPath, text: [variable.name, ...requestPath].join('.'), node: value }];
    const isDeclared = declared && declared !== 'absent' && declared.name === key;
    const isNamed = declared !== 'absent' && SIGNAL_NAME.test(key) && !names.some((name) => /^(?:code|exitCode|pid|status)$/.test(name ?? '')) && !isOsSignal(owner, variable, 0);
    if (isDeclared || isNamed) return [{ kind: 'parameter', variable, path: [], text: variable.name, node: value }];
  }
  // { url }: { url: string; signal?: AbortSignal }
  const isDropped = declared && declared !== 'absent' && pattern.properties.every((property) => property.type === 'Property' && getPropertyName(property) !== declared.name);
  return isDropped ? [{ kind: 'dropped', variable: createTextVariable(declared.name, owner), path: [], text: declared.name, node: pattern }] : [];
}

/** (code, signal) => …, child.kill(signal), signal === 'SIGTERM': the name of an operating system's signal. */
function isOsSignal(owner: FunctionNode, variable: Variable, index: number): boolean {
  const before = owner.params[index - 1];
  if (before?.type === 'Identifier' && /^(?:_?code|_?exitCode|status|pid|_)$/.test(before.name)) return true;
  const { parent } = owner;
  if (parent.type === 'CallExpression' && /^(?:exit|close|SIG[A-Z]+)$/.test(getStringValue(parent.arguments[0]) ?? '')) return true;
  return variable.references.some(({ identifier }) => {
    const { parent: use } = outermostWrapper(identifier);
    switch (use?.type) {
      case 'BinaryExpression':
        return use.operator.includes('=') && (getStringValue(use.left) ?? getStringValue(use.right)) !== undefined;
      case 'TemplateLiteral':
        return true;
      case 'CallExpression': {
        const callee = skipWrappers(use.callee);
        return callee.type === 'Identifier' ? callee === identifier : callee.type === 'MemberExpression' && /^(?:kill|get|set|emit|on|once|has|includes)$/.test(getPropertyName(callee) ?? '');
      }
      case 'MemberExpression':
        return /^(?:value|peek|subscribe|set|update|startsWith|toString)$/.test(getPropertyName(use) ?? '');
      case 'AssignmentExpression':
        return use.left === identifier;
      default:
        return false;
    }
  });
}

/** options.signal, options?.abortSignal, const { signal } = options: the property that the code reads of a variable. */
function findReadSignal(file: SourceFile, variable: Variable): string | undefined {
  for (const { identifier } of variable.references) {
    const value = outermostWrapper(identifier);
    const { parent } = value;
    if (parent?.type === 'MemberExpression' && parent.object === value) {
      const name = getPropertyName(parent);
      if (name !== undefined && SIGNAL_NAME.test(name) && isSignalUse(file, parent)) return name;
    }
    if (parent?.type === 'VariableDeclarator' && parent.init === value && parent.id.type === 'ObjectPattern') {
      for (const property of parent.id.properties) {
        const name = property.type === 'Property' ? getPropertyName(property) : undefined;
        if (name !== undefined && SIGNAL_NAME.test(name)) return name;
      }
    }
  }
  return undefined;
}

/** A read of `x.signal` that goes where a signal goes, and not to `kill` or into a message. */
function isSignalUse(file: SourceFile, member: Node): boolean {
  const value = outermostWrapper(member);
  const { parent } = value;
  switch (parent?.type) {
    case 'MemberExpression':
      return /^(?:aborted|reason|throwIfAborted|addEventListener|removeEventListener|onabort)$/.test(getPropertyName(parent) ?? '');
    case 'Property':
      return SIGNAL_NAME.test(getPropertyName(parent) ?? '') && parent.parent.parent?.type !== 'ReturnStatement';
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' && /signal/i.test(parent.id.name);
    case 'AssignmentExpression':
      return parent.right === value && /signal$/i.test(file.getText(parent.left));
    case 'LogicalExpression':
    case 'ConditionalExpression':
      return isSignalUse(file, parent) || parent.type === 'ConditionalExpression';
    case 'IfStatement':
    case 'UnaryExpression':
      return true;
    case 'CallExpression':
      return parent.callee !== value && !/\bkill$/.test(file.getText(parent.callee));
    case 'ArrayExpression':
      return true;
    default:
      return false;
  }
}

const readByType = new WeakMap<SourceFile, Map<string, string>>();

/** Another function of the file with a parameter of the same type reads the signal of it: so the type has one. */
function findReadElsewhere(file: SourceFile, annotation: Node): string | undefined {
  let known = readByType.get(file);
  if (!known) {
    known = new Map();
    for (const member of getFileIndex(file).members) {
      const name = getPropertyName(member);
      if (name === undefined || !SIGNAL_NAME.test(name)) continue;
      const object = skipWrappers(member.object);
      // (options as any).signal says nothing about the type.
      if (object !== member.object || object.type !== 'Identifier' || !isSignalUse(file, member)) continue;
      const [definition] = file.getVariable(object)?.defs ?? [];
      const type = definition?.type === 'Parameter' ? findAnnotation(definition.name.parent?.type === 'AssignmentPattern' ? definition.name.parent : definition.name) : undefined;
      if (type && isTelling(type)) known.set(file.getText(type), name);
    }
    readByType.set(file, known);
  }
  return isTelling(annotation) ? known.get(file.getText(annotation)) : undefined;
}

/** A named type; `any`, `object` and type parameters tell nothing. */
function isTelling(type: Node): boolean {
  if (type.type === 'TSIndexedAccessType') return true;
  return type.type === 'TSTypeReference' && getTypeName(type).length > 2 && !/^(?:Record|Object|Map|Promise|Array)$/.test(getTypeName(type));
}

/** request.signal, c.req.raw.signal: the way to the signal that the code itself takes from a request. */
function findRequestPath(variable: Variable): string[] | undefined {
  for (const { identifier } of variable.references) {
    const path: string[] = [];
    let value: Node = outermostWrapper(identifier);
    while (value.parent?.type === 'MemberExpression' && value.parent.object === value) {
      const name = getPropertyName(value.parent);
      if (name === undefined) break;
      path.push(name);
      if (name === 'signal') return path;
      value = outermostWrapper(value.parent);
    }
  }
  return undefined;
}

/** `@param {AbortSignal} name` in the comment above a function of plain JavaScript, or `@param {{ signal?: AbortSignal }} options`. */
function isDocumented(file: SourceFile, owner: FunctionNode, name: string): boolean {
  const comment = findComment(file, owner);
  const documented = comment.matchAll(/@param\s+\{([^}]*\bAbortSignal\b[^}]*)\}\s+\[?([\w$.?]+)/g);
  if ([...documented].some(([, , parameter]) => parameter!.replaceAll('?', '') === name)) return true;
  const [parameter, property] = name.split('.');
  const objects = comment.matchAll(/@param\s+\{\{([^{}]*)\}\}\s+\[?([\w$]+)/g);
  return [...objects].some(([, members, documentedName]) => documentedName === parameter && new RegExp(`\\b${property}\\s*\\??\\s*:\\s*AbortSignal\\b`).test(members!));
}

/** `@param {object} [options]` */
function isDocumentedOptional(file: SourceFile, owner: FunctionNode, name: string): boolean {
  return [...findComment(file, owner).matchAll(/@param\s+\{.*\}\s+\[([\w$]+)[\]=]/g)].some(([, parameter]) => parameter === name);
}

/** The documentation comment right above a function; empty where there is none. */
function findComment(file: SourceFile, owner: FunctionNode): string {
  let start: Node = owner;
  while (start.parent && start.parent.type !== 'Program' && !/(?:Statement|BlockStatement|ClassBody)$/.test(start.parent.type)) start = start.parent;
  const before = file.text.slice(Math.max(0, start.range[0] - 3000), start.range[0]);
  return /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(before)?.[0] ?? '';
}

/** Where libraries keep the signal in their options, when it is not at the top: `request.signal` of every Octokit type. */
const HOMES: readonly { readonly module: RegExp; readonly path: readonly string[] }[] = [
  // https://github.com/octokit/request.js/#request
  { module: /^@octokit\/(?:types|request|core|endpoint|rest|graphql)$/, path: ['request', 'signal'] },
];

/** The way to the signal in a type of a library that keeps it in an inner object. */
export function findMisplacedHome(file: SourceFile, annotation: Node): readonly string[] | undefined {
  const names = new Set<string>();
  const collect = (type: Node) => {
    if (type.type === 'TSTypeReference') {
      names.add(getTypeName(type));
      type.typeArguments?.params.forEach(collect);
    }
    if (type.type === 'TSIntersectionType' || type.type === 'TSUnionType') type.types.forEach(collect);
  };
  collect(annotation);
  for (const name of names) {
    const module = findTypeModule(file, name);
    const home = HOMES.find((candidate) => module !== '' && candidate.module.test(module));
    if (home) return home.path;
  }
  return undefined;
}

/** The functions around a node, nearest first. */
export function* getFunctionsAround(node: Node): Generator<FunctionNode> {
  for (let outer: Node | undefined = node.parent; outer; outer = outer.parent) if (isFunction(outer)) yield outer;
}
