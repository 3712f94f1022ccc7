import { ts } from 'ts-morph';
import { FilePair, getFunctions } from './file-pair.js';
import { createSignalTypes } from './signal-types.js';
import type { ThreadFacts } from './types.js';

/** The project's own files, with what is looked up in them again and again. */
export class ProgramFiles {
  readonly checker: ts.TypeChecker;
  readonly own: readonly ts.SourceFile[];
  readonly #facts: ThreadFacts;
  readonly #ownSet: ReadonlySet<ts.SourceFile>;
  readonly #names = new Map<ts.SourceFile, Map<string, ts.MemberName[]>>();
  readonly #pairs = new Map<ts.SourceFile, FilePair | undefined>();
  readonly #ordinals = new Map<ts.SourceFile, Map<ts.Node, number>>();
  #members: ReadonlySet<string> | undefined;
  #renames: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  constructor(facts: ThreadFacts) {
    const { program } = facts;
    this.#facts = facts;
    this.checker = program.getTypeChecker();
    this.own = program
      .getSourceFiles()
      .filter((tree) => !tree.isDeclarationFile && !program.isSourceFileFromExternalLibrary(tree) && !tree.fileName.includes('/node_modules/') && !tree.fileName.endsWith('.json'));
    this.#ownSet = new Set(this.own);
  }

  isOwn(node: ts.Node): boolean {
    return this.#ownSet.has(node.getSourceFile());
  }

  getPair(tree: ts.SourceFile): FilePair | undefined {
    if (!this.#pairs.has(tree)) {
      const file = this.#facts.parse(tree.fileName, tree.text, createSignalTypes(tree, this));
      this.#pairs.set(tree, file && new FilePair(tree, file));
    }
    return this.#pairs.get(tree);
  }

  /** The same for a function before and after a change: its file and its place among the functions there. */
  getKey(fn: ts.Node): string {
    const tree = fn.getSourceFile();
    let ordinals = this.#ordinals.get(tree);
    if (!ordinals) this.#ordinals.set(tree, (ordinals = new Map(getFunctions(tree).map((each, index) => [each, index]))));
    return `${tree.fileName}#${ordinals.get(fn)}`;
  }

  /** Whether anything in the project could be a member of this name. */
  hasMember(name: string): boolean {
    this.#members ??= collectMemberNames(this.own);
    return this.#members.has(name);
  }

  /** Every identifier with this name, or one under which it is imported or exported anywhere. */
  *findIdentifiers(name: string): Generator<ts.MemberName> {
    for (const each of this.#findAllNames(name)) {
      for (const tree of this.own) {
        if (tree.text.includes(each)) yield* this.#getNames(tree).get(each) ?? [];
      }
    }
  }

  #getNames(tree: ts.SourceFile): Map<string, ts.MemberName[]> {
    let names = this.#names.get(tree);
    if (!names) {
      this.#names.set(tree, (names = new Map<string, ts.MemberName[]>()));
      const visit = (node: ts.Node): void => {
        if (ts.isMemberName(node)) {
          const known = names!.get(node.text);
          if (known) known.push(node);
          else names!.set(node.text, [node]);
        }
        ts.forEachChild(node, visit);
      };
      visit(tree);
    }
    return names;
  }

  #findAllNames(name: string): Set<string> {
    this.#renames ??= collectRenames(this.own);
    const found = new Set([name]);
    for (const each of found) for (const other of this.#renames.get(each) ?? []) found.add(other);
    return found;
  }
}

function collectMemberNames(files: readonly ts.SourceFile[]): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const isDeclaration = ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node) || ts.isClassElement(node) || ts.isTypeElement(node) || ts.isObjectLiteralElement(node) || ts.isExportSpecifier(node) || ts.isPropertyAccessExpression(node) && ts.isBinaryExpression(node.parent);
    if (isDeclaration && node.name && ts.isMemberName(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  files.forEach(visit);
  return names;
}

/** Which names become which: import { a as b }, import b from, export { a as b }, module.exports = a, const b = require(…). */
function collectRenames(files: readonly ts.SourceFile[]): Map<string, Set<string>> {
  const renames = new Map<string, Set<string>>();
  const add = (from: string, to: string) => {
    if (from === to) return;
    const known = renames.get(from);
    if (known) known.add(to);
    else renames.set(from, new Set([to]));
  };
  const addStatement = (statement: ts.Statement): void => {
    if (ts.isImportDeclaration(statement) && statement.importClause) {
      const { name, namedBindings } = statement.importClause;
      if (name) add('default', name.text);
      if (namedBindings && ts.isNamedImports(namedBindings)) for (const element of namedBindings.elements) add((element.propertyName ?? element.name).text, element.name.text);
    } else if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      for (const element of statement.exportClause.elements) add((element.propertyName ?? element.name).text, element.name.text);
    } else if (ts.isExportAssignment(statement) && ts.isIdentifier(statement.expression)) {
      add(statement.expression.text, 'default');
    } else if (ts.isFunctionDeclaration(statement) && statement.name && statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) {
      add(statement.name.text, 'default');
    } else if (ts.isExpressionStatement(statement) && /^module\.exports\s*=/.test(statement.getText())) {
      const { expression } = statement;
      if (ts.isBinaryExpression(expression) && ts.isIdentifier(expression.right)) add(expression.right.text, 'export=');
    } else if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        const isRequire = initializer && ts.isCallExpression(initializer) && ts.isIdentifier(initializer.expression) && initializer.expression.text === 'require';
        if (!isRequire) continue;
        if (ts.isIdentifier(name)) add('export=', name.text);
        else for (const element of name.elements) if (ts.isBindingElement(element) && element.propertyName && ts.isIdentifier(element.propertyName) && ts.isIdentifier(element.name)) add(element.propertyName.text, element.name.text);
      }
    }
  };
  for (const { statements } of files) statements.forEach(addStatement);
  return renames;
}
