import type { SourceFile } from '../../source-file.js';
import { findStatement, isArrowWithValue, placeBefore, placeInArrow } from '../../repairs/place-statement.js';
import type { TextEdit } from '../../repairs/text-edit.js';
import { type FunctionNode, type Node, findEnclosingFunction, isFunction, isWithin } from '../../syntax/node.js';
import { getSettleSites } from '../../timers/promise-executor.js';
import { isReleasedAround } from '../../timers/release-around.js';

/**
 * The edits that run `release` wherever the promise of an executor is settled behind `start` and does not run it yet. Undefined
 * where one of those places leaves no room for a statement.
 */
export function getSettleEdits(
  file: SourceFile,
  executor: FunctionNode,
  release: string,
  start: Node,
  isOwn: (node: Node) => boolean,
  isRelease: (call: Node) => boolean,
): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  const done = new Set<Node>();
  for (const { node, how, isCall } of getSettleSites(file, executor)) {
    if (isOwn(node)) continue;
    const owner = findEnclosingFunction(node);
    if (!owner || !isWithin(owner, executor)) return undefined;
    // There is nothing to release yet, and its name may not be declared.
    if (owner === executor && node.range[0] < start.range[0] && isCall) continue;
    if (owner !== executor && isReleasedAround(file, isCall ? node : node.parent!, owner, isRelease)) continue;
    if (!isCall) {
      const name = file.getText(node);
      const parameter = how === 'reject' ? 'error' : isVoid(file, executor) ? '' : 'value';
      edits.push({ start: node.range[0], end: node.range[1], text: `(${parameter}) => { ${release} ${name}(${parameter}); }` });
      continue;
    }
    const placed = placeRelease(file, node, owner, release, done);
    if (!placed) return undefined;
    edits.push(...placed);
  }
  return edits.length === 0 ? undefined : edits.sort((a, b) => a.start - b.start || a.end - b.end);
}

function placeRelease(file: SourceFile, call: Node, owner: FunctionNode, release: string, done: Set<Node>): TextEdit[] | undefined {
  if (isArrowWithValue(owner) && owner.body === call) return placeInArrow(owner, [release], file);
  const statement = findStatement(call);
  if (!statement || !isFunction(owner)) return undefined;
  if (done.has(statement)) return [];
  done.add(statement);
  return placeBefore(statement, [release], file);
}

/** new Promise<void>(…), and what a function returns whose type says `Promise<void>`: nobody passes a value. */
function isVoid(file: SourceFile, executor: FunctionNode): boolean {
  const creation = executor.parent;
  const [type] = creation.type === 'NewExpression' ? (creation.typeArguments?.params ?? []) : [];
  if (type) return type.type === 'TSVoidKeyword';
  const owner = findEnclosingFunction(creation);
  const isReturned = creation.parent?.type === 'ReturnStatement' || owner?.body === creation;
  return isReturned && owner?.returnType !== undefined && /^:\s*Promise<void>$/.test(file.getText(owner.returnType));
}
