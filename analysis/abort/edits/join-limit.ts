import type { TextEdit } from '../../repairs/text-edit.js';
import type { SourceFile } from '../../source-file.js';
import { type FunctionNode, type TSESTree, isFunction, outermostWrapper, skipWrappers } from '../../syntax/node.js';
import { findAnnotation, isSignalType } from '../signal-type.js';

/**
 * pool.submit(id, (signal) => run(job, { signal }))  →  pool.submit(id, (signal) => run(job, { signal: AbortSignal.any([signal, limit]) }))
 *
 * Where the work hands a signal of its own to a callback, which passes it on in one place.
 */
export function joinLimit(file: SourceFile, work: TSESTree.CallExpression, limit: string): TextEdit[] | undefined {
  const callbacks = work.arguments.map((argument) => skipWrappers(argument)).filter((argument) => isFunction(argument));
  const [callback, ...others] = callbacks;
  const signal = callback && others.length === 0 ? findSignalParameter(callback) : undefined;
  const uses = (signal && file.getVariable(signal)?.references.filter((reference) => !reference.init)) ?? [];
  const [only, ...more] = uses;
  if (!only || more.length > 0) return undefined;
  const { identifier } = only;
  const joined = `AbortSignal.any([${file.getText(identifier)}, ${limit}])`;
  const { parent } = outermostWrapper(identifier);
  const [start, end] = identifier.range;
  if (parent?.type === 'Property' && parent.value === identifier) return [{ start, end, text: parent.shorthand ? `${file.getText(identifier)}: ${joined}` : joined }];
  return parent?.type === 'CallExpression' && parent.callee !== identifier ? [{ start, end, text: joined }] : undefined;
}

/** (signal) => …, (job, signal: AbortSignal) => … */
function findSignalParameter({ params }: FunctionNode): TSESTree.Parameter | undefined {
  return params.find((parameter) => {
    const annotation = findAnnotation(parameter);
    return parameter.type === 'Identifier' && (annotation ? isSignalType(annotation) : /^(?:signal|abortSignal)$/.test(parameter.name));
  });
}
