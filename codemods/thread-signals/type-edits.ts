import { ts } from 'ts-morph';
import { getTextStyle } from '../runner/get-text-style.js';
import type { Edit } from '../types.js';
import type { ProgramFiles } from './program-files.js';
import type { ThreadFacts } from './types.js';

type Members = ts.TypeLiteralNode | ts.InterfaceDeclaration;

/** Gives the types of options room for a signal, each once. */
export class TypeEdits {
  readonly #files: ProgramFiles;
  readonly #facts: ThreadFacts;
  readonly #isShared: (parameter: ts.ParameterDeclaration) => boolean;
  readonly #property: string;
  readonly #extended = new Set<ts.Node>();
  readonly edits: (readonly [string, Edit])[] = [];

  /** `isShared`: whether a parameter of the same type belongs to a function that would owe its signal to a call, and is not to be changed. */
  constructor(files: ProgramFiles, facts: ThreadFacts, property: string, isShared: (parameter: ts.ParameterDeclaration) => boolean) {
    this.#files = files;
    this.#facts = facts;
    this.#property = property;
    this.#isShared = isShared;
  }

  extend(type: ts.TypeNode): void {
    const members = this.#findMembers(type);
    if (this.#extended.has(members ?? type)) return;
    this.#extended.add(members ?? type);
    this.edits.push(members ? [members.getSourceFile().fileName, this.#addMember(members)] : [type.getSourceFile().fileName, { start: type.end, end: type.end, text: ` & { ${this.#property} }` }]);
  }

  /** The list of properties that can be longer: of the type itself, or of the one that it names. */
  #findMembers(type: ts.TypeNode): Members | undefined {
    if (ts.isTypeLiteralNode(type)) return type;
    if (!ts.isTypeReferenceNode(type)) return undefined;
    const named = this.#files.checker.getSymbolAtLocation(type.typeName);
    const symbol = named && (named.flags & ts.SymbolFlags.Alias) !== 0 ? this.#files.checker.getAliasedSymbol(named) : named;
    const [declaration, ...others] = symbol?.declarations ?? [];
    if (!declaration || others.length > 0 || !this.#files.isOwn(declaration) || this.#facts.findRefusal(declaration.getSourceFile().fileName)) return undefined;
    const members = ts.isInterfaceDeclaration(declaration) ? declaration : ts.isTypeAliasDeclaration(declaration) && ts.isTypeLiteralNode(declaration.type) ? declaration.type : undefined;
    const name = ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration) ? declaration.name.text : undefined;
    return members && name !== undefined && !this.#isUsedByOthers(declaration, name) ? members : undefined;
  }

  #isUsedByOthers(declaration: ts.Node, name: string): boolean {
    for (const identifier of this.#files.findIdentifiers(name)) {
      if (!ts.isTypeReferenceNode(identifier.parent)) continue;
      const symbol = this.#files.checker.getSymbolAtLocation(identifier);
      const target = symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? this.#files.checker.getAliasedSymbol(symbol) : symbol;
      if (!target?.declarations?.includes(declaration as ts.Declaration)) continue;
      const parameter = ts.findAncestor(identifier, (node) => ts.isParameter(node) || ts.isStatement(node));
      if (parameter && ts.isParameter(parameter) && this.#isShared(parameter)) return true;
    }
    return false;
  }

  /** { retries?: number }  →  { retries?: number; signal?: AbortSignal } */
  #addMember(node: Members): Edit {
    const tree = node.getSourceFile();
    const { text } = tree;
    const last = node.members.at(-1);
    const isReadonly = node.members.length > 0 && node.members.every((member) => ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword));
    const property = `${isReadonly ? 'readonly ' : ''}${this.#property}`;
    if (!last) {
      const start = node.members.pos;
      const isClosed = /^\s*\}/.test(text.slice(start));
      return { start, end: start, text: ` ${property}${isClosed && /^\}/.test(text.slice(start)) ? ' ' : ''}` };
    }
    const separator = /[;,]$/.exec(text.slice(last.pos, last.end))?.[0];
    const lineStart = text.lastIndexOf('\n', last.getStart(tree)) + 1;
    const indent = /^[ \t]*/.exec(text.slice(lineStart))![0];
    const isOnLineOfItsOwn = lineStart + indent.length === last.getStart(tree) && /^[^\S\n]*(?:\/\/[^\n]*|\/\*(?:(?!\*\/)[^\n])*\*\/[^\S\n]*)?\r?\n/.test(text.slice(last.end));
    if (!isOnLineOfItsOwn) return { start: last.end, end: last.end, text: separator ? ` ${property}${separator}` : `; ${property}` };
    const lineEnd = last.end + /^[^\r\n]*/.exec(text.slice(last.end))![0].length;
    return { start: lineEnd, end: lineEnd, text: `${getTextStyle(tree).eol}${indent}${property}${separator ?? ''}` };
  }
}
