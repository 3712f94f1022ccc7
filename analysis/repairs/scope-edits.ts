import type { Leak } from '../ownership/find-leaks.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getEnclosingRoot, isFunction, outermostWrapper } from '../syntax/node.js';
import type { TextEdit } from './text-edit.js';
import { getIndent, getIndentUnit, getLineBreak } from './text-layout.js';

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
  if (leak.isHandedOver) return undefined;
  const value = getAwaited(leak.site);
  const declarator = outermostWrapper(value).parent;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || declarator.init !== outermostWrapper(value)) return undefined;
  const declaration = declarator.parent;
  const block = declaration.parent;
  const isPlain = declaration.declarations.length === 1 && (declaration.kind === 'const' || declaration.kind === 'let');
  const variable = file.getVariable(declarator.id);
  const isReassigned = variable?.references.some((reference) => reference.isWrite() && !reference.init) ?? true;
  if (!isPlain || isReassigned || (block?.type !== 'BlockStatement' && block?.type !== 'Program')) return undefined;
  const root = getEnclosingRoot(declaration);
  if (isFunction(root) && (!root.async || root.generator)) return undefined;
  return style.form === 'using' ? useDeclaration(declaration, declarator, file, style) : guardRest(declaration, declarator.id.name, block, file, style);
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
  if (!indent.isOnOwnLine) return undefined;
  const unit = getIndentUnit(file.text);
  const lineBreak = getLineBreak(file.text);
  const edits: TextEdit[] = [{ start: declaration.range[1], end: declaration.range[1], text: `${lineBreak}${indent.text}try {` }];
  for (const start of findLineStarts(file, declaration.range[1], last.range[1], block)) edits.push({ start, end: start, text: unit });
  edits.push({
    start: last.range[1],
    end: last.range[1],
    text: `${lineBreak}${indent.text}} finally {${lineBreak}${indent.text}${unit}${style.release(name)}${lineBreak}${indent.text}}`,
  });
  return edits;
}

/** The starts of the lines in a range that may be indented: not empty, and not inside a template literal. */
function findLineStarts(file: SourceFile, start: number, end: number, block: Node): number[] {
  const templates: (readonly [number, number])[] = [];
  const text = file.text;
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, range } = node as { type?: string; range?: [number, number] };
    if (type === 'TemplateElement' && range) templates.push(range);
    for (const [key, child] of Object.entries(node)) if (key !== 'parent') collect(child);
  };
  collect(block);
  const starts: number[] = [];
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    const line = at + 1;
    const isEmpty = /^[ \t]*\r?\n/.test(text.slice(line, line + 400));
    if (!isEmpty && !templates.some(([from, to]) => from < line && line <= to)) starts.push(line);
  }
  return starts;
}

/**
 * The edits for a resource that is dropped where it is acquired: `await fetch(url);` becomes
 * `await release(await fetch(url));`, and a value that is only asked something is put into a variable first.
 */
export function getDroppedEdits(leak: Leak, file: SourceFile, release: (value: string, isAsync: boolean) => string): TextEdit[] | undefined {
  if (leak.exit?.kind !== 'discard' || isFunction(leak.exit.node)) return undefined;
  const value = getAwaited(leak.site);
  const outer = outermostWrapper(value);
  const isAsync = value.type === 'AwaitExpression';
  let statement = outer.parent;
  if (statement?.type === 'UnaryExpression' && statement.operator === 'void') statement = statement.parent;
  if (statement?.type !== 'ExpressionStatement') return undefined;
  const { expression } = statement;
  const text = release(file.getText(value), isAsync);
  return [{ start: expression.range[0], end: expression.range[1], text }];
}

/** The `await` around a call, or the call itself. */
function getAwaited(site: Node): Node {
  const outer = outermostWrapper(site);
  return outer.parent?.type === 'AwaitExpression' ? outer.parent : site;
}
