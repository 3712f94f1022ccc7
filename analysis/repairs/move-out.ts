import type { SourceFile } from '../source-file.js';
import type { Node } from '../syntax/node.js';
import { getIndent } from './text-layout.js';

/** The text of a node that stood on a deeper line than `place`, with its further lines as deep as those of `place`. */
export function moveOut(file: SourceFile, node: Node, place: Node, text = file.getText(node)): string {
  const inner = getIndent(file.text, node.range[0]);
  const outer = getIndent(file.text, place.range[0]).text;
  const surplus = inner.isOnOwnLine && inner.text.startsWith(outer) ? inner.text.slice(outer.length) : '';
  // The lines of a template are part of its value.
  return surplus === '' || text.includes('`') ? text : text.replaceAll(`\n${outer}${surplus}`, `\n${outer}`);
}
