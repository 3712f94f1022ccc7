import type { EdgeKind, Graph, Point } from '../control-flow/graph.js';
import { type Node, skipWrappers } from '../syntax/node.js';

const groupsOf = new WeakMap<Graph, Map<Node, Point[]>>();

/**
 * Whether the outcome of a test settles if `target` is reached: some way out of the whole condition leads there, and some
 * way out leads past it.
 */
export function decides(test: Point, target: Point, graph: Graph): boolean {
  const group = new Set(getGroup(test, graph));
  const targets = new Set(graph.points.filter((point) => point.node === target.node && point.kind === target.kind));
  // while (this.locked) await sleep(10): what follows waits for the answer
  const isWaiting = test.node.parent?.type === 'WhileStatement' && test.node.parent.test === test.node;
  let leads = false;
  let avoids = false;
  for (const point of group) {
    for (const edge of point.edges) {
      if (edge.kind === 'throw') continue;
      const { reaches, leaves } = look(edge.to, group, targets, graph);
      if (reaches) leads = true;
      else if (leaves || isWaiting) avoids = true;
    }
  }
  return leads && avoids;
}

/** The kinds of edge by which a test itself lets a path through to `target`. */
export function decidingEdges(test: Point, target: Point, graph: Graph): EdgeKind[] {
  const group = new Set([test]);
  const targets = new Set(graph.points.filter((point) => point.node === target.node && point.kind === target.kind));
  return test.edges.filter((edge) => edge.kind !== 'throw' && look(edge.to, group, targets, graph).reaches).map((edge) => edge.kind);
}

/** What can be reached from a point without the condition being tested again. */
function look(from: Point, group: ReadonlySet<Point>, targets: ReadonlySet<Point>, graph: Graph): { reaches: boolean; leaves: boolean } {
  const seen = new Set([from]);
  let leaves = false;
  for (const point of seen) {
    if (targets.has(point)) return { reaches: true, leaves };
    if (group.has(point)) {
      // while (!this.ready) await tick(): round again
      continue;
    }
    if (point === graph.exit || point.kind === 'throw' || point.kind === 'return') leaves = true;
    for (const edge of point.edges) seen.add(edge.to);
  }
  return { reaches: false, leaves };
}

/** The branch points of the whole condition that a test is part of: `!a || b` is two. */
function getGroup(test: Point, graph: Graph): readonly Point[] {
  const root = getConditionRoot(test);
  let groups = groupsOf.get(graph);
  if (!groups) {
    groups = new Map();
    groupsOf.set(graph, groups);
    for (const point of graph.points) {
      if (point.kind !== 'branch') continue;
      const key = getConditionRoot(point);
      const members = groups.get(key);
      if (members) members.push(point);
      else groups.set(key, [point]);
    }
  }
  return groups.get(root) ?? [test];
}

function getConditionRoot(point: Point): Node {
  if (point.discriminant) return point.node;
  let node = point.node;
  for (;;) {
    const parent = node.parent;
    if (!parent) return node;
    const isInner = parent.type === 'LogicalExpression' || (parent.type === 'UnaryExpression' && parent.operator === '!') || skipWrappers(parent) === node;
    // The value of `a ?? b` is no condition of its own where it is returned or assigned.
    if (!isInner || skipWrappers(parent) !== skipWrappers(node) && parent.type === 'LogicalExpression' && !isTestPosition(parent)) return node;
    node = parent;
  }
}

function isTestPosition(expression: Node): boolean {
  let node = expression;
  for (;;) {
    const parent = node.parent;
    if (!parent) return false;
    switch (parent.type) {
      case 'IfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ForStatement':
      case 'ConditionalExpression':
        return parent.test === node;
      case 'LogicalExpression':
      case 'UnaryExpression':
        node = parent;
        break;
      default:
        if (skipWrappers(parent) === skipWrappers(node) && parent !== node) {
          node = parent;
          break;
        }
        return false;
    }
  }
}
