import { type Refusal, refuse } from '../repairs/refusal.js';
import type { TextEdit } from '../repairs/text-edit.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { type HeaderWrite, getHeaderWrites } from './header-writes.js';
import { getOriginChecks } from './origin-checks.js';
import { contains } from './reflections.js';

/** Adds `Vary: Origin` where the header that depends on the origin is written; refused origins get it, too. */
export function getVaryEdits(file: SourceFile, value: Node): TextEdit[] | Refusal {
  const write = getHeaderWrites(file).find((each) => each.value === value);
  if (write?.node.type === 'Property') return addProperty(file, write.node);
  const text = write && writeHeader(file, write);
  if (!text) return refuse('unsupported-shape', 'how the response gets another header is not clear');
  const statement = outermostWrapper(write.node).parent;
  const place = statement?.type === 'ExpressionStatement' ? findPlace(file, statement) : undefined;
  if (!place) return refuse('unsupported-shape', 'there is no statement to put the header before');
  return addStatement(file, place, `${text}${file.text[statement!.range[1] - 1] === ';' ? ';' : ''}`);
}

/** { 'Access-Control-Allow-Origin': origin } → { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' } */
function addProperty(file: SourceFile, property: TSESTree.Property): TextEdit[] | Refusal {
  if (getOriginTest(file, property.parent)) return refuse('would-change-behaviour', 'an origin that is refused would get no such header');
  const [start, end] = property.range;
  const { text } = file;
  if (/^[ \t]*,?[ \t]*\/[/*]/.test(text.slice(end))) return refuse('comment-in-the-way', 'a comment stands behind the header');
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const indent = text.slice(lineStart, start);
  const quote = property.key.type === 'Literal' ? (text[property.key.range[0]] as string) : '';
  const added = `${quote}Vary${quote}: ${quote || "'"}Origin${quote || "'"}`;
  return [{ start: end, end, text: indent.trim() === '' ? `,${getLineBreak(file)}${indent}${added}` : `, ${added}` }];
}

/** The call or assignment that adds the header to the same response, in the words of its library. */
function writeHeader(file: SourceFile, { node }: HeaderWrite): string | undefined {
  if (node.type === 'AssignmentExpression') {
    const left = skipWrappers(node.left);
    return left.type === 'MemberExpression' && left.computed ? `${file.getText(left.object)}['Vary'] = 'Origin'` : undefined;
  }
  if (node.type !== 'CallExpression' || node.arguments.length !== 2) return undefined;
  const callee = skipWrappers(node.callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const object = skipWrappers(callee.object);
  const receiver = object.type === 'Identifier' ? object.name : object.type === 'MemberExpression' ? (getPropertyName(object) ?? '') : '';
  const [response, name] = [file.getText(callee.object), file.getText(node.arguments[0]!)];
  const quote = /^['"]/.exec(name)?.[0] ?? "'";
  const [vary, origin] = [`${quote}Vary${quote}`, `${quote}Origin${quote}`];
  switch (getPropertyName(callee)) {
    case 'setHeader':
      // Node's own; another Vary that is there stays.
      return /^res(?:ponse)?$/i.test(receiver) ? `${response}.appendHeader(${vary}, ${origin})` : undefined;
    case 'append':
      return `${response}.append(${vary}, ${origin})`;
    case 'set':
      if (/headers$/i.test(receiver)) return `${response}.append(${vary}, ${origin})`;
      // Express and Koa add to a Vary that is there.
      return /^(?:res(?:ponse)?|ctx|context)$/.test(receiver) ? `${response}.vary(${origin})` : undefined;
    case 'header':
      if (/^res(?:ponse)?$/.test(receiver)) return `${response}.vary(${origin})`;
      if (receiver === 'reply') return `${response}.header(${vary}, ${origin})`;
      return receiver === 'c' ? `${response}.header(${vary}, ${origin}, { append: true })` : undefined;
    default:
      return undefined;
  }
}

/** The statement of the write, or the outermost one around it that asks about the origin and has the response from outside. */
function findPlace(file: SourceFile, statement: TSESTree.ExpressionStatement): Node | undefined {
  let place: Node = statement;
  for (let test = getOriginTest(file, place); test; test = getOriginTest(file, place)) place = test;
  const { parent } = place;
  if (parent?.type !== 'BlockStatement' && parent?.type !== 'Program') return undefined;
  return declaresResponse(file, place, statement) ? undefined : place;
}

/** Whether the response, or its headers, are declared in a part before which they would be named. */
function declaresResponse(file: SourceFile, place: Node, { expression }: TSESTree.ExpressionStatement): boolean {
  const target = expression.type === 'CallExpression' ? expression.callee : expression.type === 'AssignmentExpression' ? expression.left : expression;
  return contains(file, target, (node) => {
    const variable = node.type === 'Identifier' ? file.getReference(node)?.resolved : undefined;
    return variable?.defs.some(({ name }) => isWithin(name, place)) ?? false;
  });
}

/** The `if` that a node is a branch of, where it asks about the origin. */
function getOriginTest(file: SourceFile, node: Node | undefined): Node | undefined {
  const branch = node?.parent?.type === 'BlockStatement' ? node.parent : node;
  const outer = branch?.parent;
  const isTest = outer?.type === 'IfStatement' || outer?.type === 'ConditionalExpression' || outer?.type === 'LogicalExpression';
  if (!isTest) return undefined;
  const test = outer.type === 'LogicalExpression' ? outer.left : outer.test;
  return !isWithin(branch!, test) && getOriginChecks(file).namesOrigin(test) ? outer : undefined;
}

function addStatement(file: SourceFile, place: Node, statement: string): TextEdit[] {
  const [start] = place.range;
  const indent = file.text.slice(file.text.lastIndexOf('\n', start - 1) + 1, start);
  const isOwnLine = indent.trim() === '';
  return [{ start, end: start, text: isOwnLine ? `${statement}${getLineBreak(file)}${indent}` : `${statement.replace(/;?$/, ';')} ` }];
}

function getLineBreak({ text }: SourceFile): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
