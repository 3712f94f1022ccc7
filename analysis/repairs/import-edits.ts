import type { SourceFile } from '../source-file.js';
import type { Node, TSESTree } from '../syntax/node.js';
import type { ResourceRepair } from './resource-repair.js';
import type { TextEdit } from './text-edit.js';
import { getLineBreak } from './text-layout.js';

/**
 * The edits that import functions of the platform: beside what the file imports from the same module, else above its first
 * import. Undefined for a file that imports nothing in that way, or where a name is taken.
 */
export function getImportEdits(needed: ResourceRepair['imports'], file: SourceFile): TextEdit[] | undefined {
  const imports = file.ast.body.filter((statement): statement is TSESTree.ImportDeclaration => statement.type === 'ImportDeclaration');
  const [first] = imports;
  if (needed.length === 0) return [];
  if (!first) return undefined;
  const edits: TextEdit[] = [];
  for (const { module, name } of needed) {
    if (isTaken(name, file)) return undefined;
    const same = imports.find((declaration) => isSameModule(declaration.source.value, module) && declaration.importKind !== 'type' && declaration.specifiers.at(-1)?.type === 'ImportSpecifier');
    const last = same?.specifiers.at(-1);
    const quote = file.text[first.source.range[0]]!;
    if (last) edits.push({ start: last.range[1], end: last.range[1], text: `, ${name}` });
    else edits.push({ start: first.range[0], end: first.range[0], text: `import { ${name} } from ${quote}${module}${quote};${getLineBreak(file.text)}` });
  }
  return edits;
}

function isSameModule(source: string, module: string): boolean {
  const plain = (name: string) => name.replace(/^node:/, '');
  return plain(source) === plain(module);
}

function isTaken(name: string, file: SourceFile): boolean {
  return file.scopeManager.scopes.some((scope: { variables: readonly { name: string; identifiers: readonly Node[] }[] }) => scope.variables.some((variable) => variable.name === name && variable.identifiers.length > 0));
}
