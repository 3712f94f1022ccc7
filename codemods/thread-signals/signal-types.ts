import { ts } from 'ts-morph';
import type { Node, TypeProvider } from 'watertight-analysis';
import { findNodeAt } from './file-pair.js';
import type { ProgramFiles } from './program-files.js';

/** Whether a type is an abort signal, perhaps also nullish. */
export function isSignal(type: ts.Type): boolean {
  if (type.isUnion()) {
    const parts = type.types.filter((part) => (part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) === 0);
    return parts.length > 0 && parts.every(isSignal);
  }
  return type.symbol?.name === 'AbortSignal';
}

/**
 * The answers about signals that the compiler has for one file. Functions of libraries are left out: whether to hand
 * them a signal is for their own catalogue to say.
 */
export function createSignalTypes(tree: ts.SourceFile, files: Pick<ProgramFiles, 'checker' | 'hasMember'>): TypeProvider {
  const { checker } = files;
  const unknown = () => undefined;
  return {
    getTypeNames: unknown,
    hasMembers: unknown,
    isPromise: unknown,
    getDisposal: unknown,
    isNever: unknown,
    getSignalProperty(node) {
      const found = findNodeAt(tree, ...node.range);
      return found && findSignalProperty(checker.getNonNullableType(checker.getTypeAtLocation(found)), checker);
    },
    getSignalParameter: (call) => findSignalParameter(call, tree, files),
  };
}

function findSignalProperty(type: ts.Type, checker: ts.TypeChecker): string | undefined {
  return ['signal', 'abortSignal'].find((name) => {
    const property = checker.getPropertyOfType(type, name);
    return property !== undefined && isSignal(checker.getTypeOfSymbol(property));
  });
}

function findSignalParameter(call: Node, tree: ts.SourceFile, files: Pick<ProgramFiles, 'checker' | 'hasMember'>): ReturnType<TypeProvider['getSignalParameter']> {
  const { checker } = files;
  const node = findNodeAt(tree, ...call.range);
  if (!node || !ts.isCallExpression(node)) return undefined;
  // To ask for the signature of every `map` and `push` takes longer than all the rest.
  if (ts.isPropertyAccessExpression(node.expression) && !files.hasMember(node.expression.name.text)) return undefined;
  const signature = checker.getResolvedSignature(node);
  const declaration = signature?.getDeclaration();
  if (!signature || !declaration || declaration.getSourceFile().isDeclarationFile) return undefined;
  const isScript = isJavaScript(declaration.getSourceFile().fileName);
  for (const [index, parameter] of signature.getParameters().entries()) {
    const type = checker.getNonNullableType(checker.getTypeOfSymbol(parameter));
    if (isSignal(type) || (isScript && isUntyped(type) && parameter.name === 'signal')) return { index };
    const property = findSignalProperty(type, checker) ?? (isScript && hasUntypedSignal(type, checker) ? 'signal' : undefined);
    if (property !== undefined) return { index, property };
  }
  return undefined;
}

/** function get(url, { signal } = {}) */
function hasUntypedSignal(type: ts.Type, checker: ts.TypeChecker): boolean {
  const property = checker.getPropertyOfType(type, 'signal');
  return property !== undefined && isUntyped(checker.getTypeOfSymbol(property));
}

function isUntyped(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Any) !== 0;
}

export function isJavaScript(path: string): boolean {
  return /\.[cm]?jsx?$/.test(path);
}
