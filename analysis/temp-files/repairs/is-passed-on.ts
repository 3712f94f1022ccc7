import type { SourceFile } from '../../source-file.js';
import { type CallLike, outermostWrapper } from '../../syntax/node.js';
import { isEnvironment } from './is-environment.js';
import type { PathUses } from './find-keeps.js';

/** Calls that make, change or remove a file, and tell nobody of it. */
const SILENT = /(?:write\w*|append\w*|output\w*|mkdir\w*|ensure\w*|rm|rmSync|unlink\w*|remove\w*|chmod\w*|dirname|log|debug)$/;

/**
 * Whether the path is given to anything that reads it, by argument or through the environment. A file that is only written is
 * found by others under its name, which must stay.
 */
export function isPassedOn(site: CallLike, { variables }: PathUses, file: SourceFile): boolean {
  for (const variable of variables) {
    for (const { identifier } of variable.references) {
      if (identifier.range[0] < site.range[1]) continue;
      const { parent } = outermostWrapper(identifier);
      if (parent?.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression' && isEnvironment(parent.left.object, file)) return true;
      const isSilent = (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') && SILENT.test(file.getText(parent.callee));
      if (!isSilent && parent?.type !== 'MemberExpression') return true;
    }
  }
  return false;
}
