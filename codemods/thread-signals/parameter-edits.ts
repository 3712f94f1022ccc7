import { ts } from 'ts-morph';
import { addToList } from '../runner/add-to-list.js';
import { getTextStyle } from '../runner/get-text-style.js';
import type { Edit } from '../types.js';
import type { GraphNode } from './call-graph.js';
import { getTypeNode } from './options-bag.js';
import { type SignalWay, getParameters, takesParameter } from './signal-way.js';
import { isJavaScript } from './signal-types.js';

/** The edits, each with its file, by which a function takes a signal; of existing options, those of the pattern only. */
export function getParameterEdits({ unit }: GraphNode, way: SignalWay, signalType: string, isIdle: (body: ts.Node) => boolean): readonly (readonly [string, Edit])[] {
  const names = unit.bodies.map(getParameters).map((parameters) => parameters.map(({ name }, index) => (ts.isIdentifier(name) ? name.text : `_${index + 1}`))).at(0) ?? [];
  return unit.signatures.flatMap((signature) => {
    const isBody = 'body' in signature && signature.body !== undefined;
    if (isBody && (!takesParameter(signature, way) || (unit.bodies.length > 1 && isIdle(signature)))) return [];
    const { fileName } = signature.getSourceFile();
    const edits = way.kind === 'added' ? addParameter(signature, way, signalType, names) : addToPattern(signature, way.index);
    return edits.map((edit) => [fileName, edit] as const);
  });
}

function addParameter(signature: ts.SignatureDeclaration, way: Extract<SignalWay, { kind: 'added' }>, signalType: string, names: readonly string[]): Edit[] {
  const tree = signature.getSourceFile();
  const isScript = isJavaScript(tree.fileName);
  const hasBody = 'body' in signature && signature.body !== undefined;
  const name = way.name ?? (hasBody ? '{ signal }' : 'options');
  const type = isScript ? '' : `: ${signalType}`;
  const written = hasBody ? `${name}${type} = {}` : `${name}?${type}`;
  // An overload with fewer parameters leaves those before it out.
  const missing = names.slice(getParameters(signature).length).map((each) => `${each}?${isScript ? '' : ': undefined'}`);
  return [...insert(signature, [...missing, written]), ...(isScript && hasBody ? document(signature, way.name ?? 'options', signalType) : [])];
}

function insert(signature: ts.SignatureDeclaration, added: readonly string[]): Edit[] {
  const tree = signature.getSourceFile();
  const { parameters } = signature;
  const last = parameters.at(-1);
  const open = findOpenParenthesis(signature, tree);
  if (open === undefined) {
    // url => …
    if (!last) return [];
    return [
      { start: last.getStart(tree), end: last.getStart(tree), text: '(' },
      { start: last.end, end: last.end, text: `, ${added.join(', ')})` },
    ];
  }
  if (!last) return [{ start: open.end, end: open.end, text: added.join(', ') }];
  const close = findCloseParenthesis(signature, tree) ?? last.end;
  return addToList(tree, { start: open.getStart(tree), end: close }, parameters, added, getTextStyle(tree));
}

function findOpenParenthesis(signature: ts.SignatureDeclaration, tree: ts.SourceFile): ts.Node | undefined {
  return signature.getChildren(tree).find(({ kind }) => kind === ts.SyntaxKind.OpenParenToken);
}

function findCloseParenthesis(signature: ts.SignatureDeclaration, tree: ts.SourceFile): number | undefined {
  return signature.getChildren(tree).find(({ kind }) => kind === ts.SyntaxKind.CloseParenToken)?.end;
}

/** One more `@param` below the last one, where a comment lists them. */
function document(signature: ts.SignatureDeclaration, name: string, signalType: string): Edit[] {
  const tree = signature.getSourceFile();
  const last = ts.getJSDocTags(signature).filter(ts.isJSDocParameterTag).at(-1);
  if (!last) return [];
  const lineStart = tree.text.lastIndexOf('\n', last.getStart(tree)) + 1;
  const lead = /^[ \t]*\*[ \t]*/.exec(tree.text.slice(lineStart))?.[0];
  const lineEnd = last.getStart(tree) + /^[^\r\n]*/.exec(tree.text.slice(last.getStart(tree)))![0].length;
  // In a comment of one line, and above a description that goes on, there is no place for a line.
  if (lead === undefined || /\*\//.test(tree.text.slice(lineStart, lineEnd)) || !/^\s*\*\s*(?:@|\/)/.test(tree.text.slice(lineEnd))) return [];
  return [{ start: lineEnd, end: lineEnd, text: `${getTextStyle(tree).eol}${lead}@param {${signalType}} [${name}]` }];
}

/** { retries }: Options  →  { retries, signal }: Options */
function addToPattern(signature: ts.SignatureDeclaration, index: number): Edit[] {
  const parameter = getParameters(signature)[index];
  if (!parameter || !ts.isObjectBindingPattern(parameter.name)) return [];
  const { name } = parameter;
  const tree = signature.getSourceFile();
  return addToList(tree, { start: name.getStart(tree), end: name.end }, name.elements, ['signal'], getTextStyle(tree));
}

/** The types of the options of a function whose way is to extend them. */
export function getBagTypes({ unit }: GraphNode, way: SignalWay): readonly ts.TypeNode[] {
  return unit.signatures.flatMap((signature) => {
    const parameter = getParameters(signature)[way.index];
    return (parameter && getTypeNode(parameter)) ?? [];
  });
}
