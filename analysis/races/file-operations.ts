import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { getWords } from './words.js';

/** *access*: asks if a file may be used. *exists*: asks if it is there. *read*, *write*, *use*: works with it. */
export type FileOperationKind = 'access' | 'exists' | 'read' | 'write' | 'use';

export interface FileOperation {
  readonly kind: FileOperationKind;
  readonly node: TSESTree.CallExpression;
  /** The function as the module names it: `readFile`. */
  readonly name: string;
  readonly path: Node;
  /** What is written. */
  readonly data: Node | undefined;
  readonly isAwaited: boolean;
  /** Of a helper: whether what it reads is parsed, or what it writes is a record. */
  readonly isRecord?: boolean;
}

const KINDS: Readonly<Record<string, FileOperationKind>> = {
  access: 'access',
  exists: 'exists',
  existsSync: 'exists',
  pathExists: 'exists',
  stat: 'exists',
  lstat: 'exists',
  statSync: 'exists',
  readFile: 'read',
  readFileSync: 'read',
  readJson: 'read',
  readJSON: 'read',
  writeFile: 'write',
  writeFileSync: 'write',
  writeJson: 'write',
  writeJSON: 'write',
  outputFile: 'write',
  outputJson: 'write',
  outputJSON: 'write',
  open: 'use',
  appendFile: 'use',
};

/** A call into `fs`, `fs/promises` or a package with the same functions; also a helper whose name says that it looks for a file. */
export function getFileOperation(node: Node, file: SourceFile): FileOperation | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const [path, data] = node.arguments;
  if (!path || path.type === 'SpreadElement') return undefined;
  const name = getModuleFunction(node, file) ?? getHelperName(node);
  const kind = name === undefined ? undefined : KINDS[name];
  if (!kind) return undefined;
  const isAwaited = outermostWrapper(node).parent?.type === 'AwaitExpression';
  return { kind, node, name: name!, path, data: kind === 'write' ? data : undefined, isAwaited };
}

function getModuleFunction(call: TSESTree.CallExpression, file: SourceFile): string | undefined {
  const origin = file.getOrigin(call.callee);
  return origin && /^(?:fs|fs-extra|graceful-fs)(?:\/promises)?:(?:promises\.)?(\w+)$/.exec(origin)?.[1];
}

/** await fileExists(path), await pathExists(path) */
function getHelperName(call: TSESTree.CallExpression): string | undefined {
  const callee = skipWrappers(call.callee);
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? getPropertyName(callee) : undefined;
  if (name === undefined || call.arguments.length > 2) return undefined;
  const words = getWords(name);
  const isAboutFiles = words.some((word) => word === 'file' || word === 'path' || word === 'dir' || word === 'directory');
  return isAboutFiles && words.includes('exists') ? 'exists' : undefined;
}

/** The same text for the same path. */
export function getPathKey(path: Node, file: SourceFile): string {
  return file.getText(skipWrappers(path)).replace(/\s+/g, ' ');
}
