import { type Node, getStringValue } from '../syntax/node.js';
import { walk } from '../syntax/walk.js';
import { getIndent } from '../repairs/text-layout.js';

/**
 * The text of `node` for a place on the line of `target`: its lines move left by as much as the line on which it starts is
 * deeper than that of `target`. Lines inside of templates stay.
 */
export function dedent(text: string, node: Node, target: number): string {
  const [start, end] = node.range;
  const own = text.slice(start, end);
  const from = getIndent(text, start).text;
  const to = getIndent(text, target).text;
  if (from.length <= to.length || !from.startsWith(to)) return own;
  const extra = from.slice(to.length);
  const fixed: (readonly [number, number])[] = [];
  walk(node, (inner) => {
    if (inner.type === 'TemplateElement' || inner.type === 'JSXText' || (inner.type === 'Literal' && getStringValue(inner) !== undefined)) fixed.push(inner.range);
  });
  return own.replaceAll(/\n[ \t]*/g, (match, offset: number) => {
    const line = start + offset + 1;
    if (fixed.some(([first, last]) => first < line && line <= last)) return match;
    const indent = match.slice(1);
    return indent.startsWith(from) ? `\n${to}${indent.slice(to.length + extra.length)}` : match;
  });
}
