import type { SourceFile } from '../source-file.js';
import type { Node, TSESTree } from '../syntax/node.js';
import type { TextEdit } from './text-edit.js';

/**
 * The edits that take out of the imports what nothing uses any more once `edits` are made. A comment at an import keeps it, and so
 * does an import for its effects.
 */
export function dropUnusedImports(edits: readonly TextEdit[], file: SourceFile): TextEdit[] {
  const isGone = ({ range }: Node) => edits.some((edit) => edit.start <= range[0] && range[1] <= edit.end && edit.end > edit.start);
  const isUnused = (specifier: TSESTree.ImportClause) => {
    const uses = file.getVariable(specifier.local)?.references.map(({ identifier }) => identifier) ?? [];
    const isWrittenAgain = edits.some(({ text }) => new RegExp(`(?<![\\w$.])${specifier.local.name}(?![\\w$])`).test(text));
    return uses.length > 0 && uses.every(isGone) && !isWrittenAgain;
  };
  const isDropped = ({ specifiers }: TSESTree.ImportDeclaration) => specifiers.length > 0 && specifiers.every(isUnused);
  return file.ast.body.flatMap((statement) => {
    if (statement.type !== 'ImportDeclaration' || /\/\*|\/\//.test(file.getText(statement))) return [];
    if (isDropped(statement)) return takeOutStatement(statement, isDropped, file);
    const unused = statement.specifiers.filter(isUnused);
    return unused.length === 0 ? [] : takeOutNames(statement, unused, file);
  });
}

function takeOutStatement(statement: TSESTree.ImportDeclaration, isDropped: (statement: TSESTree.ImportDeclaration) => boolean, { ast, text }: SourceFile): TextEdit[] {
  const [start, end] = statement.range;
  const before = /(?:^|\r?\n)$/.exec(text.slice(0, start));
  const behind = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end));
  if (!before || !behind) return [];
  const firstKept = ast.body.find((other) => other.type !== 'ImportDeclaration' || !isDropped(other));
  // At the head of a file there is no break before; without another import the first one has to stay.
  if (firstKept?.type === 'ImportDeclaration' && start < firstKept.range[0]) return [{ start, end: end + behind[0].length, text: '' }];
  // The break before goes, and the one behind stays: a new import may come there.
  return start > 0 ? [{ start: before.index, end, text: '' }] : [];
}

/** import { a, b, c }  →  import { a, c } */
function takeOutNames({ specifiers }: TSESTree.ImportDeclaration, unused: readonly Node[], { text }: SourceFile): TextEdit[] {
  const named = specifiers.filter(({ type }) => type === 'ImportSpecifier');
  if (unused.some(({ type }) => type !== 'ImportSpecifier') || named.every((specifier) => unused.includes(specifier))) return [];
  return unused.map((specifier) => {
    const behind = /^\s*,[ \t]*(?:\r?\n[ \t]*)?/.exec(text.slice(specifier.range[1]));
    const isLast = named.at(-1) === specifier;
    if (!isLast && behind) return { start: specifier.range[0], end: specifier.range[1] + behind[0].length, text: '' };
    const before = /,\s*$/.exec(text.slice(0, specifier.range[0]))!;
    return { start: before.index, end: specifier.range[1], text: '' };
  });
}
