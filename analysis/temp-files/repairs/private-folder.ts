import { findFreshName } from '../../abort/edits/guard-rest.js';
import { getStatements } from '../../repairs/guard-statements.js';
import type { ResourceRepair, ResourceStyle } from '../../repairs/resource-repair.js';
import type { Variable } from '../../scopes/scope.js';
import type { SourceFile } from '../../source-file.js';
import { type CallLike, type Node, getEnclosingRoot, isFunction, outermostWrapper, skipWrappers } from '../../syntax/node.js';
import type { PathUses } from './find-keeps.js';
import { isPassedOn } from './is-passed-on.js';
import { isWithinBlock, writeScope } from './scoped-creation.js';

/** What may be done with a path before its file is there, and leaves no trace of an earlier file. */
const PREPARING = /(?:mkdir(?:Sync|p)?|mkdirs|ensureDir(?:Sync)?|dirname|log|debug|info|join|basename|rm|rmSync|unlink|unlinkSync|remove)$/;

/**
 * const file = join(tmpdir(), 'report.csv');
 * →
 * await using tempDir = await createTempDir();
 * const file = join(tempDir.path, 'report.csv');
 *
 * Undefined where a file of that name may be wanted from an earlier time: something asks for it before it is written; or where others find it by its name.
 */
export function getPrivateFolder(site: CallLike, uses: PathUses, file: SourceFile, style: ResourceStyle): ResourceRepair | undefined {
  const path = site.arguments[0] && skipWrappers(site.arguments[0]);
  const variable = path?.type === 'Identifier' ? file.getVariable(path) : undefined;
  const [definition] = variable?.defs ?? [];
  const declarator = definition?.node;
  if (!variable || declarator?.type !== 'VariableDeclarator' || !declarator.init || declarator.parent.declarations.length !== 1) return undefined;
  const place = declarator.parent;
  const shared = findSharedFolder(skipWrappers(declarator.init), file);
  const statements = getStatements(place);
  const name = findFreshName(file, ['tempDir', 'tempFolder', 'temporary', 'ownTempDir'], site);
  if (!shared || !statements || name === undefined || !isWithinBlock(uses, place) || isAskedFor(variable, site, file) || !isPassedOn(site, uses, file)) return undefined;
  const root = getEnclosingRoot(site);
  const isAsync = root.type === 'Program' || (isFunction(root) && root.async);
  const creation = { helper: isAsync ? 'createTempDir' : 'createTempDirSync', options: '' } as const;
  return writeScope({ place, statements, name, creation, value: shared, uses }, file, style);
}

/** `os.tmpdir()` where a path starts with it. */
function findSharedFolder(node: Node, file: SourceFile): Node | undefined {
  if (file.getOrigin(node) === 'os:tmpdir()' && node.type === 'CallExpression') return node;
  switch (node.type) {
    case 'CallExpression': {
      const [first] = node.arguments;
      return first && /^path:(?:posix\.)?(?:join|resolve)$/.test(file.getOrigin(node.callee) ?? '') ? findSharedFolder(skipWrappers(first), file) : undefined;
    }
    case 'TemplateLiteral':
      return node.quasis[0]!.value.raw === '' && node.expressions[0] ? findSharedFolder(skipWrappers(node.expressions[0]), file) : undefined;
    case 'BinaryExpression':
      return node.operator === '+' ? findSharedFolder(skipWrappers(node.left), file) : undefined;
    default:
      return undefined;
  }
}

function isAskedFor(variable: Variable, site: CallLike, file: SourceFile): boolean {
  return variable.references.some(({ identifier, init }) => {
    if (init || identifier.range[0] >= site.range[0]) return false;
    const { parent } = outermostWrapper(identifier);
    return parent?.type !== 'CallExpression' || !PREPARING.test(file.getText(parent.callee));
  });
}
