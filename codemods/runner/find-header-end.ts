import { ts } from 'ts-morph';
import { findLineEnd } from './find-line-end.js';

/**
 * Where the head of a file ends that must stay first: `#!` line, license, `@ts-check`, `eslint-disable`, environment
 * comments, triple-slash references and directives such as 'use strict'. The offset is the end of the head's last line
 * (before its line break), or 0 when the file has no head.
 */
export function findHeaderEnd(file: ts.SourceFile): number {
  const { text } = file;
  const directive = findLastDirective(file);
  if (directive) return findLineEnd(text, directive.end) ?? directive.end;
  const shebang = ts.getShebang(text);
  let end = shebang === undefined ? 0 : shebang.length;
  for (const comment of ts.getLeadingCommentRanges(text, end) ?? []) {
    const written = text.slice(comment.pos, comment.end);
    const isSetApart = /^[ \t]*\r?\n[ \t]*\r?\n/.test(text.slice(comment.end));
    if (isSetApart || isAboutTheFile(written)) end = findLineEnd(text, comment.end) ?? comment.end;
  }
  return end;
}

function findLastDirective(file: ts.SourceFile): ts.Statement | undefined {
  let last: ts.Statement | undefined;
  for (const statement of file.statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) break;
    last = statement;
  }
  return last;
}

function isAboutTheFile(comment: string): boolean {
  if (/eslint-disable-(?:next-)?line|@ts-(?:ignore|expect-error)/.test(comment)) return false;
  return /^\/\/\/\s*<|^\/\*!|@(?:license|licence|preserve|ts-|flow|jsx|jest-environment|vitest-environment)|copyright|SPDX-|\beslint(?:-disable|-enable)?\b/i.test(
    comment,
  );
}
