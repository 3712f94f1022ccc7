import type { Variable } from '../scopes/scope.js';
import { type Node, type TSESTree, getPropertyName, skipWrappers } from '../syntax/node.js';
import { isForgottenField } from './fields.js';
import { isCapturedEarlier } from './captures.js';
import type { ExploreContext } from './explore.js';
import { asList, isPlainList } from './lists.js';
import { type Shape, awaited, isHolding } from './shape.js';
import type { State } from './state.js';
import { getMemberShape } from './values.js';

/** The state after a target (a variable, a property, a pattern) has got a value; without a shape, one that is none of ours. */
export function bindValue(target: Node, shape: Shape | undefined, state: State, context: ExploreContext): State {
  if (state.phase === 'done') return state;
  const node = skipWrappers(target);
  switch (node.type) {
    case 'Identifier':
      return bindVariable(node, shape, state, context);
    case 'MemberExpression':
      return shape && isHolding(shape) ? bindMember(node, state, context) : state;
    case 'AssignmentPattern':
      return bindValue(node.left, shape, state, context);
    case 'TSParameterProperty':
      // constructor(private res: Response): a field.
      return shape && isHolding(shape) ? state.settle('transferred') : state;
    case 'RestElement':
      return bindValue(node.argument, shape, state, context);
    case 'ObjectPattern': {
      let next = state;
      for (const property of node.properties) {
        if (property.type === 'RestElement') {
          const rest = shape?.kind === 'part' && shape.isView ? undefined : shape;
          next = bindValue(property.argument, rest, next, context);
        } else next = bindValue(property.value, shape && getMemberShape(shape, getPropertyName(property), context.kind), next, context);
      }
      return next;
    }
    case 'ArrayPattern': {
      let next = state;
      for (const [index, element] of node.elements.entries()) {
        if (element) next = bindValue(element, shape && getMemberShape(shape, String(index), context.kind), next, context);
      }
      return next;
    }
    default:
      return shape && isHolding(shape) ? state.settle('transferred') : state;
  }
}

/** Stored in an object: its owner has it, unless it is the environment, or a class that never gives it back. */
function bindMember(member: TSESTree.MemberExpression, state: State, context: ExploreContext): State {
  const origin = context.file.getOrigin(member.object);
  if (origin === 'global:process.env' || origin === 'process:env') return state;
  if (isForgottenField(member, context)) return state;
  return state.settle('transferred');
}

function bindVariable(identifier: Node, shape: Shape | undefined, state: State, context: ExploreContext): State {
  const variable = context.file.getVariable(identifier);
  if (!variable) return shape && isHolding(shape) ? state.settle('transferred') : state;
  if (!shape) return state.dropHolder(variable);
  if (isHolding(shape)) {
    if (asList(awaited(shape)) && !isPlainList(variable)) return state.settle('transferred');
    if (isOuter(variable, context)) return state.settle('transferred');
    if (isCapturedEarlier(variable, shape, identifier.range[0], context)) return state.settle('transferred');
  }
  return state.hold(variable, shape);
}

/** Whether a variable lives longer than a run of the function: it belongs to an outer function or to the module. */
function isOuter(variable: Variable, context: ExploreContext): boolean {
  const { root } = context.graph;
  const { block } = variable.scope;
  if (root.type === 'Program') return false;
  return block.range[0] < root.range[0] || block.range[1] > root.range[1] || variable.scope.type === 'global' || variable.scope.type === 'module';
}
