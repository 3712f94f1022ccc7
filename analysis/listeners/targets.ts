import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type FunctionNode, type Node, findEnclosingClass, findEnclosingFunction, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';

/**
 * What an emitter lives as long as. *process* and *page*: the program. *module*: a variable of the module or an import.
 * *self*: `this`. *field*: `this.x`. *parameter*: what a caller handed over. *local*: a variable of `home`.
 */
export type TargetKind = 'process' | 'page' | 'module' | 'self' | 'field' | 'parameter' | 'local' | 'unknown';

export interface Target {
  readonly kind: TargetKind;
  /** Equal for the same emitter; as it would be written. */
  readonly key: string;
  readonly variable?: Variable | undefined;
  /** The function that declares the variable at the root. */
  readonly home?: FunctionNode | undefined;
  /** The first name below `this`. */
  readonly field?: string | undefined;
  /** The last name, which says what the emitter is. */
  readonly name: string;
  /** Whether it is the variable itself, not a member of it. */
  readonly isDirect: boolean;
}

const PAGE = /^global:(?:default|window|document|self|globalThis|visualViewport|navigator|screen|history|location)(?:\.|$)/;
const PROCESS = /^(?:global:process|process:default|process:process)(?=\.|$)/;

/** Where an emitter comes from. */
export function getTarget(file: SourceFile, expression: Node, depth = 0): Target {
  const node = skipWrappers(expression);
  const origin = file.getOrigin(node);
  const fromProcess = origin?.match(PROCESS);
  if (fromProcess) {
    const key = `process${origin!.slice(fromProcess[0].length)}`;
    return { kind: key.includes('()') ? 'unknown' : 'process', key, name: key.split('.').at(-1)!, isDirect: key === 'process' };
  }
  if (/^process:std(?:in|out|err)$/.test(origin ?? '')) return { kind: 'process', key: origin!.replace(':', '.'), name: origin!.slice(8), isDirect: false };
  if (origin && isPage(origin)) {
    const key = origin.slice(7) === 'default' ? 'window' : origin.slice(7).replace(/^globalThis$|^self$/, 'window');
    return { kind: 'page', key, name: key.split('.').at(-1)!, isDirect: true };
  }
  const names: string[] = [];
  let root: Node = node;
  while (root.type === 'MemberExpression') {
    const name = getPropertyName(root);
    if (name === undefined) return unknown(file, node);
    names.unshift(name);
    root = skipWrappers(root.object);
  }
  const key = file.getText(node).replace(/\?\.|!/g, (mark) => (mark === '!' ? '' : '.'));
  const name = names.at(-1);
  if (root.type === 'ThisExpression') {
    if (names.length === 0) return { kind: 'self', key, name: 'this', isDirect: true };
    return { kind: 'field', key, field: names[0], name: name!, isDirect: names.length === 1 };
  }
  if (root.type !== 'Identifier') return unknown(file, node);
  const variable = file.getVariable(root);
  const [definition] = variable?.defs ?? [];
  if (!variable || !definition) return unknown(file, node);
  const common = { key, variable, name: name ?? root.name, isDirect: names.length === 0 };
  if (definition.type === 'ImportBinding') return { kind: 'module', ...common };
  const block = variable.scope.variableScope.block;
  if (definition.type === 'Parameter') return { kind: 'parameter', ...common, home: isFunction(block) ? block : undefined };
  // const { server } = options, const socket = request.socket: as long-lived as what it was taken from.
  const taken = findSource(file, variable, definition.node);
  if (taken && depth < 5) {
    const source = getTarget(file, taken, depth + 1);
    if (source.kind !== 'unknown') return { ...source, key: names.length === 0 && source.kind !== 'process' && source.kind !== 'page' ? source.key : common.key, name: common.name, variable: source.variable ?? variable, isDirect: false };
  }
  if (!isFunction(block)) return { kind: 'module', ...common };
  return { kind: 'local', ...common, home: block };
}

function isPage(origin: string): boolean {
  if (!PAGE.test(origin)) return false;
  // document.getElementById(…), window.matchMedia(…) and new window.X() are made anew.
  return !origin.includes('()') && !origin.includes('.prototype') && origin.split('.').length <= 2;
}

/** The expression that a variable only gives another name to. */
function findSource(file: SourceFile, variable: Variable, declarator: Node): Node | undefined {
  if (declarator.type !== 'VariableDeclarator' || !declarator.init) return undefined;
  if (declarator.id.type === 'ObjectPattern') {
    const init = skipWrappers(declarator.init);
    return init.type === 'Identifier' || init.type === 'MemberExpression' || init.type === 'ThisExpression' ? init : undefined;
  }
  const value = file.getOnlyValue(variable);
  const inner = value && skipWrappers(value);
  return inner?.type === 'MemberExpression' || inner?.type === 'Identifier' || inner?.type === 'ThisExpression' ? inner : undefined;
}

function unknown(file: SourceFile, node: Node): Target {
  return { kind: 'unknown', key: file.getText(node), name: '', isDirect: false };
}

/** The values that a class gives to `this.name`, parameters with an accessibility included (as the parameter itself). */
export function getFieldValues(file: SourceFile, from: Node, name: string): Node[] {
  const owner = findEnclosingClass(from);
  if (!owner) return [];
  const values: Node[] = [];
  walk(
    owner.body,
    (node) => {
      if (node.type === 'PropertyDefinition' && node.value && node.parent === owner.body && getPropertyName(node) === name) values.push(node.value);
      if (node.type === 'AssignmentExpression' && isFieldNamed(node.left, name)) values.push(node.right);
      if (node.type === 'TSParameterProperty') {
        const { parameter } = node;
        const id = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
        if (id.type === 'Identifier' && id.name === name) values.push(id);
      }
    },
    file.visitorKeys,
  );
  return values.map(skipWrappers).filter((value) => !(value.type === 'Literal') && !(value.type === 'Identifier' && value.name === 'undefined'));
}

function isFieldNamed(node: Node, name: string): boolean {
  const member = skipWrappers(node);
  return member.type === 'MemberExpression' && skipWrappers(member.object).type === 'ThisExpression' && getPropertyName(member) === name;
}

/** Whether `this.name` gets a value somewhere in `root`, so that a listener on it is one for each value. */
export function assignsField(file: SourceFile, root: Node, name: string): boolean {
  let found = false;
  walk(
    root,
    (node) => {
      if (node.type === 'AssignmentExpression' && isFieldNamed(node.left, name)) found = true;
      return !found;
    },
    file.visitorKeys,
  );
  return found;
}

/** The function whose body a node runs in, looking through executors and callbacks that run on the spot. */
export function findRunningFunction(file: SourceFile, node: Node, runsInPlace: (file: SourceFile, nested: FunctionNode) => boolean): FunctionNode | undefined {
  let current = findEnclosingFunction(node);
  while (current && runsInPlace(file, current)) {
    const outer = findEnclosingFunction(current);
    if (!outer) return undefined;
    current = outer;
  }
  return current;
}
