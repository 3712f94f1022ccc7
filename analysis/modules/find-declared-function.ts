import type { SourceFile } from '../source-file.js';
import { type FunctionNode, isFunction, skipWrappers } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';

/** The function whose declared name stands at an offset: a declaration, a constant, or a static method, none of which can be overridden. */
export function findDeclaredFunction(file: SourceFile, name: string, offset: number): FunctionNode | undefined {
  let found: FunctionNode | undefined;
  walk(
    file.ast,
    (node) => {
      if (found || node.range[0] > offset || node.range[1] <= offset) return false;
      if (node.type !== 'Identifier' || node.range[0] !== offset || node.name !== name) return true;
      const { parent } = node;
      if (parent.type === 'FunctionDeclaration' && parent.id === node) found = parent;
      if (parent.type === 'VariableDeclarator' && parent.id === node && parent.init && parent.parent.kind === 'const') {
        const value = skipWrappers(parent.init);
        if (isFunction(value)) found = value;
      }
      if (parent.type === 'MethodDefinition' && parent.key === node && parent.static && isFunction(parent.value)) found = parent.value;
      return false;
    },
    file.visitorKeys,
  );
  return found?.body ? found : undefined;
}
