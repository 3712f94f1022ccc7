import type { Leak } from '../ownership/find-leaks.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getAwaited, getEnclosingRoot, getPropertyName, isFunction, outermostWrapper } from '../syntax/node.js';
import type { TextEdit } from './text-edit.js';
import { shiftLines } from './shift-lines.js';
import { getIndent, getIndentUnit, getLineBreak, hasSemicolons } from './text-layout.js';

export interface ScopeStyle {
  /** `using`: the declaration disposes at the end of its scope. `try-finally`: the rest of the block is guarded. */
  readonly form: 'using' | 'try-finally';
  /** Makes a value disposable, for `using`: `managed(${value})`. */
  readonly wrap: (value: string) => string;
  /** The statement that releases a variable, for `try-finally`. */
  readonly release: (name: string) => string;
}

/**
 * The edits that release a resource on every way out of the block that declares its variable, exceptions included.
 * Undefined where the resource is handed over on some path, or the declaration is not a plain one.
 */
export function getScopeEdits(leak: Leak, file: SourceFile, style: ScopeStyle): TextEdit[] | undefined {
  if (leak.isHandedOver || !leak.isValue) return undefined;
  const value = getAwaited(leak.site);
  const declarator = outermostWrapper(value).parent;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || declarator.init !== outermostWrapper(value)) return undefined;
  const declaration = declarator.parent;
  const block = declaration.parent;
  const isPlain = declaration.declarations.length === 1 && (declaration.kind === 'const' || declaration.kind === 'let');
  const variable = file.getVariable(declarator.id);
  const isReassigned = variable?.references.some((reference) => reference.isWrite() && !reference.init) ?? true;
  const isListed = variable?.references.some(({ identifier }) => isPushed(identifier)) ?? true;
  if (!isPlain || isReassigned || isListed || (block?.type !== 'BlockStatement' && block?.type !== 'Program')) return undefined;
  const root = getEnclosingRoot(declaration);
  if (isFunction(root) && (!root.async || root.generator)) return undefined;
  return style.form === 'using' ? useDeclaration(declaration, declarator, file, style) : guardRest(declaration, declarator.id.name, block, file, style);
}

/** list.push(res): the list goes on with it when the block has ended. */
function isPushed(identifier: Node): boolean {
  const { parent } = outermostWrapper(identifier);
  return parent?.type === 'CallExpression' && parent.callee.type === 'MemberExpression' && /^(?:push|unshift)$/.test(getPropertyName(parent.callee) ?? '');
}

/** const res = await fetch(url);  →  await using res = managed(await fetch(url)); */
function useDeclaration(
  declaration: TSESTree.VariableDeclaration,
  declarator: TSESTree.VariableDeclarator,
  file: SourceFile,
  style: ScopeStyle,
): TextEdit[] {
  const init = declarator.init!;
  const id = declarator.id as TSESTree.Identifier;
  const edits: TextEdit[] = [{ start: declaration.range[0], end: declaration.range[0] + declaration.kind.length, text: 'await using' }];
  // The declared type lacks what makes the value disposable; the initialiser has it.
  if (id.typeAnnotation) edits.push({ start: id.typeAnnotation.range[0], end: id.typeAnnotation.range[1], text: '' });
  edits.push({ start: init.range[0], end: init.range[1], text: style.wrap(file.getText(init)) });
  return edits;
}

/** const res = …; rest  →  const res = …; try { rest } finally { release } */
function guardRest(
  declaration: TSESTree.VariableDeclaration,
  name: string,
  block: TSESTree.BlockStatement | TSESTree.Program,
  file: SourceFile,
  style: ScopeStyle,
): TextEdit[] | undefined {
  const position = block.body.indexOf(declaration);
  const [first] = block.body.slice(position + 1);
  const last = block.body.at(-1);
  if (!first || !last || block.type === 'Program') return undefined;
  // A declaration that is hoisted, or exported, does not survive a block of its own.
  if (block.body.slice(position + 1).some((statement) => /^(?:Function|Class|TS|Import|Export)/.test(statement.type))) return undefined;
  const indent = getIndent(file.text, declaration.range[0]);
  if (!indent.isOnOwnLine || isNeededOutside(block, first.range[0], file)) return undefined;
  const unit = getIndentUnit(file.text);
  const lineBreak = getLineBreak(file.text);
  // The comment behind the last statement stays with it.
  const end = last.range[1] + /^(?:[ \t]*\/\/[^\r\n]*)?/.exec(file.text.slice(last.range[1]))![0].length;
  const head = declaration.range[1] + /^(?:[ \t]*\/\/[^\r\n]*)?/.exec(file.text.slice(declaration.range[1]))![0].length;
  const release = style.release(name);
  const edits: TextEdit[] = [{ start: head, end: head, text: `${lineBreak}${indent.text}try {` }, ...shiftLines(head, end, unit, block, file)];
  edits.push({
    start: end,
    end,
    text: `${lineBreak}${indent.text}} finally {${lineBreak}${indent.text}${unit}${hasSemicolons(file.text) ? release : release.replace(/;$/, '')}${lineBreak}${indent.text}}`,
  });
  return edits;
}

/** Whether a variable that is declared in the rest of a block is used before it, by a function for instance. */
function isNeededOutside(block: Node, start: number, file: SourceFile): boolean {
  const scopes = isFunction(block.parent) ? [...file.getScopes(block.parent), ...file.getScopes(block)] : file.getScopes(block);
  const isInRest = ({ range }: Node) => range[0] >= start && range[1] <= block.range[1];
  return scopes
    .flatMap((scope) => scope.variables)
    .some((variable) => variable.identifiers.some(isInRest) && variable.references.some(({ identifier }) => !isInRest(identifier)));
}
