import { type Node, type TSESTree, getPropertyName, isFunction, skipWrappers } from '../syntax/node.js';
import type { Finding } from '../finding.js';
import type { SourceFile } from '../source-file.js';
import { findCaughtErrors } from './caught-error.js';
import { isReportingCall } from './is-reporting-call.js';
import { ShareTracker } from './share-tracker.js';

/** An error written out as plain data, for another process say, without its cause and its own fields. */
export interface PartialCopy extends Finding {
  readonly node: TSESTree.ObjectExpression;
  /** The three properties that copy, in the order of the text. */
  readonly properties: readonly TSESTree.Property[];
  /** How the code writes the error: `error`. */
  readonly errorText: string;
}

/** Finds `{ name: error.name, message: error.message, stack: error.stack }` of errors, where it is not for a log. */
export function findPartialCopies(file: SourceFile): PartialCopy[] {
  const found: PartialCopy[] = [];
  for (const node of file.getNodes('ObjectExpression')) {
    const copy = judge(file, node);
    if (copy) found.push(copy);
  }
  return found;
}

function judge(file: SourceFile, node: TSESTree.ObjectExpression): PartialCopy | undefined {
  const copied = new Map<string, { property: TSESTree.Property; object: Node }>();
  for (const property of node.properties) {
    if (property.type !== 'Property') return undefined;
    const value = skipWrappers(property.value);
    const name = getPropertyName(property);
    if (name !== undefined && value.type === 'MemberExpression' && getPropertyName(value) === name) copied.set(name, { property, object: value.object });
  }
  const parts = ['name', 'message', 'stack'].map((name) => copied.get(name));
  const [first] = parts;
  if (!first || parts.some((part) => !part || file.getText(part.object) !== file.getText(first.object))) return undefined;
  const caught = findCaughtErrors(file, node).find((candidate) => new ShareTracker(file, candidate.tracked).isError(first.object));
  if (!caught || isForLog(node)) return undefined;
  // Anything else of the error beside the three is taken for what the author wants to keep of it.
  const tracker = new ShareTracker(file, caught.tracked);
  const others = node.properties.filter((property) => !parts.some((part) => part!.property === property));
  if (others.some((property) => property.type === 'SpreadElement' || tracker.mentions(property.value))) return undefined;
  const properties = parts.map((part) => part!.property).sort((a, b) => a.range[0] - b.range[0]);
  return {
    node,
    properties,
    errorText: file.getText(first.object),
    // A function that writes errors out may be meant for readers of text alone.
    certainty: caught.kind === 'parameter' ? 'potential' : 'certain',
    path: [{ kind: 'note', node, text: `only name, message and stack of \`${file.getText(first.object)}\` are copied` }],
  };
}

function isForLog(node: Node): boolean {
  for (let outer = node.parent; outer && !isFunction(outer); outer = outer.parent) {
    if (outer.type === 'CallExpression' && (isReportingCall(outer) || /^set(?:Extra|Context|Tag|Attribute|Status)s?$/.test(getCalleeText(outer)))) return true;
    if (outer.type.endsWith('Statement')) return false;
  }
  return false;
}

function getCalleeText(call: TSESTree.CallExpression): string {
  const callee = skipWrappers(call.callee);
  return callee.type === 'MemberExpression' ? (getPropertyName(callee) ?? '') : '';
}
