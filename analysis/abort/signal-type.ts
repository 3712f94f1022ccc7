import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getPropertyName, getStringValue } from '../syntax/node.js';

const SIGNAL_TYPE = /^(?:AbortSignal|AbortSignalLike|GenericAbortSignal|NodeAbortSignal)$/;

/** Option types that are known to have a signal, with the module that exports them; '' for those of the platform. */
const KNOWN_OPTIONS: Readonly<Record<string, { readonly property: string; readonly modules: readonly string[] }>> = {
  RequestInit: { property: 'signal', modules: ['', 'undici', 'undici-types', 'node-fetch', 'cross-fetch'] },
  AxiosRequestConfig: { property: 'signal', modules: ['axios'] },
  FetchOptions: { property: 'signal', modules: ['ofetch'] },
};

/** How an options type takes a signal. `absent`: everything that the type declares is in sight, and no signal is. */
export type SignalProperty = { readonly name: string; readonly isOptional: boolean } | 'absent';

/** Whether a type is written as an abort signal, perhaps also nullish. */
export function isSignalType(type: Node): boolean {
  switch (type.type) {
    case 'TSTypeReference':
      return SIGNAL_TYPE.test(getTypeName(type));
    case 'TSUnionType': {
      const parts = type.types.filter((part) => !isNullishType(part));
      return parts.length > 0 && parts.every(isSignalType);
    }
    default:
      return false;
  }
}

/** The annotation of a parameter, a variable or a field. */
export function findAnnotation(node: Node): TSESTree.TypeNode | undefined {
  switch (node.type) {
    case 'AssignmentPattern':
      return findAnnotation(node.left) ?? node.typeAnnotation?.typeAnnotation;
    case 'TSParameterProperty':
      return findAnnotation(node.parameter);
    case 'Identifier':
    case 'ObjectPattern':
    case 'ArrayPattern':
    case 'RestElement':
    case 'PropertyDefinition':
      return node.typeAnnotation?.typeAnnotation;
    default:
      return undefined;
  }
}

/** The signal among the properties of a type, as far as the file shows it; undefined where it does not. */
export function findSignalProperty(file: SourceFile, type: Node, depth = 0): SignalProperty | undefined {
  if (depth > 6) return undefined;
  switch (type.type) {
    case 'TSTypeLiteral':
      return findInMembers(type.members);
    case 'TSIntersectionType':
    case 'TSUnionType':
      return findInParts(file, type.types, depth);
    case 'TSTypeReference':
      return findInReference(file, type, depth);
    default:
      return undefined;
  }
}

function findInParts(file: SourceFile, parts: readonly Node[], depth: number): SignalProperty | undefined {
  let isAbsent = true;
  for (const part of parts) {
    if (isNullishType(part)) continue;
    const found = findSignalProperty(file, part, depth + 1);
    if (found && found !== 'absent') return found;
    if (!found) isAbsent = false;
  }
  return isAbsent ? 'absent' : undefined;
}

function findInReference(file: SourceFile, type: TSESTree.TSTypeReference, depth: number): SignalProperty | undefined {
  const name = getTypeName(type);
  const [first, second] = type.typeArguments?.params ?? [];
  if (/^(?:Partial|Required|Readonly|NonNullable|DeepPartial|DeepReadonly)$/.test(name) && first) return findSignalProperty(file, first, depth + 1);
  if ((name === 'Omit' || name === 'Pick') && first && second) {
    const found = findSignalProperty(file, first, depth + 1);
    if (!found || found === 'absent') return found;
    const keys = getLiteralKeys(second);
    if (!keys) return undefined;
    return keys.includes(found.name) === (name === 'Pick') ? found : 'absent';
  }
  const declaration = getTypeDeclarations(file).get(name);
  if (declaration?.type === 'TSTypeAliasDeclaration') return findSignalProperty(file, declaration.typeAnnotation, depth + 1);
  if (declaration?.type === 'TSInterfaceDeclaration') {
    const own = findInMembers(declaration.body.body);
    if (own !== 'absent') return own;
    return declaration.extends.length === 0 ? 'absent' : findInParts(file, declaration.extends.map(toReference), depth);
  }
  const known = KNOWN_OPTIONS[name];
  return known?.modules.includes(findTypeModule(file, name)) ? { name: known.property, isOptional: true } : undefined;
}

function findInMembers(members: readonly Node[]): SignalProperty | undefined {
  let hasIndex = false;
  for (const member of members) {
    if (member.type === 'TSIndexSignature') hasIndex = true;
    if (member.type !== 'TSPropertySignature' || !member.typeAnnotation) continue;
    const name = getPropertyName(member as never);
    if (name !== undefined && isSignalType(member.typeAnnotation.typeAnnotation)) return { name, isOptional: member.optional };
  }
  return hasIndex ? undefined : 'absent';
}

/** The way to the signal in the one property of a type that has one: `request?.signal` of `{ request?: { signal?: AbortSignal } }`. */
export function findInnerSignal(file: SourceFile, type: Node): string | undefined {
  const declaration = type.type === 'TSTypeReference' ? getTypeDeclarations(file).get(getTypeName(type)) : undefined;
  const literal = declaration?.type === 'TSTypeAliasDeclaration' ? declaration.typeAnnotation : type;
  const members = declaration?.type === 'TSInterfaceDeclaration' ? declaration.body.body : literal.type === 'TSTypeLiteral' ? literal.members : [];
  const ways = members.flatMap((member) => {
    if (member.type !== 'TSPropertySignature' || !member.typeAnnotation) return [];
    const name = getPropertyName(member as never);
    const inner = findSignalProperty(file, member.typeAnnotation.typeAnnotation);
    return name === undefined || !inner || inner === 'absent' ? [] : [`${name}${member.optional ? '?.' : '.'}${inner.name}`];
  });
  return ways.length === 1 ? ways[0] : undefined;
}

/** `interface A extends B<C>` as the reference that it would be elsewhere. */
function toReference(heritage: TSESTree.TSInterfaceHeritage): Node {
  const { expression, typeArguments } = heritage;
  return { ...heritage, type: 'TSTypeReference', typeName: expression, typeArguments } as unknown as Node;
}

function getLiteralKeys(type: Node): string[] | undefined {
  const parts = type.type === 'TSUnionType' ? type.types : [type];
  const keys = parts.map((part) => (part.type === 'TSLiteralType' ? getStringValue(part.literal) : undefined));
  return keys.every((key) => key !== undefined) ? (keys) : undefined;
}

function isNullishType(type: Node): boolean {
  return type.type === 'TSUndefinedKeyword' || type.type === 'TSNullKeyword' || type.type === 'TSVoidKeyword';
}

/** The last name of a type reference: `AbortSignal` of `globalThis.AbortSignal`. */
export function getTypeName(type: TSESTree.TSTypeReference): string {
  const { typeName } = type;
  if (typeName.type === 'Identifier') return typeName.name;
  return typeName.type === 'TSQualifiedName' ? typeName.right.name : '';
}

type TypeDeclaration = TSESTree.TSTypeAliasDeclaration | TSESTree.TSInterfaceDeclaration;
const declarations = new WeakMap<SourceFile, Map<string, TypeDeclaration>>();

function getTypeDeclarations(file: SourceFile): Map<string, TypeDeclaration> {
  let known = declarations.get(file);
  if (!known) {
    known = new Map();
    for (const statement of file.ast.body) {
      const declaration = statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement;
      if (declaration.type === 'TSTypeAliasDeclaration' || declaration.type === 'TSInterfaceDeclaration') known.set(declaration.id.name, declaration);
    }
    declarations.set(file, known);
  }
  return known;
}

/** The module that a type name is imported from; '' where it is not imported. */
export function findTypeModule(file: SourceFile, name: string): string {
  for (const statement of file.ast.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    if (statement.specifiers.some((specifier) => specifier.local.name === name)) return statement.source.value;
  }
  return '';
}
