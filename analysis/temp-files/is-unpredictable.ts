import type { SourceFile } from '../source-file.js';
import { type Node, isFunction } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';

const RANDOM_CALLS = /random(?:UUID|Bytes|Int|FillSync|String|Id|Name)?\b|nanoid|uuid|cuid|ulid|ksuid|createHash|digest|crypto|mkdtemp|tempy|tmpName|getRandomValues|unique|hash|shasum|sha\d/i;
const RANDOM_NAMES = /uuid|guid|random|nonce|hash|digest|token|salt|unique|nano|suffix|session|^id$|Id$|ID$|_id$|sha/;
/** Foreseeable though they sound otherwise: a clock, a process number, a generator that is not made for secrets. */
const FORESEEABLE = new Set(['global:Math.random', 'global:Date.now', 'global:process.pid', 'global:performance.now', 'global:process.hrtime', 'process:pid']);

/** Math.random().toString(36) */
const FORESEEABLE_TEXT = /\b(?:Math\.random|Date\.now|performance\.now)\b/g;

/** Whether the name that an expression makes up has a part that others cannot foresee, or one of which that is not known. */
export function isUnpredictable(expression: Node, file: SourceFile, depth = 0): boolean {
  if (depth > 6) return false;
  let isRandom = false;
  walk(expression, (node) => {
    if (isRandom || isFunction(node)) return false;
    if (FORESEEABLE.has(file.getOrigin(node) ?? '')) return false;
    if (node.type === 'CallExpression' && FORESEEABLE.has(file.getOrigin(node.callee) ?? '')) return false;
    if (node.type === 'CallExpression' && RANDOM_CALLS.test((file.getOrigin(node.callee) ?? file.getText(node.callee)).replace(FORESEEABLE_TEXT, ''))) isRandom = true;
    if (node.type === 'Identifier' && file.getReference(node)) isRandom ||= isRandomName(node, expression, file, depth);
    if (node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier' && RANDOM_NAMES.test(node.property.name)) isRandom = true;
    return !isRandom;
  });
  return isRandom;
}

function isRandomName(identifier: Node & { name: string }, expression: Node, file: SourceFile, depth: number): boolean {
  if (RANDOM_NAMES.test(identifier.name)) return true;
  const variable = file.getVariable(identifier);
  const value = variable && file.getOnlyValue(variable);
  return value !== undefined && value !== expression && isUnpredictable(value, file, depth + 1);
}
