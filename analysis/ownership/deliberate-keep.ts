import type { ResourceKind } from '../resources/resource-kind.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getCalleeName, getPropertyName, isFunction, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { matchesCallee } from './acquisitions.js';
import type { State } from './state.js';
import { getShape } from './values.js';

const PURPOSE = /keep|preserve|persist|retain|debug|verbose|moved|renamed|committed|skip_?clean|no_?clean|clean_?up|auto_?clean|leave|dry/i;

interface Context {
  readonly kind: ResourceKind;
  readonly file: SourceFile;
}

/**
 * Whether a test, with this outcome, leads around the release that it guards, and says that this is meant:
 * `if (!options.keepTemp) rmSync(dir)`, `if (!tmp.moved) await rm(tmp.target)`.
 */
export function isKeptOnPurpose(test: Node, outcome: boolean, state: State, context: Context): boolean {
  if (state.phase !== 'held' || context.kind.typeOf !== 'string' || !namesPurpose(test, context.file)) return false;
  let value = outcome;
  let node = outermostWrapper(test);
  while (node.parent) {
    const { parent } = node;
    if (parent.type === 'UnaryExpression' && parent.operator === '!') value = !value;
    // Of `a && b` a false part decides, of `a || b` a true one.
    else if (parent.type !== 'LogicalExpression' || value !== (parent.operator === '||')) break;
    node = outermostWrapper(parent);
  }
  const { parent } = node;
  if (parent?.type === 'LogicalExpression') return parent.operator === '&&' && !value && releases(parent.right, state, context);
  if (parent?.type !== 'IfStatement' || parent.test !== node) return false;
  const released = value ? parent.alternate : parent.consequent;
  return released ? releases(released, state, context) : value && leaves(parent);
}

/** if (options.keep) return; */
function leaves({ consequent }: TSESTree.IfStatement): boolean {
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  return last?.type === 'ReturnStatement' && !last.argument;
}

function namesPurpose(test: Node, file: SourceFile): boolean {
  return PURPOSE.test(file.getText(test));
}

function releases(branch: Node, state: State, { kind, file }: Context): boolean {
  let isFound = false;
  walk(branch, (node) => {
    if (isFound || isFunction(node)) return false;
    if (node.type !== 'CallExpression') return true;
    const callee = skipWrappers(node.callee);
    const holds = (argument: Node) => argument.type !== 'SpreadElement' && getShape(argument, state, kind, file)?.kind === 'resource';
    if (node.arguments.some(holds)) {
      const name = getCalleeName(node.callee);
      isFound = matchesCallee((kind.releasers ?? []).flatMap(({ calls }) => calls), node, file) || (kind.releaserNames !== undefined && name !== undefined && new RegExp(kind.releaserNames, 'i').test(name));
    }
    if (callee.type === 'MemberExpression' && holds(callee.object)) isFound ||= kind.methods?.[getPropertyName(callee) ?? ''] === 'release';
    return true;
  });
  return isFound;
}
