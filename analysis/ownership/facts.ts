import type { Graph } from '../control-flow/graph.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type Node, getPropertyName, skipWrappers } from '../syntax/node.js';
import type { Fact, State } from './state.js';

/** The tests of one graph that are worth remembering: those that a later test or an assigned flag depends on. */
export interface FactTable {
  /** How many tests of the function ask this. */
  readonly tests: ReadonlyMap<string, number>;
  readonly variables: ReadonlyMap<string, readonly Variable[]>;
  /** What the outcome of a test says about constants that were computed from the same question. */
  readonly implications: ReadonlyMap<string, readonly Implication[]>;
}

/** `const isNew = a === b || c`: where `a === b` is true, `isNew` is. */
interface Implication {
  readonly when: boolean;
  readonly key: string;
  readonly fact: Fact;
}

export function collectFacts(graph: Graph, file: SourceFile): FactTable {
  const nodes = new Map<string, Set<Node>>();
  const variables = new Map<string, readonly Variable[]>();
  for (const { kind, node } of graph.points) {
    if (kind !== 'branch') continue;
    const question = getQuestion(node, file);
    if (!question) continue;
    nodes.set(question.key, (nodes.get(question.key) ?? new Set()).add(node));
    variables.set(question.key, question.variables);
  }
  return { tests: new Map([...nodes].map(([key, asked]) => [key, asked.size])), variables, implications: collectImplications(nodes, file) };
}

function collectImplications(tests: ReadonlyMap<string, ReadonlySet<Node>>, file: SourceFile): Map<string, Implication[]> {
  const implications = new Map<string, Implication[]>();
  const add = (part: Node, key: string, isDisjunction: boolean | undefined): void => {
    const node = skipWrappers(part);
    if (node.type === 'LogicalExpression' && node.operator !== '??') {
      const isOr = node.operator === '||';
      if (isDisjunction !== undefined && isDisjunction !== isOr) return;
      add(node.left, key, isOr);
      add(node.right, key, isOr);
      return;
    }
    const isNot = node.type === 'UnaryExpression' && node.operator === '!';
    const question = getQuestion(isNot ? node.argument : node, file);
    if (!question || question.key === key) return;
    const isReversed = isNot !== question.isNegated;
    // Of `a || b` a true part tells, of `a && b` a false one, of a single question both.
    for (const part of isDisjunction === undefined ? [true, false] : [isDisjunction]) {
      const known = implications.get(question.key) ?? [];
      known.push({ when: part !== isReversed, key, fact: part ? 'truthy' : 'falsy' });
      implications.set(question.key, known);
    }
  };
  for (const [key, asked] of tests) {
    const [test] = asked;
    const node = test && skipWrappers(test);
    const variable = node?.type === 'Identifier' && node.name === key ? file.getVariable(node) : undefined;
    const value = variable && file.getOnlyValue(variable);
    if (value) add(value, key, undefined);
  }
  return implications;
}

/** What a test without side effects asks, as a text that is the same for the same question. */
export function getQuestion(test: Node, file: SourceFile): { key: string; isNegated: boolean; variables: readonly Variable[] } | undefined {
  const node = skipWrappers(test);
  const variables: Variable[] = [];
  const path = getPath(node, file, variables);
  if (path !== undefined) return { key: path, isNegated: false, variables };
  if (node.type !== 'BinaryExpression') return undefined;
  const isEquality = /^[!=]==?$/.test(node.operator);
  const left = getPath(node.left, file, variables);
  const right = getPath(node.right, file, variables);
  if (left === undefined || right === undefined) return undefined;
  if (!isEquality) return { key: `${left} ${node.operator} ${right}`, isNegated: false, variables };
  return { key: `${left} ${node.operator.replace('!', '=')} ${right}`, isNegated: node.operator.startsWith('!'), variables };
}

/** The fact that is known about a test on this path, if any. */
export function recallFact(test: Node, state: State, file: SourceFile): boolean | 'nullish' | undefined {
  const question = getQuestion(test, file);
  const fact = question && state.facts.get(question.key);
  if (!fact) return undefined;
  if (fact === 'nullish') return question.isNegated ? true : 'nullish';
  return (fact === 'truthy') !== question.isNegated;
}

/** Notes the outcome of a test, where another test of the function asks the same. */
export function noteFact(test: Node, outcome: boolean | 'nullish' | 'present', state: State, table: FactTable, file: SourceFile): State {
  if (outcome === 'present') return state;
  const question = getQuestion(test, file);
  if (!question) return state;
  const fact: Fact = outcome === 'nullish' ? 'nullish' : outcome !== question.isNegated ? 'truthy' : 'falsy';
  let facts: Map<string, Fact> | undefined;
  for (const { when, key, fact: implied } of table.implications.get(question.key) ?? []) {
    if (when === (fact === 'truthy')) (facts ??= new Map(state.facts)).set(key, implied);
  }
  if ((table.tests.get(question.key) ?? 0) >= 2) (facts ??= new Map(state.facts)).set(question.key, fact);
  return facts ? state.with({ facts }) : state;
}

/** After an assignment: forgets what was known of the target, and notes the truth of an assigned constant. */
export function assignFact(target: Node, value: Node | undefined, state: State, table: FactTable, file: SourceFile): State {
  const node = skipWrappers(target);
  let facts: Map<string, Fact> | undefined;
  if (node.type === 'Identifier') {
    const variable = file.getVariable(node);
    for (const key of state.facts.keys()) {
      if (variable && table.variables.get(key)?.includes(variable)) (facts ??= new Map(state.facts)).delete(key);
    }
    const truth = value && getKnownTruth(value);
    if (truth && variable && isAskedAbout(variable, table)) (facts ??= new Map(state.facts)).set(node.name, truth);
  } else if (node.type === 'MemberExpression') {
    for (const key of state.facts.keys()) if (key.includes('.')) (facts ??= new Map(state.facts)).delete(key);
    const path = getPath(node, file, []);
    const truth = value && getKnownTruth(value);
    if (truth && path !== undefined && table.tests.has(path)) (facts ??= new Map(state.facts)).set(path, truth);
  }
  return facts ? state.with({ facts }) : state;
}

function isAskedAbout(variable: Variable, table: FactTable): boolean {
  for (const variables of table.variables.values()) if (variables.includes(variable)) return true;
  return false;
}

function getKnownTruth(value: Node): Fact | undefined {
  const node = skipWrappers(value);
  switch (node.type) {
    case 'Literal':
      if (node.value === null && !('regex' in node)) return 'nullish';
      return 'regex' in node || node.value ? 'truthy' : 'falsy';
    case 'Identifier':
      return node.name === 'undefined' ? 'nullish' : undefined;
    case 'ArrayExpression':
    case 'ObjectExpression':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'NewExpression':
      return 'truthy';
    default:
      return undefined;
  }
}

function getPath(expression: Node, file: SourceFile, variables: Variable[]): string | undefined {
  const node = skipWrappers(expression);
  switch (node.type) {
    case 'Identifier': {
      const variable = file.getVariable(node);
      if (variable) variables.push(variable);
      return node.name;
    }
    case 'ThisExpression':
      return 'this';
    case 'Literal':
      return node.raw;
    case 'MemberExpression': {
      const name = getPropertyName(node);
      const object = name === undefined ? undefined : getPath(node.object, file, variables);
      return object === undefined ? undefined : `${object}.${name}`;
    }
    case 'UnaryExpression':
      if (node.operator === 'typeof') {
        const inner = getPath(node.argument, file, variables);
        return inner === undefined ? undefined : `typeof ${inner}`;
      }
      return undefined;
    default:
      return undefined;
  }
}
