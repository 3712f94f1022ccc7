import type { SourceFile } from '../../source-file.js';
import type { Node } from '../../syntax/node.js';

/** `process.env` */
export function isEnvironment(object: Node, file: SourceFile): boolean {
  const origin = file.getOrigin(object);
  return origin === 'global:process.env' || origin === 'process:env';
}
