import type { Leak } from '../ownership/find-leaks.js';
import type { Variable } from '../scopes/scope.js';
import type { SourceFile } from '../source-file.js';
import { type Node, isFunction, outermostWrapper } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { usesHeld } from './held.js';

/** Whether a statement does more than look at the elements of a list, or at what was made of them: `res.json()` in a loop over it. */
export function usesElement(statement: Node, list: Variable, leak: Leak, file: SourceFile): boolean {
  return [list, ...findElements(list, file)].some((variable) => usesHeld(statement, variable, leak));
}

/** The variables that get an element or a part of a list, or of such a part. */
export function findElements(list: Variable, file: SourceFile, known = new Set<Variable>([list])): Variable[] {
  return list.references.flatMap(({ identifier }) =>
    findDerived(outermostWrapper(identifier), file).flatMap((variable) => {
      if (known.has(variable)) return [];
      known.add(variable);
      return [variable, ...findElements(variable, file, known)];
    }),
  );
}

/** Of a loop over it, of a method's result, of a callback's parameter. */
function findDerived(list: Node, file: SourceFile): Variable[] {
  const { parent } = list;
  if (parent?.type === 'ForOfStatement' && parent.right === list) return getNamed(parent.left, file);
  if (parent?.type !== 'MemberExpression') return parent?.type === 'VariableDeclarator' ? getNamed(parent.id, file) : [];
  const call = outermostWrapper(parent).parent;
  if (call?.type !== 'CallExpression') return [];
  const declarator = outermostWrapper(call).parent;
  // for (const [index, res] of list.entries())
  if (declarator?.type === 'ForOfStatement') return getNamed(declarator.left, file);
  const parameters = call.arguments.flatMap((argument) => (isFunction(argument) && argument.params[0] ? getNamed(argument.params[0], file) : []));
  return declarator?.type === 'VariableDeclarator' ? [...parameters, ...getNamed(declarator.id, file)] : parameters;
}

function getNamed(pattern: Node, file: SourceFile): Variable[] {
  const variables: Variable[] = [];
  walk(
    pattern,
    (node) => {
      const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
      if (variable) variables.push(variable);
    },
    file.visitorKeys,
  );
  return variables;
}
